//! What the owner of a connection is asked to do, and the end of a connection.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;

use crate::error::{Error, ErrorKind};
use crate::exit::ExitReport;
use crate::handle_table::{Delivery, Slot};

/// What the owner is asked to do.
pub(crate) enum Job {
    Call(Request),
    Close(oneshot::Sender<ExitReport>),
}

/// A request. It is skipped if its future was dropped before its turn.
pub(crate) struct Request {
    pub(crate) name: String,
    /// The members of the request, without its number, in ASCII.
    pub(crate) body: Vec<u8>,
    pub(crate) timeout: Duration,
    /// Whether the call may change something.
    pub(crate) changes: bool,
    /// Handles among the arguments. They live until the answer came.
    pub(crate) held: Vec<Arc<Slot>>,
    pub(crate) answer: oneshot::Sender<Result<Delivery, Error>>,
}

/// Why the connection ended.
pub(crate) enum End {
    Closed,
    Died(ExitReport),
}

impl End {
    /// The error of a call that was not sent.
    pub(crate) fn error(&self) -> Error {
        match self {
            Self::Closed => Error::closed(),
            Self::Died(report) => Error::new(ErrorKind::Died(report.clone())),
        }
    }
}
