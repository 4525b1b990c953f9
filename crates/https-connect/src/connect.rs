//! Opens connections: TCP, then a proxy if there is one, then TLS.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use http::uri::Scheme;
use hyper_rustls::MaybeHttpsStream;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, ClientConnection};
use tower_service::Service;
use tracing::warn;
use url::Url;

use crate::connect_cause::ConnectCause;
use crate::connect_error::{ConnectError, Unresolved};
use crate::opened::Opened;
use crate::peer_certificate::PeerCertificate;
use crate::proxy::{Proxy, Transport};

#[cfg(test)]
mod tests;

/// The interval and the number of TCP keepalive probes on an idle connection.
const KEEPALIVE: Duration = Duration::from_secs(15);
const KEEPALIVE_RETRIES: u32 = 3;

/// Opens connections to one server. [`Network::connector`](crate::Network::connector) creates it.
///
/// It is a service for the client of `hyper-util`, such as that of a [`Pool`](crate::Pool). The connections only work on
/// the tokio runtime that opened them. Dropping the future of a connection closes the connection.
#[derive(Clone)]
pub struct Connector(Arc<Inner>);

struct Inner {
    tcp: HttpConnector<Resolver>,
    /// `None` for a server without TLS.
    tls: Option<Arc<ClientConfig>>,
    is_verified: bool,
    proxy: Option<Proxy>,
    timeout: Duration,
}

impl Connector {
    /// Creates a connector, without TLS if there is no configuration of TLS. `is_verified` is whether the configuration
    /// verifies certificates.
    pub(crate) fn new(
        proxy: Option<Proxy>,
        tls: Option<Arc<ClientConfig>>,
        is_verified: bool,
        timeout: Duration,
    ) -> Self {
        let mut tcp = HttpConnector::new_with_resolver(Resolver);
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(timeout));
        tcp.set_keepalive(Some(KEEPALIVE));
        tcp.set_keepalive_interval(Some(KEEPALIVE));
        tcp.set_keepalive_retries(Some(KEEPALIVE_RETRIES));
        Self(Arc::new(Inner {
            tcp,
            tls,
            is_verified,
            proxy,
            timeout,
        }))
    }

    /// Connects to the server with this address and returns its certificate. Sends no request. Must be polled inside a
    /// tokio runtime.
    ///
    /// The certificate is verified with the settings of this connector. A connector from
    /// [`Network::peeking`](crate::Network::peeking) accepts every certificate.
    ///
    /// # Errors
    /// No TLS connection could be opened, or the server's certificate is not an X.509 certificate.
    pub async fn certificate(&self, base: &Url) -> Result<PeerCertificate, ConnectError> {
        let server = base.as_str().parse::<Uri>().map_err(|error| {
            ConnectError::new(ConnectCause::Other, "the address is not valid in a request").because(error)
        })?;
        let presented = match self.0.connect(server).await? {
            MaybeHttpsStream::Http(_) => {
                let reason = "the server has no certificate, because its address begins with `http`";
                return Err(ConnectError::new(ConnectCause::NotTls, reason));
            }
            MaybeHttpsStream::Https(stream) => first_certificate(stream.inner().get_ref().1),
        };
        let read = presented.and_then(|certificate| PeerCertificate::read(&certificate));
        read.ok_or_else(|| {
            let reason = "the server's certificate is not an X.509 certificate";
            ConnectError::new(ConnectCause::BadCertificate, reason)
        })
    }
}

impl Inner {
    async fn connect(&self, server: Uri) -> Result<MaybeHttpsStream<Transport>, ConnectError> {
        if self.tls.is_none() && server.scheme() != Some(&Scheme::HTTP) {
            let reason = "the connector is for a server without TLS, but the address requires TLS";
            return Err(ConnectError::new(ConnectCause::Other, reason));
        }
        let deadline = Instant::now() + self.timeout;
        let transport = match &self.proxy {
            None => MaybeHttpsStream::Http(self.tcp(server.clone(), deadline).await?),
            Some(proxy) => self.through(proxy, &server, deadline).await?,
        };
        let Some(tls) = &self.tls else {
            return Ok(MaybeHttpsStream::Http(transport));
        };
        let tls = handshake(tls, &server, transport);
        let stream = self.within(deadline, "the TLS handshake", tls).await?;
        if !self.is_verified {
            unverified_certificate(&server);
        }
        Ok(stream)
    }

    async fn tcp(&self, to: Uri, deadline: Instant) -> Result<TokioIo<TcpStream>, ConnectError> {
        let mut tcp = self.tcp.clone();
        let connecting = async {
            tcp.call(to)
                .await
                .map_err(|error| ConnectError::tcp(error.into()))
        };
        self.within(deadline, "the TCP connection", connecting).await
    }

    async fn through(
        &self,
        proxy: &Proxy,
        server: &Uri,
        deadline: Instant,
    ) -> Result<Transport, ConnectError> {
        let transport = async {
            let tcp = self.tcp(proxy.uri.clone(), deadline).await?;
            match &proxy.tls {
                None => Ok(MaybeHttpsStream::Http(tcp)),
                Some(tls) => {
                    let tls = handshake(tls, &proxy.uri, tcp);
                    self.within(deadline, "the TLS handshake", tls).await
                }
            }
        };
        let transport = transport.await.map_err(|error| proxy.unreachable(error))?;
        let step = format!("the response of {proxy}");
        let tunnel = proxy.tunnel(server, transport);
        self.within(deadline, &step, tunnel).await
    }

    /// Runs one step of connecting until the deadline, which is shared by all steps.
    async fn within<T>(
        &self,
        deadline: Instant,
        step: &str,
        doing: impl Future<Output = Result<T, ConnectError>>,
    ) -> Result<T, ConnectError> {
        tokio::time::timeout_at(deadline, doing)
            .await
            .unwrap_or_else(|_| {
                let reason = format!("{step} did not complete within {:?}", self.timeout);
                Err(ConnectError::new(ConnectCause::Timeout, reason))
            })
    }
}

/// Logs that a connection was opened whose certificate was not verified.
fn unverified_certificate(server: &Uri) {
    warn!(
        host = server.host(),
        port = server.port_u16(),
        "connected without verifying the certificate of the server (danger_accept_invalid_certs): an attacker on the \
         network can read the password"
    );
}

/// Returns the certificate of the server, without those of its authorities.
fn first_certificate(connection: &ClientConnection) -> Option<CertificateDer<'static>> {
    connection.peer_certificates()?.first().cloned()
}

async fn handshake<T>(
    config: &Arc<ClientConfig>,
    server: &Uri,
    transport: T,
) -> Result<MaybeHttpsStream<T>, ConnectError>
where
    T: hyper::rt::Read + hyper::rt::Write + Unpin,
{
    let host = server.host().unwrap_or_default().trim_matches(['[', ']']);
    let name = ServerName::try_from(host.to_owned()).map_err(|error| {
        ConnectError::new(
            ConnectCause::WrongName,
            "the host name is not valid in a certificate",
        )
        .because(error)
    })?;
    let connecting = TlsConnector::from(Arc::clone(config)).connect(name, TokioIo::new(transport));
    let stream = connecting.await.map_err(ConnectError::tls)?;
    Ok(MaybeHttpsStream::Https(TokioIo::new(stream)))
}

impl Service<Uri> for Connector {
    type Response = Opened;
    type Error = ConnectError;
    type Future = Pin<Box<dyn Future<Output = Result<Opened, ConnectError>> + Send>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), ConnectError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, server: Uri) -> Self::Future {
        let inner = Arc::clone(&self.0);
        Box::pin(async move { inner.connect(server).await.map(Opened::new) })
    }
}

/// The resolver of the system. Its errors have a type of their own, so they differ from errors of connecting.
#[derive(Clone)]
struct Resolver;

impl Service<Name> for Resolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = Unresolved;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Unresolved>> + Send>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Unresolved>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            Ok(found.map_err(Unresolved)?.collect::<Vec<_>>().into_iter())
        })
    }
}
