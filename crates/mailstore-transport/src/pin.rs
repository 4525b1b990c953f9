//! Compares the certificate of a server with pinned fingerprints.

use tokio_rustls::rustls::pki_types::CertificateDer;

use crate::connect_error::{ConnectCause, Distrusted};
use crate::fingerprint::Fingerprint;

/// Accepts a certificate with one of these fingerprints. Its name, issuer and validity period are not checked, because
/// the fingerprint identifies the server.
pub(crate) fn check(pins: &[Fingerprint], seen: &CertificateDer<'_>) -> Result<(), Distrusted> {
    if pins.iter().any(|pin| pin.is_of(seen)) {
        return Ok(());
    }
    Err(Distrusted {
        cause: ConnectCause::WrongPin,
        reason: mismatch(pins, seen),
    })
}

fn mismatch(pins: &[Fingerprint], seen: &CertificateDer<'_>) -> String {
    let expected: Vec<String> = pins.iter().map(Fingerprint::to_string).collect();
    let key = match Fingerprint::of_public_key(seen) {
        Ok(key) => format!(" and {key}"),
        Err(_) => String::new(),
    };
    format!(
        "the server's certificate has the fingerprints {}{key}. The pinned fingerprint is {}",
        Fingerprint::of_certificate(seen),
        expected.join(" or ")
    )
}
