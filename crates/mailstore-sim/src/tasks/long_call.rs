//! A long call as its simulator sees it.

use std::fmt;

use serde_json::Value;

/// The actual state of one long call, independent of what its caller was told.
///
/// `Debug` leaves out the token and the result.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct LongCall {
    /// The function's name.
    pub function: String,
    /// The status token that was handed out: 32 hexadecimal digits.
    pub token: String,
    /// All that was written to the log so far, lines ended by CR LF. At the end of the call it is complete.
    pub log: String,
    /// `running`, `succeeded`, `failed`, or `lost` if a restart ended it.
    pub status: &'static str,
    /// The version of the last status.
    pub version: i64,
    /// The result of a call that succeeded, else null.
    pub result: Value,
    /// The message of a call that failed.
    pub error: Option<String>,
    /// How many polls arrived for its token, answered or not, but not those after the token was forgotten.
    pub polls: usize,
    /// Whether its cancellation was asked for.
    pub cancelled: bool,
    /// Whether its token is no longer known: expired, forgotten on purpose, or lost in a restart.
    pub forgotten: bool,
    /// When the call ended, to the simulator's knowledge: with the request that found it due.
    pub ended_at: Option<std::time::Instant>,
}

impl fmt::Debug for LongCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LongCall")
            .field("function", &self.function)
            .field("log", &self.log)
            .field("status", &self.status)
            .field("version", &self.version)
            .field("error", &self.error)
            .field("polls", &self.polls)
            .field("cancelled", &self.cancelled)
            .field("forgotten", &self.forgotten)
            .finish_non_exhaustive()
    }
}
