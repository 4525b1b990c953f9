//! Limits of a wait, and what happens at a limit.

use std::fmt;
use std::time::Duration;

/// Maximum time to hold a status request. The server's number of milliseconds has 32 bits (inferred).
pub(crate) const LONGEST_POLL_WAIT: Duration = Duration::from_millis(i32::MAX as u64);

/// Limits of one wait. Without limits, the wait lasts until the call ends.
///
/// ```
/// use std::time::Duration;
/// use mailstore_transport::WaitOptions;
///
/// let options = WaitOptions::new().total(Duration::from_secs(3600)).stalled(Duration::from_secs(300));
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[must_use]
pub struct WaitOptions {
    pub(crate) total: Option<Duration>,
    pub(crate) stalled: Option<Duration>,
    pub(crate) poll_wait: Option<Duration>,
    pub(crate) cancel: bool,
}

impl WaitOptions {
    /// No limits.
    pub fn new() -> Self {
        Self::default()
    }

    /// Maximum time of the wait, from its start.
    pub fn total(mut self, limit: Duration) -> Self {
        self.total = Some(limit);
        self
    }

    /// Maximum time without a newer status from the server.
    pub fn stalled(mut self, limit: Duration) -> Self {
        self.stalled = Some(limit);
        self
    }

    /// How long the server holds a status request without news, instead of the client's `poll_wait`.
    /// The maximum is 2³¹ - 1 milliseconds.
    pub fn poll_wait(mut self, wait: Duration) -> Self {
        self.poll_wait = Some(wait.min(LONGEST_POLL_WAIT));
        self
    }

    /// At a limit, sends a cancel request and waits for the end of the call.
    ///
    /// The limits then start again and include the cancel request, so the wait ends after at most twice the limit.
    ///
    /// If the cancel request fails, [`Error::is_cancel_failure`](crate::Error::is_cancel_failure) is true.
    ///
    /// A [read-only](crate::Builder::read_only) client only cancels read-only calls. For other calls, the wait ends at
    /// the limit with an error for which [`Error::is_read_only`](crate::Error::is_read_only) is true.
    pub fn cancel_at_limit(mut self) -> Self {
        self.cancel = true;
        self
    }
}

/// How long status requests may fail before the error is returned.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// Maximum number of consecutive failures.
    pub(crate) failures: u32,
    /// Maximum time since the first failure.
    pub(crate) time: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            failures: 10,
            time: Duration::from_secs(300),
        }
    }
}

/// The limit that a wait has reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WaitLimit {
    /// The maximum time of the whole wait.
    Total(Duration),
    /// The maximum time without a newer status.
    Stalled(Duration),
}

impl fmt::Display for WaitLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Total(limit) => write!(f, "the call did not end within {limit:?}"),
            Self::Stalled(limit) => write!(f, "the status of the call did not change for {limit:?}"),
        }
    }
}
