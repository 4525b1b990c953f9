//! The error of an operation, with methods that classify it.

use std::error::Error as StdError;
use std::fmt;
use std::path::PathBuf;

use https_connect::ConnectCause;
use wire_values::printable;

use crate::invalid::Invalid;
use crate::object_id::ObjectId;
use crate::stamp::Stamp;

type Cause = Box<dyn StdError + Send + Sync>;

/// The error of an operation.
///
/// `Display` and `Debug` never show the password, cookies or the arguments of a storage host. `source()` returns the
/// cause.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    /// The request that failed, such as `POST register/`.
    request: Option<String>,
    cause: Option<Cause>,
}

/// What went wrong.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client cannot be built from these settings.
    Configuration(String),
    /// An argument is invalid. Nothing was changed.
    InvalidInput(String),
    /// The folder contains no object with this id.
    UnknownObject(ObjectId),
    /// The folder already contains an object with this id.
    AlreadyRegistered(ObjectId),
    /// The server has a version of the object that is not in the folder. Synchronize before you delete the object.
    NewerOnServer(ObjectId),
    /// The object was deleted on the server. It was removed from the folder, and the local version was kept as a copy.
    DeletedOnServer {
        /// The object.
        id: ObjectId,
        /// The folder with the copy.
        copy: PathBuf,
    },
    /// Another client has uploaded a newer version. It was downloaded, and the local version was kept as a copy.
    NewerVersion {
        /// The object.
        id: ObjectId,
        /// The folder with the copy.
        copy: PathBuf,
    },
    /// The stamp of an update must be newer than the stamp of the object.
    StampNotNewer {
        /// The stamp of the update.
        stamp: Stamp,
        /// The stamp of the object.
        current: Stamp,
    },
    /// A file or folder cannot be read or written.
    File {
        /// The file or folder.
        path: PathBuf,
        /// What failed.
        problem: String,
    },
    /// A file of the local store is damaged.
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// Another process or another client uses the folder.
    Locked {
        /// The folder.
        root: PathBuf,
    },
    /// The client is read-only, and the operation may change the server or the folder. Nothing was sent.
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
    /// The server rejected the user name or the password, or has no user with this name. Nothing else was sent.
    Login {
        /// The status of the response.
        status: u16,
        /// The beginning of the response.
        body: String,
    },
    /// The server returned an error.
    Http {
        /// The status of the response.
        status: u16,
        /// The beginning of the response. The protocol does not define its form.
        body: String,
        /// Whether the request may change the server. The server may have executed it, although it returned an error.
        may_have_changed: bool,
    },
    /// The server returned a response that is not part of the protocol.
    InvalidResponse(String),
    /// The clocks of this machine and of the server differ by more than 69 seconds. Stamps would be wrong.
    ClockSkew {
        /// The stamp of the server.
        server: Stamp,
        /// The stamp of this machine at the same time.
        local: Stamp,
    },
    /// A storage host could not transfer or delete a file.
    Storage {
        /// The id of the storage host.
        host: String,
        /// The path of the file on the storage host. Empty if the storage host cannot be used at all.
        path: String,
        /// What happened.
        problem: String,
    },
    /// The future is polled outside a tokio runtime.
    NoRuntime,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self(Box::new(Inner {
            kind,
            request: None,
            cause: None,
        }))
    }

    pub(crate) fn invalid(problem: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidInput(problem.into()))
    }

    /// The error of a failed access to a file or folder. `action` is what failed, such as `cannot read the file`.
    pub(crate) fn file(path: impl Into<PathBuf>, action: &str, cause: std::io::Error) -> Self {
        let kind = ErrorKind::File {
            path: path.into(),
            problem: format!("{action}: {cause}"),
        };
        Self::new(kind).because(cause)
    }

    pub(crate) fn because(mut self, cause: impl Into<Cause>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    pub(crate) fn of_request(mut self, request: &str) -> Self {
        self.0.request.get_or_insert_with(|| request.to_owned());
        self
    }

    pub(crate) fn response(problem: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidResponse(problem.into()))
    }

    /// The kind of this error.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// The status of the server's response, if the server returned an error.
    pub fn status(&self) -> Option<u16> {
        match self.0.kind {
            ErrorKind::Login { status, .. } | ErrorKind::Http { status, .. } => Some(status),
            _ => None,
        }
    }

    /// The beginning of the server's response, if the server returned an error.
    pub fn body(&self) -> Option<&str> {
        match &self.0.kind {
            ErrorKind::Login { body, .. } | ErrorKind::Http { body, .. } => Some(body),
            _ => None,
        }
    }

    /// Whether the server cannot be reached, so that the program should work offline.
    pub fn is_offline(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Connect { .. })
    }

    /// Whether the server rejected the credentials or denied access. Do not retry with the same credentials.
    pub fn is_auth(&self) -> bool {
        matches!(
            self.0.kind,
            ErrorKind::Login { .. }
                | ErrorKind::Http {
                    status: 401 | 403,
                    ..
                }
        )
    }

    /// Whether the same operation may succeed a little later and repeating it is safe.
    pub fn is_transient(&self) -> bool {
        match &self.0.kind {
            ErrorKind::Connect { cause, .. } => cause.is_transient(),
            ErrorKind::Lost { may_have_changed, .. } => !may_have_changed,
            ErrorKind::Http {
                status,
                may_have_changed,
                ..
            } => *status == 429 || (matches!(status, 502..=504) && !may_have_changed),
            ErrorKind::Locked { .. } => true,
            _ => false,
        }
    }

    /// Whether the request may have changed the server, although no response or an error arrived. The next
    /// [`synchronize`](crate::Client::synchronize) finds out whether a version arrived.
    pub fn is_outcome_unknown(&self) -> bool {
        match self.0.kind {
            ErrorKind::Lost { may_have_changed, .. } => may_have_changed,
            // The server may have failed after it had changed something, or a proxy has lost its response. Only the other
            // codes of 400 and above say that the server refused the request.
            ErrorKind::Http {
                status: 300..=399 | 408 | 500..=599,
                may_have_changed,
                ..
            } => may_have_changed,
            _ => false,
        }
    }
}

impl From<https_connect::SettingsError> for Error {
    fn from(error: https_connect::SettingsError) -> Self {
        let shown = error.to_string();
        let (_, cause) = error.into_parts();
        let mut error = Self::new(ErrorKind::Configuration(shown));
        error.0.cause = cause;
        error
    }
}

impl From<Invalid> for Error {
    fn from(error: Invalid) -> Self {
        Self::invalid(error.to_string()).because(error)
    }
}

impl From<https_connect::NoRuntime> for Error {
    fn from(error: https_connect::NoRuntime) -> Self {
        Self::new(ErrorKind::NoRuntime).because(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(request) = &self.0.request {
            write!(f, "{request}: ")?;
        }
        match &self.0.kind {
            ErrorKind::Configuration(problem) | ErrorKind::InvalidInput(problem) => f.write_str(problem),
            ErrorKind::UnknownObject(id) => {
                write!(f, "no object with the id `{}` is in the folder", printable(id.as_str()))
            }
            ErrorKind::AlreadyRegistered(id) => {
                write!(f, "an object with the id `{}` is already in the folder", printable(id.as_str()))
            }
            ErrorKind::NewerOnServer(id) => write!(
                f,
                "the server has a version of the object `{}` that is not in the folder, so it was not deleted. \
                 Synchronize, and then delete it",
                printable(id.as_str())
            ),
            ErrorKind::DeletedOnServer { id, copy } => write!(
                f,
                "the object `{}` was deleted on the server; its local version is kept in {}",
                printable(id.as_str()),
                copy.display()
            ),
            ErrorKind::NewerVersion { id, copy } => write!(
                f,
                "another client has uploaded a newer version of the object `{}`; your version is kept in {}",
                printable(id.as_str()),
                copy.display()
            ),
            ErrorKind::StampNotNewer { stamp, current } => write!(
                f,
                "the stamp {stamp} is not newer than the stamp of the object ({current})"
            ),
            ErrorKind::File { path, problem } | ErrorKind::Damaged { path, problem } => {
                write!(f, "{}: {}", path.display(), printable(problem))
            }
            ErrorKind::Locked { root } => write!(
                f,
                "another process or client uses the folder {}. Close it, or use another folder",
                root.display()
            ),
            ErrorKind::ReadOnly => f.write_str("the client is read-only, so nothing was sent or changed"),
            ErrorKind::Connect { origin, cause, reason } => {
                write!(f, "cannot connect to {origin}: {}. {}", printable(reason), cause.advice())
            }
            ErrorKind::Lost {
                problem,
                may_have_changed,
            } => {
                write!(f, "no complete response arrived: {}", printable(problem))?;
                match may_have_changed {
                    true => f.write_str(". The server may have executed the request: synchronize to find out"),
                    false => Ok(()),
                }
            }
            ErrorKind::Login { status, body } => {
                write!(f, "the server rejected the login (HTTP {status}){}. Check the user name and the password", quoted(body))
            }
            ErrorKind::Http { status, body, .. } => {
                write!(f, "the server returned HTTP {status}{}", quoted(body))
            }
            ErrorKind::InvalidResponse(problem) => {
                write!(f, "the response is not valid: {}", printable(problem))
            }
            ErrorKind::ClockSkew { server, local } => write!(
                f,
                "the clocks differ by more than 69 seconds: the server has {server}, this machine has {local}. Correct the clock"
            ),
            ErrorKind::Storage { host, path, problem } if path.is_empty() => {
                write!(f, "the storage host `{}` cannot be used: {}", printable(host), printable(problem))
            }
            ErrorKind::Storage { host, path, problem } => write!(
                f,
                "the storage host `{}` failed for `{}`: {}",
                printable(host),
                printable(path),
                printable(problem)
            ),
            ErrorKind::NoRuntime => f.write_str(
                "the future is polled outside a tokio runtime, so nothing was sent. Run it inside a tokio runtime, or use the module `blocking`",
            ),
        }
    }
}

/// Returns the beginning of a response for an error message.
fn quoted(body: &str) -> String {
    match body.trim() {
        "" => String::new(),
        body => format!(": {}", printable(body)),
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
