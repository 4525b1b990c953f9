//! The certificate that a server presents.

use std::fmt;
use std::net::IpAddr;

use jiff::Timestamp;
use sha1::{Digest, Sha1};
use wire_values::printable;

use crate::fingerprint::Fingerprint;
use crate::x509;

/// The certificate that a server presented, as [`Connector::certificate`](crate::Connector::certificate) returns it.
///
/// The certificate was not verified: every server can present these names and dates. Only a fingerprint that a person
/// compared with the server's certificate identifies the server.
///
/// `Display` prints it in several lines, for a question to a person. It escapes the characters that a terminal does not
/// print.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PeerCertificate {
    /// The subject, in the format of RFC 4514 and in the order of the certificate: `CN=HOST, O=Example`.
    pub subject: String,
    /// The issuer, in the same format. Equal to the subject if the certificate is self-signed.
    pub issuer: String,
    /// The beginning of the validity period.
    pub not_before: Timestamp,
    /// The end of the validity period.
    pub not_after: Timestamp,
    /// The host names for which the certificate is valid, exactly as the server sent them.
    pub dns_names: Vec<String>,
    /// The addresses for which the certificate is valid.
    pub ip_addresses: Vec<IpAddr>,
    /// The SHA-256 fingerprint of the certificate, for [`Network::pins`](crate::Network::pins).
    pub fingerprint: Fingerprint,
    /// The SHA-256 fingerprint of the public key, for [`Network::pins`](crate::Network::pins). It stays the same if the
    /// certificate is renewed with the same key.
    pub public_key: Fingerprint,
    /// The SHA-1 thumbprint: 40 upper-case hexadecimal digits, as Windows shows it.
    ///
    /// It helps a person to find the certificate. Never decide by it whether to trust a server: an attacker can make
    /// two certificates with the same SHA-1 thumbprint. For this reason, `pin` does not accept it.
    pub sha1_thumbprint: String,
    /// The certificate in DER format, for
    /// [`Network::certificate_authority`](crate::Network::certificate_authority).
    pub der: Vec<u8>,
}

impl PeerCertificate {
    /// Reads a certificate. Returns `None` if the bytes are not an X.509 certificate.
    pub(crate) fn read(der: &[u8]) -> Option<Self> {
        let facts = x509::read(der).ok()?;
        Some(Self {
            subject: facts.subject,
            issuer: facts.issuer,
            not_before: facts.not_before,
            not_after: facts.not_after,
            dns_names: facts.dns_names,
            ip_addresses: facts.ip_addresses,
            fingerprint: Fingerprint::of_certificate(der),
            public_key: Fingerprint::of_public_key(der).ok()?,
            sha1_thumbprint: Sha1::digest(der)
                .iter()
                .map(|byte| format!("{byte:02X}"))
                .collect(),
            der: der.to_vec(),
        })
    }

    /// Whether the certificate is valid at this time, according to its validity period.
    pub fn is_valid_at(&self, time: Timestamp) -> bool {
        (self.not_before..=self.not_after).contains(&time)
    }
}

impl fmt::Display for PeerCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let addresses = self.ip_addresses.iter().map(IpAddr::to_string);
        let names: Vec<String> = self.dns_names.iter().cloned().chain(addresses).collect();
        writeln!(f, "subject:     {}", printable(&self.subject))?;
        writeln!(f, "issuer:      {}", printable(&self.issuer))?;
        writeln!(f, "valid:       {} to {}", self.not_before, self.not_after)?;
        writeln!(f, "names:       {}", printable(&names.join(", ")))?;
        writeln!(f, "certificate: {}", self.fingerprint)?;
        writeln!(f, "public key:  {}", self.public_key)?;
        write!(
            f,
            "SHA-1:       {} (to find the certificate, not to trust it)",
            self.sha1_thumbprint
        )
    }
}

/// Omits the bytes of the certificate.
impl fmt::Debug for PeerCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PeerCertificate")
            .field("subject", &self.subject)
            .field("issuer", &self.issuer)
            .field("not_before", &self.not_before)
            .field("not_after", &self.not_after)
            .field("dns_names", &self.dns_names)
            .field("ip_addresses", &self.ip_addresses)
            .field("fingerprint", &self.fingerprint)
            .field("public_key", &self.public_key)
            .field("sha1_thumbprint", &self.sha1_thumbprint)
            .finish_non_exhaustive()
    }
}
