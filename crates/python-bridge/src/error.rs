//! The error of a call or of a connection, with methods that classify it.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use wire_values::printable;

use crate::exit::ExitReport;

type Cause = Box<dyn StdError + Send + Sync>;

/// The error of a call or of a connection.
///
/// `Display` and `Debug` show neither arguments nor secrets.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    /// The function or method that was called.
    function: Option<String>,
    is_outcome_unknown: bool,
    cause: Option<Cause>,
}

/// What went wrong.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The connection cannot be built from these settings, or an argument is missing. Nothing was sent.
    Configuration(String),
    /// Python or the module cannot be started, or the host program cannot be reached.
    Start {
        /// What happened.
        problem: String,
        /// The classes of the exception, from the most special to the most general. Empty if Python raised none.
        classes: Vec<String>,
        /// How Python ended, if it was started.
        exit: Option<ExitReport>,
    },
    /// The function raised an exception.
    Raised {
        /// The classes of the exception, from the most special to the most general, such as `builtins.ValueError`.
        classes: Vec<String>,
        /// The text of the exception, without secrets.
        message: String,
    },
    /// The function returned an error object whose code is not zero.
    Muster {
        /// The code.
        code: i64,
        /// The description, without secrets.
        description: String,
    },
    /// The name is not in the list of functions that may be called, or the other side allows only reading.
    Refused(String),
    /// The module has no such function.
    Missing(String),
    /// The function is new in a later version than [`Builder::running_version`](crate::Builder::running_version). Nothing
    /// was sent.
    Version {
        /// The first version with the function.
        needed: String,
        /// The version that was stated.
        running: String,
    },
    /// An argument or a result cannot be carried between Rust and Python. If it is the result of a call that may change
    /// something, [`Error::is_outcome_unknown`] is true.
    Value(String),
    /// The handle does not belong to this connection, was freed, or there are too many handles.
    Handle(String),
    /// The function has ended without an exception, but its result does not have the expected type.
    Decode(String),
    /// Python ended, or the host program closed the connection.
    Died(ExitReport),
    /// The call took longer than its timeout. The connection was closed, because Python cannot cancel a call. A Python that
    /// the connection had started was ended.
    Timeout(Duration),
    /// The other side sent something that is not part of the protocol.
    Protocol(String),
    /// The connection is read-only, and the function may change something. Nothing was sent.
    ReadOnly,
    /// The connection was closed. Nothing was sent.
    Closed,
    /// The future is polled outside a tokio runtime. Nothing was started.
    NoRuntime,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self(Box::new(Inner {
            kind,
            function: None,
            is_outcome_unknown: false,
            cause: None,
        }))
    }

    pub(crate) fn configuration(problem: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration(problem.into()))
    }

    /// The error of a start that failed before Python ran.
    pub(crate) fn start(problem: impl Into<String>) -> Self {
        Self::new(ErrorKind::Start {
            problem: problem.into(),
            classes: Vec::new(),
            exit: None,
        })
    }

    pub(crate) fn protocol(problem: impl Into<String>) -> Self {
        Self::new(ErrorKind::Protocol(problem.into()))
    }

    pub(crate) fn closed() -> Self {
        Self::new(ErrorKind::Closed)
    }

    pub(crate) fn value(problem: impl Into<String>) -> Self {
        Self::new(ErrorKind::Value(problem.into()))
    }

    pub(crate) fn because(mut self, cause: impl Into<Cause>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    pub(crate) fn of(mut self, function: &str) -> Self {
        self.0.function.get_or_insert_with(|| function.to_owned());
        self
    }

    /// The request was sent, may change something and has no result.
    pub(crate) fn with_unknown_outcome(mut self, is_unknown: bool) -> Self {
        self.0.is_outcome_unknown = is_unknown;
        self
    }

    /// Returns what went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Returns the name of the function or method that was called.
    pub fn function(&self) -> Option<&str> {
        self.0.function.as_deref()
    }

    /// Returns the classes of the Python exception, from the most special to the most general, such as
    /// `builtins.OSError`. Empty if no exception was raised.
    pub fn classes(&self) -> &[String] {
        match &self.0.kind {
            ErrorKind::Raised { classes, .. } | ErrorKind::Start { classes, .. } => classes,
            _ => &[],
        }
    }

    /// Returns whether the exception is of this class or of a class derived from it, such as `builtins.OSError`.
    pub fn is_class(&self, class: &str) -> bool {
        self.classes().iter().any(|own| own == class)
    }

    /// Returns the end of the standard error of Python, if Python ended. It has no secrets.
    pub fn stderr(&self) -> Option<&str> {
        match &self.0.kind {
            ErrorKind::Died(exit) | ErrorKind::Start { exit: Some(exit), .. } => Some(exit.stderr()),
            _ => None,
        }
    }

    /// Returns whether the same call may succeed on a new connection, and repeating it is safe: Python ended, and the
    /// call was not sent or only reads.
    pub fn is_transient(&self) -> bool {
        matches!(
            self.0.kind,
            ErrorKind::Died(_) | ErrorKind::Timeout(_) | ErrorKind::Closed
        ) && !self.0.is_outcome_unknown
    }

    /// Returns whether the call may have changed something, although its result did not arrive. Find out before you
    /// repeat it.
    pub fn is_outcome_unknown(&self) -> bool {
        self.0.is_outcome_unknown
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(function) = &self.0.function {
            write!(f, "{}: ", printable(function))?;
        }
        match &self.0.kind {
            ErrorKind::Configuration(problem)
            | ErrorKind::Refused(problem)
            | ErrorKind::Missing(problem)
            | ErrorKind::Value(problem)
            | ErrorKind::Handle(problem) => write!(f, "{}", printable(problem)),
            ErrorKind::Start {
                problem,
                classes,
                exit,
            } => {
                f.write_str("cannot start: ")?;
                if let Some(class) = classes.first() {
                    write!(f, "{}: ", printable(class))?;
                }
                write!(f, "{}", printable(problem))?;
                match exit {
                    Some(exit) => write!(f, " ({exit})"),
                    None => Ok(()),
                }
            }
            ErrorKind::Raised { classes, message } => {
                let class = classes.first().map_or("an exception", String::as_str);
                write!(f, "Python raised {}: {}", printable(class), printable(message))
            }
            ErrorKind::Muster { code, description } => {
                write!(f, "the module returned error {code}: {}", printable(description))
            }
            ErrorKind::Decode(problem) => {
                write!(f, "the result does not have the expected type: {}", printable(problem))
            }
            ErrorKind::Version { needed, running } => write!(
                f,
                "the function needs version {}, and the running version is {}, so nothing was sent",
                printable(needed),
                printable(running)
            ),
            ErrorKind::Died(exit) => write!(f, "Python ended ({exit})"),
            ErrorKind::Timeout(timeout) => write!(
                f,
                "the call took longer than {timeout:?}. The connection was closed, because Python cannot cancel a call"
            ),
            ErrorKind::Protocol(problem) => {
                write!(f, "the other side did not follow the protocol: {}", printable(problem))
            }
            ErrorKind::ReadOnly => f.write_str(
                "the connection is read-only, and the call may change something, so nothing was sent",
            ),
            ErrorKind::Closed => f.write_str("the connection was closed, so nothing was sent"),
            ErrorKind::NoRuntime => f.write_str(
                "the future is polled outside a tokio runtime, so nothing was started. Run it inside a tokio runtime, or use the feature `blocking`",
            ),
        }?;
        if self.0.is_outcome_unknown {
            f.write_str(". The call may have changed something")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("function", &self.0.function)
            .field("is_outcome_unknown", &self.0.is_outcome_unknown)
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
