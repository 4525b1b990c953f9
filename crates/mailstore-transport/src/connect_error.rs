//! The causes of failed connections, and what to do about them.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use tokio_rustls::rustls::{self, AlertDescription, InvalidMessage};

use crate::cause::Cause;

/// The reason why no connection to the server could be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConnectCause {
    /// The host name could not be resolved.
    Dns,
    /// Nothing listens on the port.
    Refused,
    /// No route to the server's network or host.
    Unreachable,
    /// A step of connecting timed out.
    Timeout,
    /// The connection was closed or reset before it could be used.
    Closed,
    /// The service on the port does not use TLS.
    NotTls,
    /// The service on the port uses TLS but not HTTP: it sent data before it received a request.
    NotHttp,
    /// The TLS handshake failed. For example, the server and the client have no TLS version or cipher in common.
    Tls,
    /// The server requires a client certificate, or rejected the one that was given to
    /// [`client_certificate`](crate::Builder::client_certificate).
    ClientCertificate,
    /// The server's certificate is neither trusted nor signed by a trusted authority.
    Untrusted,
    /// The server's certificate has none of the fingerprints given to [`pin`](crate::Builder::pin).
    WrongPin,
    /// The server's certificate has expired.
    Expired,
    /// The server's certificate is not valid yet.
    NotYetValid,
    /// The server's certificate is for another name.
    WrongName,
    /// The server's certificate cannot be used for another reason.
    BadCertificate,
    /// The proxy cannot be reached, or it cannot reach the server.
    Proxy,
    /// The proxy rejected the connection, or the service at its address is not a proxy.
    ProxyRefused,
    /// The proxy requires credentials, or rejected them (HTTP 407).
    ProxyAuthentication,
    /// The process or the system has too many open files.
    TooManyFiles,
    /// Any other reason.
    Other,
}

impl ConnectCause {
    /// Whether the same attempt may succeed a little later.
    pub fn is_transient(self) -> bool {
        use ConnectCause::{Closed, Dns, Other, Proxy, Refused, Timeout, TooManyFiles, Unreachable};
        matches!(
            self,
            Dns | Refused | Unreachable | Timeout | Closed | Proxy | TooManyFiles | Other
        )
    }

    /// The remedy, as a sentence without a full stop.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Dns => "Check the host name in the address, and the name server of this machine",
            Self::Refused | Self::Unreachable => {
                "Check the address and the port, and check that the API is enabled on the server"
            }
            Self::Timeout => {
                "Check the address, the port and the firewall; if the server is slow, raise `connect_timeout` and `request_timeout`"
            }
            Self::Closed => "Check that the port is the port of the API, and try again",
            Self::NotHttp => "The service on this port does not use HTTP: check the port",
            Self::NotTls => "The service on this port does not use TLS: check the port",
            Self::Tls => {
                "The client requires TLS 1.2 or 1.3: enable it on the server, and check the port. If the server requires a client certificate, pass one to `client_certificate`"
            }
            Self::ClientCertificate => {
                "Pass a certificate that the server accepts, with its private key, to `client_certificate`; or configure the server, or the proxy before it, not to require one"
            }
            Self::Untrusted => {
                "Compare the fingerprint with that of the certificate on the server; if they are equal, pass this certificate, or the certificate of its authority, to `certificate_authority`"
            }
            Self::WrongPin => {
                "Do not continue until you know the reason. Compare the fingerprint with that of the certificate on the server. If they are equal, the certificate was renewed: pin the new fingerprint. If they differ, another machine answers in place of the server"
            }
            Self::Expired => {
                "Renew the server's certificate, or correct the clock of this machine if the certificate is valid"
            }
            Self::NotYetValid => {
                "Correct the clock of this machine, or install a certificate that is valid now on the server"
            }
            Self::WrongName => "Use an address with a name that the certificate is for",
            Self::BadCertificate => {
                "Install another certificate on the server: X.509 version 3, for server authentication, with its host name as subject alternative name"
            }
            Self::Proxy => {
                "Check the proxy, which is set on the builder (`proxy`) or in the environment (HTTPS_PROXY, ALL_PROXY); to connect without it, use `no_proxy` or add the server's host to NO_PROXY"
            }
            Self::ProxyRefused => {
                "Allow the connection on the proxy, and check its address (`proxy` on the builder, or HTTPS_PROXY); to connect without it, use `no_proxy` or add the server's host to NO_PROXY"
            }
            Self::ProxyAuthentication => {
                "Set the user name and the password in the address of the proxy (`proxy` on the builder, or HTTPS_PROXY: `http://user:password@proxy:port`); to connect without the proxy, use `no_proxy` or add the server's host to NO_PROXY"
            }
            Self::TooManyFiles => {
                "Close files and connections, share one client instead of building several, or raise the limit (`ulimit -n`)"
            }
            Self::Other => "Check the address and the port, and check that the API is enabled on the server",
        }
    }
}

/// The error of a connection that could not be opened.
#[derive(Debug)]
pub struct ConnectError {
    cause: ConnectCause,
    reason: String,
    source: Option<Cause>,
}

impl ConnectError {
    /// Creates an error with this cause and a description.
    pub fn new(cause: ConnectCause, reason: impl Into<String>) -> Self {
        Self {
            cause,
            reason: reason.into(),
            source: None,
        }
    }

    /// Adds a source.
    pub fn because(mut self, source: impl Into<Cause>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The cause.
    pub fn cause(&self) -> ConnectCause {
        self.cause
    }

    /// Returns the error of a connection that the server ended because of the client's certificate. Returns `None` if
    /// there was another reason.
    ///
    /// With TLS 1.3, the client receives this alert after it has sent its first request. The server has not read the
    /// request, because the alert belongs to the handshake: the client does not offer to send a certificate later.
    pub(crate) fn client_certificate(error: &(dyn StdError + 'static)) -> Option<Self> {
        let Some(rustls::Error::AlertReceived(alert)) = find::<rustls::Error>(error) else {
            return None;
        };
        let reason = client_certificate(*alert)?;
        Some(Self::new(ConnectCause::ClientCertificate, reason))
    }

    /// The error of a failed TCP connection.
    pub(crate) fn tcp(source: Cause) -> Self {
        let cause = if let Some(cause) = find(&*source).and_then(of_files) {
            cause
        } else if find::<Unresolved>(&*source).is_some() {
            ConnectCause::Dns
        } else {
            find(&*source).map_or(ConnectCause::Other, of_io)
        };
        Self::new(cause, innermost(&*source)).because(source)
    }

    /// The error of a failed TLS handshake.
    pub(crate) fn tls(source: io::Error) -> Self {
        let Some(error) = find::<rustls::Error>(&source) else {
            let cause = of_files(&source).unwrap_or_else(|| of_io(&source));
            let reason = match cause {
                ConnectCause::Closed => {
                    format!("the connection was closed during the TLS handshake ({source})")
                }
                _ => innermost(&source),
            };
            return Self::new(cause, reason).because(source);
        };
        let (cause, reason) = match error {
            rustls::Error::InvalidCertificate(rustls::CertificateError::Other(other)) => {
                match other.0.downcast_ref::<Distrusted>() {
                    Some(distrusted) => (distrusted.cause, distrusted.reason.clone()),
                    None => (ConnectCause::BadCertificate, error.to_string()),
                }
            }
            rustls::Error::InvalidCertificate(_) => (ConnectCause::BadCertificate, error.to_string()),
            rustls::Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
                (ConnectCause::NotTls, error.to_string())
            }
            rustls::Error::AlertReceived(alert) => match client_certificate(*alert) {
                Some(reason) => (ConnectCause::ClientCertificate, reason),
                None => (ConnectCause::Tls, error.to_string()),
            },
            _ => (ConnectCause::Tls, error.to_string()),
        };
        Self::new(cause, reason).because(source)
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl StdError for ConnectError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}

/// Describes an alert of the server about the client's certificate. Returns `None` for other alerts.
fn client_certificate(alert: AlertDescription) -> Option<String> {
    match alert {
        AlertDescription::CertificateRequired | AlertDescription::NoCertificate => {
            Some("the server requires a client certificate".to_owned())
        }
        AlertDescription::BadCertificate
        | AlertDescription::UnsupportedCertificate
        | AlertDescription::CertificateRevoked
        | AlertDescription::CertificateExpired
        | AlertDescription::CertificateUnknown
        | AlertDescription::UnknownCA
        | AlertDescription::AccessDenied => {
            Some(format!("the server rejected the client certificate ({alert:?})"))
        }
        _ => None,
    }
}

/// The error of a host name that could not be resolved.
#[derive(Debug)]
pub(crate) struct Unresolved(pub(crate) io::Error);

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for Unresolved {}

/// The error of a certificate that was rejected.
#[derive(Debug)]
pub(crate) struct Distrusted {
    pub(crate) cause: ConnectCause,
    pub(crate) reason: String,
}

impl fmt::Display for Distrusted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl StdError for Distrusted {}

fn of_io(error: &io::Error) -> ConnectCause {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => ConnectCause::Refused,
        io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::NetworkDown
        | io::ErrorKind::AddrNotAvailable => ConnectCause::Unreachable,
        io::ErrorKind::TimedOut => ConnectCause::Timeout,
        io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::NotConnected
        | io::ErrorKind::UnexpectedEof => ConnectCause::Closed,
        _ => ConnectCause::Other,
    }
}

/// Recognizes `EMFILE` and `ENFILE`, which have no `io::ErrorKind` in the standard library.
fn of_files(error: &io::Error) -> Option<ConnectCause> {
    let codes: &[i32] = if cfg!(windows) { &[10024] } else { &[23, 24] };
    let is_limit = error.raw_os_error().is_some_and(|code| codes.contains(&code));
    is_limit.then_some(ConnectCause::TooManyFiles)
}

/// Returns the first error of this type among the error and its sources.
pub(crate) fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        // The source of an `io::Error` that wraps an error is the source of that error, so look at the error first.
        next = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

/// Returns the message of the last source.
pub(crate) fn innermost(error: &(dyn StdError + 'static)) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
