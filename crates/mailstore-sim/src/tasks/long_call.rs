//! The actual state of a long call.

use std::fmt;

use serde_json::Value;

/// The actual state of one long call, independent of what was reported to its caller.
///
/// `Debug` omits the token and the result.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct LongCall {
    /// The name of the function.
    pub function: String,
    /// The status token that was returned: 32 hexadecimal digits.
    pub token: String,
    /// The log so far. Lines end with CR LF. At the end of the call, the log is complete.
    pub log: String,
    /// `running`, `succeeded`, `failed`, or `lost` if a restart ended it.
    pub status: &'static str,
    /// The version of the last status.
    pub version: i64,
    /// The result of a successful call, or null.
    pub result: Value,
    /// The message of a failed call.
    pub error: Option<String>,
    /// The number of polls with its token, whether they got a response or not. Polls after the token became invalid
    /// do not count.
    pub polls: usize,
    /// Whether its cancellation was requested.
    pub cancelled: bool,
    /// Whether its token is no longer valid: it expired, a fault invalidated it, or a restart lost it.
    pub forgotten: bool,
    /// The time at which the call started.
    pub started_at: std::time::Instant,
    /// The time at which the simulator recorded the end of the call: the first request after the call was due to end.
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
