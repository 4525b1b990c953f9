//! Why no connection to the server came about, and what to do.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use tokio_rustls::rustls::{self, AlertDescription, InvalidMessage};

use crate::cause::Cause;

/// Why no connection to the server came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ConnectCause {
    /// The host name could not be resolved.
    Dns,
    /// Nothing listens on the port.
    Refused,
    /// No route to the server's network or host.
    Unreachable,
    /// The server, or a step on the way to it, took too long.
    Timeout,
    /// The connection was closed or reset before it was usable.
    Closed,
    /// What listens on the port does not speak TLS.
    NotTls,
    /// Server and client have no TLS version or cipher in common, or one of them breaks the protocol.
    Tls,
    /// The server wants a certificate of the client. This client has none.
    ClientCertificate,
    /// The server's certificate is neither trusted nor signed by a trusted authority.
    Untrusted,
    /// The server's certificate has expired.
    Expired,
    /// The server's certificate is not valid yet.
    NotYetValid,
    /// The server's certificate is made for another name.
    WrongName,
    /// The server's certificate cannot be used for another reason.
    BadCertificate,
    /// The proxy cannot be reached, or it cannot reach the server.
    Proxy,
    /// The proxy does not permit the connection, or is of an unsupported kind.
    ProxyRefused,
    /// The proxy wants other credentials (HTTP 407).
    ProxyAuthentication,
    /// The process, or the system, has too many open files.
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

    /// What to do, as a sentence without a full stop.
    pub fn advice(self) -> &'static str {
        match self {
            Self::Dns => "Check the host name in the address, and the name server of this machine",
            Self::Refused | Self::Unreachable => "Check address and port, and that the API is switched on",
            Self::Timeout => {
                "Check address, port and firewall; if the server is slow, raise `connect_timeout` and `request_timeout`"
            }
            Self::Closed => "Check that the port is that of the API, and try again",
            Self::NotTls => "What answers on this port does not speak TLS: check the port",
            Self::Tls => "The client needs TLS 1.2 or 1.3: enable it on the server, and check the port",
            Self::ClientCertificate => {
                "The client has no certificate: configure the server, or the proxy before it, not to require one"
            }
            Self::Untrusted => {
                "Compare the fingerprint with that of the certificate on the server; if they are equal, give this certificate, or its authority's, to `certificate_authority`"
            }
            Self::Expired => {
                "Renew the server's certificate, or correct the clock of this machine if the certificate is valid"
            }
            Self::NotYetValid => {
                "Correct the clock of this machine, or give the server a certificate that is valid now"
            }
            Self::WrongName => "Use a name in the address that the certificate is made for",
            Self::BadCertificate => {
                "Give the server another certificate: X.509 version 3, with its host name as subject alternative name, and for server authentication"
            }
            Self::Proxy => {
                "Check the proxy in the environment variables HTTPS_PROXY and ALL_PROXY; put the server's host into NO_PROXY to connect without it"
            }
            Self::ProxyRefused => {
                "Ask for permission at the proxy, or put the server's host into NO_PROXY to connect without it"
            }
            Self::ProxyAuthentication => {
                "Write user name and password into the variable HTTPS_PROXY (`http://user:password@proxy:port`), or put the server's host into NO_PROXY"
            }
            Self::TooManyFiles => {
                "Close files and connections, share one client instead of building many, or raise the limit (`ulimit -n`)"
            }
            Self::Other => "Check address and port, and that the API is switched on",
        }
    }
}

/// A connection that did not come about.
#[derive(Debug)]
pub struct ConnectError {
    cause: ConnectCause,
    reason: String,
    source: Option<Cause>,
}

impl ConnectError {
    /// An error of this kind, for this reason in words.
    pub fn new(cause: ConnectCause, reason: impl Into<String>) -> Self {
        Self {
            cause,
            reason: reason.into(),
            source: None,
        }
    }

    /// The same error with a source.
    pub fn because(mut self, source: impl Into<Cause>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What kind of problem it is.
    pub fn cause(&self) -> ConnectCause {
        self.cause
    }

    pub(crate) fn client_certificate(source: Cause) -> Self {
        Self::new(
            ConnectCause::ClientCertificate,
            "the server requires a certificate of the client",
        )
        .because(source)
    }

    /// No TCP connection.
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

    /// No TLS on a TCP connection.
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
            rustls::Error::AlertReceived(AlertDescription::CertificateRequired) => {
                (ConnectCause::ClientCertificate, error.to_string())
            }
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

/// The name server gave no address.
#[derive(Debug)]
pub(crate) struct Unresolved(pub(crate) io::Error);

impl fmt::Display for Unresolved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for Unresolved {}

/// A certificate that was not accepted.
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

/// `EMFILE` and `ENFILE`, which the standard library has no word for.
fn of_files(error: &io::Error) -> Option<ConnectCause> {
    let codes: &[i32] = if cfg!(windows) { &[10024] } else { &[23, 24] };
    let is_limit = error.raw_os_error().is_some_and(|code| codes.contains(&code));
    is_limit.then_some(ConnectCause::TooManyFiles)
}

/// The first error of this type among the error and its sources.
pub(crate) fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        // An `io::Error` that wraps an error names that error's source as its own.
        next = match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}

/// The last of the sources, in words.
pub(crate) fn innermost(error: &(dyn StdError + 'static)) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
