//! Returns the certificate of a server without sending a request.

use https_connect::{ConnectError, Connector, Network, PeerCertificate};
use sync_wrapper::SyncFuture;
use url::Url;

use crate::address;
use crate::error::{Error, ErrorKind};
use crate::runtime;

/// Returns the certificate that the server at this address presents, so that a person can compare its fingerprint and
/// the program can [`pin`](crate::Builder::pin) it.
///
/// The address has the formats that `Client::builder` accepts. The default port is 8463, the port of MailStore Server.
/// The proxy settings of the environment are used.
///
/// The client opens a TLS connection and closes it. It sends neither credentials nor an HTTP request. The certificate
/// is not verified, apart from the server's proof that it has the private key.
///
/// [`Builder::peek_certificate`](crate::Builder::peek_certificate) does the same with the default port, the proxy and
/// the timeout of a builder.
///
/// ```no_run
/// # async fn first_use() -> Result<(), mailstore_transport::Error> {
/// let certificate = mailstore_transport::peek_certificate("mailstore.example.com").await?;
/// println!("{certificate}");
/// // Ask a person to compare the fingerprint. If it is correct, save it and pass it to `pin`.
/// let pin = certificate.fingerprint.to_string();
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// The address is invalid ([`ErrorKind::Configuration`]), or no TLS connection could be opened
/// ([`ErrorKind::Connect`]).
pub async fn peek_certificate(address: &str) -> Result<PeerCertificate, Error> {
    let base = address::parse(address, mailstore_metadata::Edition::Server.port())?;
    let connector = Network::default().peeking(&base)?;
    SyncFuture::new(peek(connector, base)).await
}

/// Like [`peek_certificate`], but blocks the thread.
///
/// # Errors
/// Those of [`peek_certificate`].
#[cfg(feature = "blocking")]
pub fn peek_certificate_blocking(address: &str) -> Result<PeerCertificate, Error> {
    crate::blocking::block_on(peek_certificate(address))
}

/// Connects, and returns the certificate of the server.
pub(crate) async fn peek(connector: Connector, base: Url) -> Result<PeerCertificate, Error> {
    runtime::id()?;
    let failed = |error: ConnectError| {
        let kind = ErrorKind::Connect {
            origin: address::origin(&base),
            cause: error.cause(),
            reason: error.to_string(),
        };
        Error::new(kind).because(error)
    };
    connector.certificate(&base).await.map_err(failed)
}
