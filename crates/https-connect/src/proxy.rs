//! The proxy of a client, and the tunnel through it.

use std::sync::Arc;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use http::header::{HOST, HeaderValue, PROXY_AUTHORIZATION};
use http::uri::Scheme;
use http::{Method, Request, StatusCode, Uri};
use http_body_util::Empty;
use hyper::client::conn::http1;
use hyper_rustls::MaybeHttpsStream;
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::TokioIo;
use percent_encoding::percent_decode_str;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use tokio::net::TcpStream;
use tokio_rustls::rustls::ClientConfig;
use url::Url;

use crate::connect_cause::ConnectCause;
use crate::connect_error::ConnectError;
use crate::settings_error::SettingsError;
use crate::this_machine::is_this_machine;
use crate::trust::Trust;

/// A TCP connection to the server or the proxy, with TLS if the proxy uses `https`.
pub(crate) type Transport = MaybeHttpsStream<TokioIo<TcpStream>>;

pub(crate) struct Proxy {
    pub(crate) uri: Uri,
    /// For a proxy that uses `https`.
    pub(crate) tls: Option<Arc<ClientConfig>>,
    credentials: Option<HeaderValue>,
}

/// The proxy that a client uses for servers on other machines. A server on [this machine](crate::is_this_machine) is
/// always reached without a proxy.
#[derive(Clone, Default)]
pub enum Proxies {
    /// The proxy of the environment: `HTTPS_PROXY` (`HTTP_PROXY` for a server without TLS), or else `ALL_PROXY`, except
    /// for the hosts in `NO_PROXY`. The names may also be in lower case.
    #[default]
    Environment,
    /// The proxy with this URL: `http://proxy:3128` or `https://proxy:3128`. It may contain a user name and a password,
    /// with special characters in percent-encoding.
    Given(SecretString),
    /// No proxy.
    None,
}

impl Proxies {
    /// Returns the proxy for this server. Returns `None` if there is no proxy, or if the server is on this machine.
    ///
    /// # Errors
    /// The proxy cannot be used.
    pub(crate) fn proxy(&self, base: &Url) -> Result<Option<Proxy>, SettingsError> {
        match self {
            Self::Environment => Proxy::of(&Matcher::from_env(), base),
            Self::Given(url) => {
                let proxy = Proxy::given(url)?;
                Ok(Some(proxy).filter(|_| !is_this_machine(base)))
            }
            Self::None => Ok(None),
        }
    }
}

impl Proxy {
    /// Returns the proxy of the environment for this server. Returns `None` if there is no proxy, or if the server is on
    /// this machine or in `NO_PROXY`.
    ///
    /// # Errors
    /// The kind of the proxy is not supported.
    pub(crate) fn of(proxies: &Matcher, base: &Url) -> Result<Option<Self>, SettingsError> {
        if is_this_machine(base) {
            return Ok(None);
        }
        let server = base.as_str().parse::<Uri>().ok();
        let Some(found) = server.and_then(|server| proxies.intercept(&server)) else {
            return Ok(None);
        };
        let uri = found.uri().clone();
        let Some(tls) = tls(uri.scheme_str())? else {
            return Err(SettingsError::new(format!(
                "the proxy in the environment has the unsupported kind `{}`. The client supports `http` and `https`: \
                 change HTTPS_PROXY or ALL_PROXY, or add `{}` to NO_PROXY",
                uri.scheme_str().unwrap_or_default(),
                base.host_str().unwrap_or_default(),
            )));
        };
        Ok(Some(Self {
            uri,
            tls,
            credentials: found.basic_auth().cloned(),
        }))
    }

    /// Returns the proxy with this URL.
    fn given(url: &SecretString) -> Result<Self, SettingsError> {
        // The message never quotes the URL, because it may contain a password.
        let invalid = |problem: &str| {
            SettingsError::new(format!(
                "the address of the proxy cannot be used: {problem}. Use `http://proxy:3128` or \
                 `http://user:password@proxy:3128`, with special characters in percent-encoding"
            ))
        };
        let text = url.expose_secret().trim();
        let text = match text.contains("://") {
            true => Zeroizing::new(text.to_owned()),
            false => Zeroizing::new(format!("http://{text}")),
        };
        let url = Url::parse(&text).map_err(|error| invalid(&error.to_string()))?;
        let Some(tls) = tls(Some(url.scheme()))? else {
            return Err(invalid(
                "only proxies of the kinds `http` and `https` are supported",
            ));
        };
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return Err(invalid("it has no host"));
        };
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(invalid("it has a path"));
        }
        let uri = format!("{}://{host}:{port}/", url.scheme()).parse::<Uri>();
        let uri = uri.map_err(|_| invalid("its host is not valid in a request"))?;
        let has_credentials = !url.username().is_empty() || url.password().is_some();
        Ok(Self {
            uri,
            tls,
            credentials: has_credentials.then(|| credentials(&url)),
        })
    }

    /// Sends a CONNECT request to the proxy and returns the connection to the server.
    pub(crate) async fn tunnel(&self, server: &Uri, transport: Transport) -> Result<Transport, ConnectError> {
        let broken = |error: hyper::Error| {
            // A retry does not change what the service on the port is.
            let (cause, what) = if error.is_parse() {
                (ConnectCause::ProxyRefused, "sent a response that is not HTTP")
            } else {
                (ConnectCause::Proxy, "closed the connection without a response")
            };
            ConnectError::new(cause, format!("{self} {what} ({error})")).because(error)
        };
        let target = format!("{}:{}", server.host().unwrap_or_default(), port(server));
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
                Err(ConnectError::new(ConnectCause::ProxyRefused, reason))
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

/// Returns the port of a server, or the usual port of its scheme.
fn port(server: &Uri) -> u16 {
    let usual = if server.scheme() == Some(&Scheme::HTTP) {
        80
    } else {
        443
    };
    server.port_u16().unwrap_or(usual)
}

/// Returns how the connection to a proxy of this kind uses TLS. Returns `None` if the kind is not supported.
fn tls(scheme: Option<&str>) -> Result<Option<Option<Arc<ClientConfig>>>, SettingsError> {
    Ok(match scheme {
        Some("http") => Some(None),
        Some("https") => Some(Some(Trust::Platform.config(None)?)),
        _ => None,
    })
}

/// Returns the value of the header with the credentials of the proxy.
fn credentials(url: &Url) -> HeaderValue {
    let decode = |text: &str| Zeroizing::new(percent_decode_str(text).collect::<Vec<u8>>());
    let (user, password) = (decode(url.username()), decode(url.password().unwrap_or_default()));
    let plain = Zeroizing::new([&user[..], b":", &password[..]].concat());
    let basic = Zeroizing::new(format!("Basic {}", BASE64_STANDARD.encode(&*plain)));
    // Base64 has only characters that are valid in a header.
    let mut value = HeaderValue::from_str(&basic).unwrap_or_else(|_| HeaderValue::from_static(""));
    value.set_sensitive(true);
    value
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
