//! The methods of the builder that decide which servers are trusted.

use https_connect::{Fingerprint, Identity, PeerCertificate};
use secrecy::SecretString;
use sync_wrapper::SyncFuture;

use super::Builder;
use crate::address;
use crate::error::Error;
use crate::peek::peek;

/// Trust.
impl<C> Builder<C> {
    /// Trusts only these certificates, instead of those of the platform.
    ///
    /// Accepts the certificate of your authority or of the server. It may be self-signed. The name in the certificate
    /// must match the address, and its validity period is checked.
    ///
    /// The format is PEM or DER. PEM may contain several certificates, other text between them and a byte order mark,
    /// and may be UTF-16.
    pub fn certificate_authority(mut self, certificates: impl Into<Vec<u8>>) -> Self {
        self.network.certificate_authority = Some(certificates.into());
        self
    }

    /// Accepts only the server's certificate with this fingerprint. Call it several times to accept any of several
    /// fingerprints, for example while a certificate is renewed.
    ///
    /// This is the safest way to connect to a server with a self-signed certificate. The fingerprint identifies the
    /// server, so the name in the certificate, its issuer and its validity period are not checked. A certificate with
    /// another fingerprint is rejected before the credentials are sent: [`ConnectCause::WrongPin`]. The error shows
    /// both fingerprints.
    ///
    /// ```no_run
    /// # use mailstore_transport::{Builder, Connection, Error, Fingerprint, Surface};
    /// # fn connect(builder: Builder<Connection>) -> Result<Connection, Error> {
    /// let pin: Fingerprint = std::env::var("MAILSTORE_PIN").unwrap_or_default().parse()?;
    /// builder.credentials("admin", "password").pin(pin).build()
    /// # }
    /// ```
    ///
    /// [`ConnectCause::WrongPin`]: crate::ConnectCause::WrongPin
    pub fn pin(mut self, fingerprint: Fingerprint) -> Self {
        self.network.pins.push(fingerprint);
        self
    }

    /// Presents this certificate to servers that require one, or to a reverse proxy before the server.
    ///
    /// `certificates` is the certificate of the client, followed by those of the authorities between it and the root,
    /// as PEM. A single certificate may be DER. `key` is its private key, as PEM without a password. Both may be the
    /// same text with all of them.
    ///
    /// It does not replace the credentials of MailStore.
    pub fn client_certificate(
        mut self,
        certificates: impl Into<Vec<u8>>,
        key: impl Into<SecretString>,
    ) -> Self {
        self.network.identity = Some(Identity {
            certificates: certificates.into(),
            key: key.into(),
        });
        self
    }

    /// Accepts any certificate for any name.
    ///
    /// An attacker on the network can then read the administrator's password. Only use this for a server on this
    /// machine or for a first test. Each connection logs a warning with `tracing`.
    ///
    /// [`pin`](Self::pin) is as easy and safe.
    ///
    /// Through a proxy, [`danger_accept_invalid_certs_through_proxy`](Self::danger_accept_invalid_certs_through_proxy) is
    /// required too.
    pub fn danger_accept_invalid_certs(mut self, accept: bool) -> Self {
        self.network.accept_invalid_certs = accept;
        self
    }

    /// Returns the certificate that the server presents. See [`peek_certificate`](crate::peek_certificate).
    ///
    /// Uses the address and the default port of this builder, its proxy and its
    /// [`connect_timeout`](Self::connect_timeout). Its credentials are not needed and not sent, and what it trusts does
    /// not matter.
    ///
    /// # Errors
    /// Those of [`peek_certificate`](crate::peek_certificate).
    pub async fn peek_certificate(&self) -> Result<PeerCertificate, Error> {
        let base = address::parse(&self.address, self.surface.port)?;
        let connector = self.network.peeking(&base)?;
        SyncFuture::new(peek(connector, base)).await
    }

    /// Connects to the server as a client does, and returns its certificate if the client trusts it.
    ///
    /// It opens a TLS connection and closes it. The credentials are not needed and not sent. A program can therefore ask
    /// for a password after it knows that the server is the right one.
    ///
    /// # Errors
    /// The server cannot be reached or is not trusted ([`ErrorKind::Connect`](crate::ErrorKind::Connect)), or the
    /// address or what is trusted is invalid ([`ErrorKind::Configuration`](crate::ErrorKind::Configuration)).
    pub async fn check_certificate(&self) -> Result<PeerCertificate, Error> {
        let base = address::parse(&self.address, self.surface.port)?;
        let connector = self.network.connector(&base)?;
        SyncFuture::new(peek(connector, base)).await
    }

    /// Like [`check_certificate`](Self::check_certificate), but blocks the thread.
    ///
    /// # Errors
    /// Those of [`check_certificate`](Self::check_certificate).
    #[cfg(feature = "blocking")]
    pub fn check_certificate_blocking(&self) -> Result<PeerCertificate, Error> {
        crate::blocking::block_on(self.check_certificate())
    }

    /// Like [`peek_certificate`](Self::peek_certificate), but blocks the thread.
    ///
    /// # Errors
    /// Those of [`peek_certificate`](crate::peek_certificate).
    #[cfg(feature = "blocking")]
    pub fn peek_certificate_blocking(&self) -> Result<PeerCertificate, Error> {
        crate::blocking::block_on(self.peek_certificate())
    }
}
