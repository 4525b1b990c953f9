//! The certificate of the client, with its private key.

use secrecy::{ExposeSecret, SecretString};
use tokio_rustls::rustls::crypto::CryptoProvider;
use tokio_rustls::rustls::pki_types::pem::{Error as PemError, PemObject};
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{Error as TlsError, InconsistentKeys};

use crate::certificates;

/// A certificate chain and a private key, as the user gave them.
#[derive(Clone)]
pub struct Identity {
    /// The certificate of the client, followed by those of the authorities between it and the root, as PEM. A single
    /// certificate may be DER.
    pub certificates: Vec<u8>,
    /// The private key, as PEM without a password.
    pub key: SecretString,
}

impl Identity {
    /// Returns the chain and the key in the form of the TLS library.
    ///
    /// # Errors
    /// Describes what is wrong. Never quotes the key.
    pub(crate) fn read(&self, provider: &CryptoProvider) -> Result<CertifiedKey, String> {
        let chain: Vec<CertificateDer<'static>> = certificates::read(&self.certificates)?;
        let pem = self.key.expose_secret();
        let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|error| unusable_key(pem, &error))?;
        CertifiedKey::from_der(chain, key, provider).map_err(|error| match error {
            TlsError::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
                "the private key does not belong to the first certificate: pass the key of this certificate"
                    .to_owned()
            }
            _ => "the kind of the private key is not supported: use RSA, ECDSA (P-256 or P-384) or Ed25519"
                .to_owned(),
        })
    }
}

fn unusable_key(pem: &str, error: &PemError) -> String {
    let problem = if pem.contains("BEGIN ENCRYPTED PRIVATE KEY") || pem.contains("Proc-Type: 4,ENCRYPTED") {
        "the private key is encrypted: pass it without a password (`openssl pkey` removes the password)"
    } else if matches!(error, PemError::NoItemsFound) {
        "there is no private key: pass it as PEM (`-----BEGIN PRIVATE KEY-----`)"
    } else {
        "the private key is damaged: pass the whole file"
    };
    problem.to_owned()
}

#[cfg(test)]
mod tests {
    use tokio_rustls::rustls::crypto::ring;

    use super::*;

    fn read(certificates: &str, key: &str) -> Result<CertifiedKey, String> {
        let identity = Identity {
            certificates: certificates.into(),
            key: key.into(),
        };
        identity.read(&ring::default_provider())
    }

    fn made() -> (String, String) {
        let made = rcgen::generate_simple_self_signed(vec!["client".to_owned()]).unwrap();
        (made.cert.pem(), made.signing_key.serialize_pem())
    }

    #[test]
    fn a_certificate_and_its_key_may_be_in_one_file() {
        let (certificate, key) = made();
        assert_eq!(read(&certificate, &key).unwrap().cert.len(), 1);
        let both = format!("{key}{certificate}");
        assert_eq!(read(&both, &both).unwrap().cert.len(), 1);
    }

    #[test]
    fn the_error_says_what_is_wrong_and_does_not_quote_the_key() {
        let ((certificate, key), (_, other)) = (made(), made());
        let encrypted = key.replace("PRIVATE", "ENCRYPTED PRIVATE");
        let damaged = key.replace("KEY-----\nM", "KEY-----\n!");
        for (certificate, key, words) in [
            (certificate.as_str(), other.as_str(), "does not belong"),
            (&certificate, &encrypted, "encrypted"),
            (&certificate, &certificate, "no private key"),
            (&certificate, "", "no private key"),
            (&certificate, &damaged, "damaged"),
            ("", &key, "it is empty"),
        ] {
            let error = read(certificate, key).err().unwrap();
            assert!(error.contains(words), "{words}: {error}");
            let secret = key.lines().nth(1).unwrap_or("none");
            assert!(!error.contains(secret), "{error}");
        }
    }
}
