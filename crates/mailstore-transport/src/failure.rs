//! The error that the server reports for a failed call.

use std::fmt;

use crate::envelope::ServerError;
use crate::status::StatusCode;

/// What the server reports about a call that it executed and that failed.
#[derive(Clone)]
#[non_exhaustive]
pub struct Failure {
    /// The status: `failed` or `cancelled`. It is `succeeded` if the server reports both success and an error.
    pub status: StatusCode,
    /// The error of the server; `None` if it reports no reason.
    pub error: Option<ServerError>,
    /// The last lines of the server's log of this call, oldest first. At most 20 lines, each cut after 1000 characters.
    pub log_tail: Vec<String>,
    /// The number of log lines before `log_tail`.
    pub log_dropped: u64,
    /// The last progress that the server returned.
    pub percent: Option<f64>,
}

impl Failure {
    /// The server's message, or a sentence that says that it is missing.
    pub fn message(&self) -> String {
        match &self.error {
            Some(error) if !error.message.is_empty() => error.message.clone(),
            _ => format!("the server reports `{}` without a reason", self.status),
        }
    }
}

/// Omits the log, because it may contain personal data.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Failure")
            .field("status", &self.status)
            .field("error", &self.error)
            .field("log_tail", &format_args!("{} lines", self.log_tail.len()))
            .finish_non_exhaustive()
    }
}
