//! Compares the certificate of a server with pinned fingerprints.

use tokio_rustls::rustls::pki_types::{CertificateDer, UnixTime};

use crate::connect_cause::ConnectCause;
use crate::connect_error::Distrusted;
use crate::fingerprint::Fingerprint;
use crate::x509;

/// Accepts a certificate with one of these fingerprints. Its name, issuer and validity period are not checked, because
/// the fingerprint identifies the server.
pub(crate) fn check(
    pins: &[Fingerprint],
    seen: &CertificateDer<'_>,
    now: UnixTime,
) -> Result<(), Distrusted> {
    if pins.iter().any(|pin| pin.is_of(seen)) {
        return Ok(());
    }
    Err(Distrusted {
        cause: ConnectCause::WrongPin,
        reason: mismatch(pins, seen, now),
    })
}

fn mismatch(pins: &[Fingerprint], seen: &CertificateDer<'_>, now: UnixTime) -> String {
    let expected: Vec<String> = pins.iter().map(Fingerprint::to_string).collect();
    let key = match Fingerprint::of_public_key(seen) {
        Ok(key) => format!(" and {key}"),
        Err(_) => String::new(),
    };
    format!(
        "the server's certificate has the fingerprints {}{key}{}. The pinned fingerprint is {}",
        Fingerprint::of_certificate(seen),
        validity(seen, now),
        expected.join(" or ")
    )
}

/// Describes when the certificate is valid. Empty if it cannot be read.
fn validity(seen: &CertificateDer<'_>, now: UnixTime) -> String {
    let Ok(facts) = x509::read(seen) else {
        return String::new();
    };
    let now = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    let state = if now > facts.not_after.as_second() {
        ", and has expired"
    } else if now < facts.not_before.as_second() {
        ", and is not valid yet"
    } else {
        ""
    };
    format!(
        ". Its validity period is {} to {}{state}",
        facts.not_before, facts.not_after
    )
}
