//! A self-signed certificate, like the certificate of a new server. Every simulator creates its own.

use std::fmt::Write as _;
use std::net::IpAddr;
use std::sync::Arc;

use rcgen::{CertificateParams, ExtendedKeyUsagePurpose, KeyPair};
use sha2::{Digest, Sha256};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

use crate::Error;

/// A certificate, its fingerprint, and the TLS configuration that uses it.
pub(crate) struct Identity {
    pub(crate) pem: String,
    pub(crate) fingerprint: String,
    pub(crate) config: Arc<ServerConfig>,
}

impl Identity {
    /// Creates a key and a certificate for `localhost`, both loopback addresses and `listen`.
    pub(crate) fn generate(listen: IpAddr) -> Result<Identity, Error> {
        let certified = certify(listen).map_err(|cause| Error::Certificate { cause: cause.into() })?;
        let der = certified.certificate.der().clone();
        let mut fingerprint = String::with_capacity(64);
        for byte in Sha256::digest(&der) {
            // Writing into a string cannot fail.
            let _ = write!(fingerprint, "{byte:02x}");
        }
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(certified.key.serialize_der()));
        let config = configure(der, key).map_err(|cause| Error::Certificate { cause: cause.into() })?;
        Ok(Identity {
            pem: certified.certificate.pem(),
            fingerprint,
            config: Arc::new(config),
        })
    }
}

struct Certified {
    certificate: rcgen::Certificate,
    key: KeyPair,
}

fn certify(listen: IpAddr) -> Result<Certified, rcgen::Error> {
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    if !listen.is_unspecified() && !names.contains(&listen.to_string()) {
        names.push(listen.to_string());
    }
    let mut parameters = CertificateParams::new(names)?;
    parameters
        .distinguished_name
        .push(rcgen::DnType::CommonName, "MailStore simulator");
    parameters.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let key = KeyPair::generate()?;
    let certificate = parameters.self_signed(&key)?;
    Ok(Certified { certificate, key })
}

/// Creates the TLS configuration. It names the provider, because rustls selects none if two are compiled in.
fn configure(
    certificate: rustls::pki_types::CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
) -> Result<ServerConfig, rustls::Error> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

/// Returns 32 random lower-case hexadecimal digits, the form of a status token.
pub(crate) fn token() -> String {
    let mut bytes = [0_u8; 16];
    // Only a broken system has no randomness. A counter then makes the tokens unique, which suffices for a simulator.
    if ring::default_provider().secure_random.fill(&mut bytes).is_err() {
        static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
        let next = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        bytes[8..].copy_from_slice(&next.to_be_bytes());
    }
    format!("{:032x}", u128::from_be_bytes(bytes))
}
