//! The error of a REST call, with methods that classify it.

use std::error::Error as StdError;
use std::fmt;

use https_connect::{Cause, ConnectCause, NoRuntime, SettingsError};
use wire_values::printable;

/// The error of a REST call.
///
/// Neither the error nor its `source()` shows the password, the token or the query of a request.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    /// The request that failed, such as `GET pools/list`.
    request: Option<String>,
    cause: Option<Cause>,
}

/// What went wrong.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client cannot be built from these settings.
    Configuration(String),
    /// An argument is invalid. Nothing was sent.
    InvalidInput(String),
    /// The client is read-only, and the request may change the server. Nothing was sent.
    ReadOnly,
    /// No connection to the server could be opened. The request was not sent.
    Connect {
        /// The server.
        origin: String,
        /// Why no connection could be opened.
        cause: ConnectCause,
        /// The cause in words.
        reason: String,
    },
    /// The request or a part of it was sent, but no complete response arrived.
    Lost {
        /// What happened.
        problem: String,
        /// Whether the request may have changed the server.
        may_have_changed: bool,
    },
    /// The server rejected the user name or the password, or the new token.
    Login {
        /// The status of the response.
        status: u16,
        /// The server's description, or the beginning of its response.
        description: String,
    },
    /// The server returned an error.
    Refused {
        /// The status of the response.
        status: u16,
        /// The code in the response, if it has one.
        code: Option<i64>,
        /// The server's description, or the beginning of its response.
        description: String,
        /// Whether the request may have changed the server: false if the status and the code are between 400 and 499,
        /// which means that the server rejected the request. For 408, it is true.
        may_have_changed: bool,
    },
    /// The server returned a response that is not part of the protocol.
    InvalidResponse {
        /// What is wrong with it.
        problem: String,
        /// Whether the request may have changed the server.
        may_have_changed: bool,
    },
    /// The future is polled outside a tokio runtime.
    NoRuntime,
}

impl Error {
    pub(super) fn new(kind: ErrorKind) -> Self {
        Self(Box::new(Inner {
            kind,
            request: None,
            cause: None,
        }))
    }

    pub(super) fn configuration(problem: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration(problem.into()))
    }

    pub(super) fn invalid(problem: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidInput(problem.into()))
    }

    pub(super) fn because(mut self, cause: impl Into<Cause>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// Names the request that failed. It must not contain the query.
    pub(super) fn of_request(mut self, request: &str) -> Self {
        self.0.request.get_or_insert_with(|| request.to_owned());
        self
    }

    /// Returns what went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Returns the request that failed, such as `GET pools/list`, without its query.
    pub fn request(&self) -> Option<&str> {
        self.0.request.as_deref()
    }

    /// Returns whether the request may have changed the server although the client cannot know it. Look for the job
    /// before you submit it again.
    pub fn is_outcome_unknown(&self) -> bool {
        match &self.0.kind {
            ErrorKind::Lost { may_have_changed, .. }
            | ErrorKind::Refused { may_have_changed, .. }
            | ErrorKind::InvalidResponse { may_have_changed, .. } => *may_have_changed,
            _ => false,
        }
    }

    /// Returns whether the same request may succeed later: there was no connection, or a read got no
    /// response or the status 502, 503 or 504.
    pub fn is_transient(&self) -> bool {
        match &self.0.kind {
            ErrorKind::Connect { .. } => true,
            ErrorKind::Lost { may_have_changed, .. } => !may_have_changed,
            ErrorKind::Refused {
                status,
                may_have_changed,
                ..
            } => !may_have_changed && matches!(status, 502..=504),
            _ => false,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(request) = &self.0.request {
            write!(f, "{}: ", printable(request))?;
        }
        match &self.0.kind {
            ErrorKind::Configuration(problem) | ErrorKind::InvalidInput(problem) => {
                write!(f, "{}", printable(problem).whole())
            }
            ErrorKind::ReadOnly => f.write_str("the client is read-only, so the request was not sent"),
            ErrorKind::Connect { origin, reason, .. } => {
                write!(f, "no connection to {origin}: {}", printable(reason))
            }
            ErrorKind::Lost {
                problem,
                may_have_changed,
            } => {
                write!(f, "no complete response arrived: {}", printable(problem))?;
                unknown(f, *may_have_changed)
            }
            ErrorKind::Login { status, description } => {
                write!(
                    f,
                    "the server rejected the login (status {status}): {}",
                    printable(description)
                )
            }
            ErrorKind::Refused {
                status,
                code,
                description,
                may_have_changed,
            } => {
                write!(f, "the server returned status {status}")?;
                if let Some(code) = code {
                    write!(f, " and code {code}")?;
                }
                write!(f, ": {}", printable(description))?;
                unknown(f, *may_have_changed)
            }
            ErrorKind::InvalidResponse {
                problem,
                may_have_changed,
            } => {
                write!(f, "the response is invalid: {}", printable(problem))?;
                unknown(f, *may_have_changed)
            }
            ErrorKind::NoRuntime => f.write_str("the future must be polled inside a tokio runtime"),
        }
    }
}

fn unknown(f: &mut fmt::Formatter<'_>, may_have_changed: bool) -> fmt::Result {
    match may_have_changed {
        true => f.write_str(". The request may have changed the server"),
        false => Ok(()),
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("request", &self.0.request)
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .cause
            .as_deref()
            .map(|cause| cause as &(dyn StdError + 'static))
    }
}

impl From<NoRuntime> for Error {
    fn from(error: NoRuntime) -> Self {
        Self::new(ErrorKind::NoRuntime).because(error)
    }
}

impl From<SettingsError> for Error {
    fn from(error: SettingsError) -> Self {
        let (message, cause) = error.into_parts();
        let mut error = Self::configuration(message);
        error.0.cause = cause;
        error
    }
}
