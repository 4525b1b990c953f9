//! Why a wait ended without a result.

use std::fmt;

use python_bridge::Error;
use wire_values::printable;

/// Why a wait ended without a result. It has the last state that the server reported.
#[derive(Debug)]
pub struct WaitError<T> {
    kind: WaitErrorKind,
    last: Option<Box<T>>,
}

/// The kinds of a [`WaitError`].
#[derive(Debug)]
#[non_exhaustive]
pub enum WaitErrorKind {
    /// The timeout passed. The server goes on, so a new wait is possible.
    TimedOut,
    /// The manifest, transfer or request failed. The text is the message of the server.
    Failed(String),
    /// The server stopped its work with a status that this version does not know.
    Unexpected,
    /// A call failed. The server may go on.
    Call(Error),
}

impl<T> WaitError<T> {
    pub(crate) fn new(kind: WaitErrorKind, last: Option<T>) -> Self {
        Self {
            kind,
            last: last.map(Box::new),
        }
    }

    /// The kind of the error.
    pub fn kind(&self) -> &WaitErrorKind {
        &self.kind
    }

    /// The last state that the server reported. It is missing if no look succeeded.
    pub fn last(&self) -> Option<&T> {
        self.last.as_deref()
    }

    /// Whether the timeout passed.
    pub fn is_timeout(&self) -> bool {
        matches!(self.kind, WaitErrorKind::TimedOut)
    }
}

impl<T> fmt::Display for WaitError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            WaitErrorKind::TimedOut => f.write_str("the wait timed out, and the server goes on"),
            WaitErrorKind::Failed(message) => {
                write!(f, "the server reports a failure: {}", printable(message))
            }
            WaitErrorKind::Unexpected => {
                f.write_str("the server stopped with a status that this version does not know")
            }
            WaitErrorKind::Call(_) => f.write_str("a call failed during the wait"),
        }
    }
}

impl<T: fmt::Debug> std::error::Error for WaitError<T> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.kind {
            WaitErrorKind::Call(error) => Some(error),
            _ => None,
        }
    }
}
