//! How a call ended that the server itself reports as failed.

use std::fmt;

use crate::envelope::ServerError;
use crate::status::StatusCode;

/// A call that the server carried out and that failed, in the server's words.
#[derive(Clone)]
#[non_exhaustive]
pub struct Failure {
    /// The status word: `failed`, or `cancelled`; `succeeded` if the server reports success and an error at once.
    pub status: StatusCode,
    /// What the server says; absent if it gives no reason.
    pub error: Option<ServerError>,
    /// The last lines of the server's log of this call, oldest first: at most 20, cut after 1000 characters each.
    pub log_tail: Vec<String>,
    /// How many lines of the log came before those.
    pub log_dropped: u64,
    /// The last progress that the server gave.
    pub percent: Option<f64>,
}

impl Failure {
    /// The server's message, or a sentence that it gave none.
    pub fn message(&self) -> String {
        match &self.error {
            Some(error) if !error.message.is_empty() => error.message.clone(),
            _ => format!("the server reports `{}` without a reason", self.status),
        }
    }
}

/// Without the log, which may name anybody.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Failure")
            .field("status", &self.status)
            .field("error", &self.error)
            .field("log_tail", &format_args!("{} lines", self.log_tail.len()))
            .finish_non_exhaustive()
    }
}
