//! The server, the client and the call of one cell.

use mailstore_api::server::Client;
use mailstore_api::{Error, FromJson, StatusToken, Task};
use mailstore_sim::{Injection, Simulator};

use super::cell::Cell;

/// The server and the client of one cell.
pub(crate) struct Stage<'a> {
    pub(crate) cell: &'a Cell,
    pub(crate) server: Simulator,
    pub(crate) client: Client,
    pub(crate) faults: Vec<Injection>,
}

/// A call as its caller followed it.
pub(crate) struct Followed<T> {
    pub(crate) log: String,
    pub(crate) lines: Vec<String>,
    pub(crate) outcome: Result<T, Error>,
    /// The token of the task at its end.
    pub(crate) token: Option<StatusToken>,
}

impl<T: FromJson> Followed<T> {
    pub(crate) fn broken(task: &Task<T>, log: String, error: Error) -> Self {
        Self {
            log,
            lines: Vec::new(),
            token: task.token().cloned(),
            outcome: Err(error),
        }
    }
}
