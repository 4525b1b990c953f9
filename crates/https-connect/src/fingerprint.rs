//! Fingerprints of certificates.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest, Sha256};
use tokio_rustls::rustls::pki_types::CertificateDer;
use webpki::EndEntityCert;

use crate::settings_error::SettingsError;

/// The SHA-256 digest of a server's certificate or of its public key, for [`Network::pins`](crate::Network::pins).
///
/// The digest of the public key also accepts a renewed certificate with the same key.
///
/// `parse` accepts these formats. Separators and the case of hexadecimal digits do not matter:
///
/// | digest of | format | source |
/// | --- | --- | --- |
/// | the certificate | `AB:CD:...` or `sha256:AB:CD:...` | this client's errors; `openssl x509 -noout -fingerprint -sha256`; the certificate dialog of a browser |
/// | the public key | `public-key-sha256:AB:CD:...` | this client's errors |
/// | the public key | `sha256//` and Base64 | `curl --pinnedpubkey` |
///
/// SHA-1 thumbprints, as Windows shows them, are rejected. They help a person to recognise a
/// certificate, but another certificate with the same SHA-1 thumbprint can be made.
///
/// ```
/// use https_connect::Fingerprint;
///
/// let text = "0A:1B:2C:3D:4E:5F:60:71:82:93:A4:B5:C6:D7:E8:F9:0A:1B:2C:3D:4E:5F:60:71:82:93:A4:B5:C6:D7:E8:F9";
/// let fingerprint: Fingerprint = text.parse()?;
/// assert_eq!(fingerprint.to_string(), format!("sha256:{text}"));
///
/// let sha1 = "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12".parse::<Fingerprint>().unwrap_err();
/// assert!(sha1.to_string().contains("SHA-1"));
/// # Ok::<(), https_connect::SettingsError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint {
    subject: Subject,
    digest: [u8; 32],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Subject {
    Certificate,
    PublicKey,
}

const CERTIFICATE: &str = "sha256:";
const PUBLIC_KEY: &str = "public-key-sha256:";
/// The prefix of `curl --pinnedpubkey`.
const CURL: &str = "sha256//";

impl Fingerprint {
    /// Returns the fingerprint of a certificate in DER format.
    pub fn of_certificate(der: &[u8]) -> Self {
        Self {
            subject: Subject::Certificate,
            digest: Sha256::digest(der).into(),
        }
    }

    /// Returns the fingerprint of the public key of a certificate in DER format.
    ///
    /// # Errors
    /// It is not a certificate.
    pub fn of_public_key(der: &[u8]) -> Result<Self, SettingsError> {
        let certificate = CertificateDer::from(der);
        let parsed = EndEntityCert::try_from(&certificate)
            .map_err(|error| SettingsError::new(format!("it is not an X.509 certificate: {error}")))?;
        Ok(Self {
            subject: Subject::PublicKey,
            digest: Sha256::digest(parsed.subject_public_key_info()).into(),
        })
    }

    /// Returns whether the certificate has this fingerprint.
    pub(crate) fn is_of(&self, der: &[u8]) -> bool {
        match self.subject {
            Subject::Certificate => *self == Self::of_certificate(der),
            Subject::PublicKey => Self::of_public_key(der).is_ok_and(|found| found == *self),
        }
    }

    /// Returns the digest as certificate dialogs show it.
    pub(crate) fn hex(&self) -> String {
        let bytes: Vec<String> = self.digest.iter().map(|byte| format!("{byte:02X}")).collect();
        bytes.join(":")
    }
}

/// The format that `parse` accepts.
impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let prefix = match self.subject {
            Subject::Certificate => CERTIFICATE,
            Subject::PublicKey => PUBLIC_KEY,
        };
        write!(f, "{prefix}{}", self.hex())
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Fingerprint {
    type Err = SettingsError;

    fn from_str(text: &str) -> Result<Self, SettingsError> {
        let text = text.trim();
        if let Some(base64) = text.strip_prefix(CURL) {
            let digest = BASE64.decode(base64).ok().and_then(|bytes| bytes.try_into().ok());
            return digest
                .map(|digest| Self {
                    subject: Subject::PublicKey,
                    digest,
                })
                .ok_or_else(|| unusable("the text after `sha256//` is not the Base64 form of 32 bytes"));
        }
        let (subject, digits) = match after(text, PUBLIC_KEY) {
            Some(digits) => (Subject::PublicKey, digits),
            None => (Subject::Certificate, after(text, CERTIFICATE).unwrap_or(text)),
        };
        let is_separator = |c: &char| matches!(c, ':' | '-') || c.is_whitespace();
        let digits: String = digits.chars().filter(|c| !is_separator(c)).collect();
        match digits.len() {
            _ if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) => {
                Err(unusable("it contains other characters than hexadecimal digits"))
            }
            64 => Ok(Self {
                subject,
                digest: bytes(&digits),
            }),
            40 => Err(unusable(
                "it has the length of a SHA-1 thumbprint, which does not protect against forged certificates. Use the \
                 SHA-256 fingerprint: `openssl x509 -in certificate.pem -noout -fingerprint -sha256` prints it",
            )),
            length => Err(unusable(&format!(
                "it has {length} hexadecimal digits, and a SHA-256 fingerprint has 64"
            ))),
        }
    }
}

/// Returns the text after a prefix, whose case does not matter.
fn after<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (begin, rest) = text.split_at_checked(prefix.len())?;
    begin.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// The bytes of 64 hexadecimal digits.
fn bytes(digits: &str) -> [u8; 32] {
    let mut digits = digits.chars().filter_map(|digit| digit.to_digit(16));
    std::array::from_fn(|_| {
        let (high, low) = (digits.next().unwrap_or(0), digits.next().unwrap_or(0));
        // Two hexadecimal digits are at most 255.
        u8::try_from(high << 4 | low).unwrap_or(u8::MAX)
    })
}

fn unusable(reason: &str) -> SettingsError {
    SettingsError::new(format!("the fingerprint cannot be used: {reason}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn certificate(key: &rcgen::KeyPair, name: &str) -> Vec<u8> {
        let parameters = rcgen::CertificateParams::new(vec![name.to_owned()]).unwrap();
        parameters.self_signed(key).unwrap().der().to_vec()
    }

    #[test]
    fn the_fingerprint_of_the_key_is_the_same_for_a_renewed_certificate() {
        let key = rcgen::KeyPair::generate().unwrap();
        let (old, new) = (certificate(&key, "old"), certificate(&key, "new"));
        let pin = Fingerprint::of_public_key(&old).unwrap();
        assert!(pin.is_of(&old) && pin.is_of(&new));
        assert!(!Fingerprint::of_certificate(&old).is_of(&new));
        let other = certificate(&rcgen::KeyPair::generate().unwrap(), "old");
        assert!(!pin.is_of(&other) && !pin.is_of(b"no certificate"));
        assert!(Fingerprint::of_public_key(b"no certificate").is_err());
    }

    #[test]
    fn invalid_fingerprints_say_what_is_wrong() {
        for (text, words) in [
            ("", "0 hexadecimal digits"),
            ("sha256:", "0 hexadecimal digits"),
            (&"ab".repeat(31), "62 hexadecimal digits"),
            (&"ab".repeat(20), "SHA-1"),
            (&"xy".repeat(32), "other characters"),
            ("sha256//AAAA", "Base64"),
            ("sha256//%%", "Base64"),
        ] {
            let error = text.parse::<Fingerprint>().unwrap_err().to_string();
            assert!(error.contains(words), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn every_written_form_is_read(digest in any::<[u8; 32]>(), is_key in any::<bool>()) {
            let subject = if is_key { Subject::PublicKey } else { Subject::Certificate };
            let fingerprint = Fingerprint { subject, digest };
            let text = fingerprint.to_string();
            prop_assert_eq!(text.parse::<Fingerprint>().unwrap(), fingerprint);
            prop_assert_eq!(text.to_lowercase().parse::<Fingerprint>().unwrap(), fingerprint);
            let spaced = format!(" {} ", fingerprint.hex().replace(':', " "));
            prop_assert_eq!(spaced.parse::<Fingerprint>().unwrap().digest, digest);
            let curl = format!("{CURL}{}", BASE64.encode(digest));
            prop_assert_eq!(curl.parse::<Fingerprint>().unwrap(), Fingerprint { subject: Subject::PublicKey, digest });
        }

        #[test]
        fn no_text_causes_a_panic(text in any::<String>()) {
            _ = text.parse::<Fingerprint>();
        }
    }
}
