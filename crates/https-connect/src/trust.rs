//! Verifies the certificate of a server.
//!
//! The TLS library is always rustls with ring. Features of other crates and an installed default provider do not change
//! this.

use std::sync::Arc;

use rustls_platform_verifier::Verifier as PlatformVerifier;
use tokio_rustls::rustls::client::WebPkiServerVerifier;
use tokio_rustls::rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use tokio_rustls::rustls::client::verify_server_name;
use tokio_rustls::rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::server::ParsedCertificate;
use tokio_rustls::rustls::sign::SingleCertAndKey;
use tokio_rustls::rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error as TlsError, OtherError, RootCertStore,
    SignatureScheme,
};

use crate::connect_cause::ConnectCause;
use crate::connect_error::Distrusted;
use crate::fingerprint::Fingerprint;
use crate::identity::Identity;
use crate::pin;
use crate::settings_error::SettingsError;

/// The certificates of a server that are accepted.
pub(crate) enum Trust {
    /// Certificates that the platform trusts.
    Platform,
    /// These certificates, and certificates that they signed. Never empty.
    Given(Vec<CertificateDer<'static>>),
    /// Certificates with these fingerprints. Never empty.
    Pinned(Vec<Fingerprint>),
    /// Any certificate. The server proves that it has the private key, so that the certificate can be shown. Requests
    /// are not sent to this server.
    Shown,
    /// Any certificate.
    Anything,
}

impl Trust {
    /// Creates the configuration of TLS. `identity` is the certificate of the client.
    pub(crate) fn config(&self, identity: Option<&Identity>) -> Result<Arc<ClientConfig>, SettingsError> {
        let unusable = |cause: TlsError| {
            SettingsError::new(format!("the TLS client cannot be set up: {cause}")).because(cause)
        };
        let provider = Arc::new(ring::default_provider());
        let verifier = self.verifier(&provider).map_err(unusable)?;
        let identity = identity.map(|identity| identity.read(&provider)).transpose();
        let identity = identity.map_err(|problem| {
            SettingsError::new(format!("the client certificate cannot be used: {problem}"))
        })?;
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(unusable)?
            .dangerous()
            .with_custom_certificate_verifier(verifier);
        let mut config = match identity {
            Some(identity) => config.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(identity))),
            None => config.with_no_client_auth(),
        };
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }

    fn verifier(&self, provider: &Arc<CryptoProvider>) -> Result<Arc<dyn ServerCertVerifier>, TlsError> {
        let rule = match self {
            Self::Anything => return Ok(Arc::new(NoVerifier(Arc::clone(provider)))),
            Self::Pinned(pins) => Rule::Pins(pins.clone()),
            Self::Shown => Rule::Shown,
            Self::Platform => Rule::Chain(Chain {
                inner: Arc::new(PlatformVerifier::new(Arc::clone(provider))?),
                given: Vec::new(),
            }),
            Self::Given(given) => {
                let mut roots = RootCertStore::empty();
                for certificate in given {
                    roots.add(certificate.clone())?;
                }
                let verifier =
                    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
                        .build()
                        .map_err(|error| TlsError::General(error.to_string()))?;
                Rule::Chain(Chain {
                    inner: verifier,
                    given: given.clone(),
                })
            }
        };
        Ok(Arc::new(Verifier {
            rule,
            provider: Arc::clone(provider),
        }))
    }
}

/// Accepts a certificate by a rule. The server proves with its signature that it has the private key.
#[derive(Debug)]
struct Verifier {
    rule: Rule,
    provider: Arc<CryptoProvider>,
}

#[derive(Debug)]
enum Rule {
    Chain(Chain),
    Pins(Vec<Fingerprint>),
    Shown,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        match &self.rule {
            Rule::Pins(pins) => match pin::check(pins, end_entity, now) {
                Ok(()) => Ok(ServerCertVerified::assertion()),
                Err(distrusted) => Err(distrust(distrusted)),
            },
            Rule::Shown => Ok(ServerCertVerified::assertion()),
            Rule::Chain(chain) => chain.verify(end_entity, intermediates, server_name, ocsp_response, now),
        }
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

fn distrust(distrusted: Distrusted) -> TlsError {
    TlsError::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(distrusted))))
}

/// Accepts what the inner verifier accepts, and also the given certificates themselves. Explains why it rejects others.
#[derive(Debug)]
struct Chain {
    inner: Arc<dyn ServerCertVerifier>,
    /// Empty if the platform's certificates are trusted.
    given: Vec<CertificateDer<'static>>,
}

impl Chain {
    fn verify(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        let verified =
            self.inner
                .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        let mut error = match verified {
            Err(TlsError::InvalidCertificate(error)) => error,
            other => return other,
        };
        // By default, `openssl req -x509` creates the certificate of an authority, which the inner verifier rejects for
        // a server. At this point it has checked the validity period, but not the name.
        if is_authority_as_server(&error) && self.given.contains(end_entity) {
            match verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name) {
                Ok(()) => return Ok(ServerCertVerified::assertion()),
                Err(TlsError::InvalidCertificate(wrong_name)) => error = wrong_name,
                Err(other) => return Err(other),
            }
        }
        Err(distrust(self.explain(&error, end_entity)))
    }

    fn explain(&self, error: &CertificateError, seen: &CertificateDer<'_>) -> Distrusted {
        let day = |time: &UnixTime| {
            let time = i64::try_from(time.as_secs()).ok();
            let time = time.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
            time.map_or_else(|| "an unknown time".to_owned(), |time| time.to_string())
        };
        let seen = Fingerprint::of_certificate(seen).hex();
        let (cause, reason) = match error {
            CertificateError::ExpiredContext { not_after, .. } => (
                ConnectCause::Expired,
                format!("the server's certificate expired at {}", day(not_after)),
            ),
            CertificateError::Expired => (
                ConnectCause::Expired,
                "the server's certificate has expired".to_owned(),
            ),
            CertificateError::NotValidYetContext { not_before, .. } => (
                ConnectCause::NotYetValid,
                format!("the server's certificate is not valid before {}", day(not_before)),
            ),
            CertificateError::NotValidYet => (
                ConnectCause::NotYetValid,
                "the server's certificate is not valid yet".to_owned(),
            ),
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                (ConnectCause::WrongName, wrong_name(error))
            }
            CertificateError::UnknownIssuer
            | CertificateError::BadSignature
            | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
                (ConnectCause::Untrusted, self.untrusted(&seen))
            }
            error if is_authority_as_server(error) => (ConnectCause::Untrusted, self.untrusted(&seen)),
            error => (
                ConnectCause::BadCertificate,
                format!("the server's certificate cannot be used: {}", words(error)),
            ),
        };
        let reason = match cause {
            ConnectCause::Untrusted => reason,
            _ => format!("{reason} (its SHA-256 fingerprint is {seen})"),
        };
        Distrusted { cause, reason }
    }

    fn untrusted(&self, seen: &str) -> String {
        if self.given.is_empty() {
            return format!(
                "the server's certificate (SHA-256 fingerprint {seen}) is not signed by an authority that this machine trusts, which is usual for a self-signed certificate"
            );
        }
        let trusted: Vec<String> = self
            .given
            .iter()
            .map(|given| Fingerprint::of_certificate(given).hex())
            .collect();
        format!(
            "the server's certificate (SHA-256 fingerprint {seen}) is neither the certificate that was passed to `certificate_authority` (fingerprint {}) nor signed by it. It may have been renewed",
            trusted.join(" or ")
        )
    }
}

fn wrong_name(error: &CertificateError) -> String {
    match error {
        CertificateError::NotValidForNameContext { expected, presented } if !presented.is_empty() => format!(
            "the server's certificate is not valid for the name {}; it is valid for {}",
            expected.to_str(),
            presented.join(", ")
        ),
        CertificateError::NotValidForNameContext { expected, .. } => format!(
            "the server's certificate is not valid for the name {}: it has no subject alternative name",
            expected.to_str()
        ),
        _ => "the server's certificate is not valid for the name in the address".to_owned(),
    }
}

/// Whether the only problem is that the server uses the certificate of an authority. The error is compared by its text,
/// because the TLS library does not export its type.
fn is_authority_as_server(error: &CertificateError) -> bool {
    matches!(error, CertificateError::Other(other) if other.0.to_string() == "CaUsedAsEndEntity")
}

fn words(error: &CertificateError) -> String {
    match error {
        CertificateError::Other(other) => other.0.to_string(),
        error => error.to_string(),
    }
}

/// Accepts any certificate and any signature. A signature proves nothing if the certificate is not trusted.
#[derive(Debug)]
struct NoVerifier(Arc<CryptoProvider>);

impl ServerCertVerifier for NoVerifier {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _certificate: &CertificateDer<'_>,
        _signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
