//! The error of a connection that could not be opened.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use tokio_rustls::rustls::{self, AlertDescription, InvalidMessage};

use crate::cause::Cause;
use crate::chain::{find, innermost};
use crate::connect_cause::ConnectCause;

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
    pub fn client_certificate(error: &(dyn StdError + 'static)) -> Option<Self> {
        let Some(rustls::Error::AlertReceived(alert)) = find::<rustls::Error>(error) else {
            return None;
        };
        let reason = client_certificate(*alert)?;
        Some(Self::new(ConnectCause::ClientCertificate, reason))
    }

    /// Returns the error of a connection on which the server sent data before it received a request. Returns `None` if
    /// there was another reason.
    pub fn early_data(error: &(dyn StdError + 'static)) -> Option<Self> {
        if find::<Self>(error).is_some() {
            return None;
        }
        // The HTTP library has no predicate for this error, so it is what remains without the others.
        let mut error = find::<hyper::Error>(error)?;
        while let Some(source) = StdError::source(error) {
            error = find::<hyper::Error>(source)?;
        }
        let is_other = error.is_canceled()
            || error.is_closed()
            || error.is_incomplete_message()
            || error.is_user()
            || error.is_shutdown()
            || error.is_timeout();
        (!is_other).then(|| {
            let reason = format!("the server sent data before it received a request ({error})");
            Self::new(ConnectCause::NotHttp, reason)
        })
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
