//! The proxy in the environment, and the tunnel through it.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{HOST, HeaderValue, PROXY_AUTHORIZATION};
use http::{Method, Request, StatusCode, Uri};
use http_body_util::Empty;
use hyper::client::conn::http1;
use hyper_rustls::MaybeHttpsStream;
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio_rustls::rustls::ClientConfig;
use url::Url;

use crate::address;
use crate::connect_error::{ConnectCause, ConnectError};
use crate::error::Error;
use crate::trust::Trust;

/// A TCP connection to the server or the proxy, with TLS if the proxy uses `https`.
pub(crate) type Transport = MaybeHttpsStream<TokioIo<TcpStream>>;

pub(crate) struct Proxy {
    pub(crate) uri: Uri,
    /// For a proxy that uses `https`.
    pub(crate) tls: Option<Arc<ClientConfig>>,
    credentials: Option<HeaderValue>,
}

impl Proxy {
    /// Returns the proxy for this server; `None` if the server is on this machine or in `NO_PROXY`.
    ///
    /// # Errors
    /// The kind of the proxy is not supported.
    pub(crate) fn of(proxies: &Matcher, base: &Url) -> Result<Option<Self>, Error> {
        if address::is_this_machine(base) {
            return Ok(None);
        }
        let server = base.as_str().parse::<Uri>().ok();
        let Some(found) = server.and_then(|server| proxies.intercept(&server)) else {
            return Ok(None);
        };
        let uri = found.uri().clone();
        let tls = match uri.scheme_str() {
            Some("http") => None,
            Some("https") => Some(Trust::Platform.config(None)?),
            scheme => {
                return Err(Error::configuration(format!(
                    "the proxy in the environment has the unsupported kind `{}`. The client supports `http` and `https`: \
                     change HTTPS_PROXY or ALL_PROXY, or add `{}` to NO_PROXY",
                    scheme.unwrap_or_default(),
                    base.host_str().unwrap_or_default(),
                )));
            }
        };
        Ok(Some(Self {
            uri,
            tls,
            credentials: found.basic_auth().cloned(),
        }))
    }

    /// Sends a CONNECT request to the proxy and returns the connection to the server.
    pub(crate) async fn tunnel(&self, server: &Uri, transport: Transport) -> Result<Transport, ConnectError> {
        let broken = |error: hyper::Error| {
            let reason = format!("{self} closed the connection without a valid response ({error})");
            ConnectError::new(ConnectCause::Proxy, reason).because(error)
        };
        let target = format!(
            "{}:{}",
            server.host().unwrap_or_default(),
            server.port_u16().unwrap_or(443)
        );
        let mut request = Request::builder()
            .method(Method::CONNECT)
            .uri(&target)
            .header(HOST, &target);
        if let Some(credentials) = &self.credentials {
            request = request.header(PROXY_AUTHORIZATION, credentials);
        }
        let request = request.body(Empty::<Bytes>::new()).map_err(|error| {
            ConnectError::new(
                ConnectCause::Other,
                "the server's name is not valid in a request to the proxy",
            )
            .because(error)
        })?;
        let (mut sender, connection) = http1::handshake(transport).await.map_err(broken)?;
        tokio::spawn(connection.with_upgrades());
        let answer = sender.send_request(request).await.map_err(broken)?;
        if !answer.status().is_success() {
            return Err(self.refusal(answer.status(), &target));
        }
        let upgraded = hyper::upgrade::on(answer).await.map_err(broken)?;
        match upgraded.downcast::<Transport>() {
            Ok(parts) if parts.read_buf.is_empty() => Ok(parts.io),
            _ => {
                let reason = format!("{self} sent data before the tunnel was used");
                Err(ConnectError::new(ConnectCause::Proxy, reason))
            }
        }
    }

    fn refusal(&self, status: StatusCode, target: &str) -> ConnectError {
        let (cause, what) = match status.as_u16() {
            407 => (
                ConnectCause::ProxyAuthentication,
                "requires other credentials to connect",
            ),
            408 | 429 | 500..=599 => (ConnectCause::Proxy, "could not connect"),
            _ => (ConnectCause::ProxyRefused, "rejected the request to connect"),
        };
        let status = status.as_u16();
        ConnectError::new(cause, format!("{self} {what} to {target} (HTTP {status})"))
    }

    /// Returns the error of a failed connection to the proxy.
    pub(crate) fn unreachable(&self, error: ConnectError) -> ConnectError {
        let cause = match error.cause() {
            ConnectCause::TooManyFiles => ConnectCause::TooManyFiles,
            cause if cause.is_transient() => ConnectCause::Proxy,
            _ => ConnectCause::ProxyRefused,
        };
        ConnectError::new(cause, format!("no connection to {self}: {error}")).because(error)
    }
}

/// Omits the credentials.
impl std::fmt::Display for Proxy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let scheme = self.uri.scheme_str().unwrap_or("http");
        let host = self.uri.host().unwrap_or_default();
        write!(f, "the proxy {scheme}://{host}")?;
        self.uri.port_u16().map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}
