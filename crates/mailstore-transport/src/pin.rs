//! Accepts the certificates with given fingerprints, and no others.

use std::sync::Arc;

use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::{
    CertificateError, DigitallySignedStruct, Error as TlsError, OtherError, SignatureScheme,
};

use crate::connect_error::{ConnectCause, Distrusted};
use crate::fingerprint::Fingerprint;

/// Accepts a certificate with one of these fingerprints. Its name, issuer and validity period are not checked, because
/// the fingerprint identifies the server. The server proves with its signature that it has the private key.
#[derive(Debug)]
pub(crate) struct PinVerifier {
    pub(crate) pins: Vec<Fingerprint>,
    pub(crate) provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for PinVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        if self.pins.iter().any(|pin| pin.is_of(end_entity)) {
            return Ok(ServerCertVerified::assertion());
        }
        let distrusted = Distrusted {
            cause: ConnectCause::WrongPin,
            reason: mismatch(&self.pins, end_entity),
        };
        Err(TlsError::InvalidCertificate(CertificateError::Other(OtherError(
            Arc::new(distrusted),
        ))))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
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
