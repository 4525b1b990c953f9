//! How long to wait for a call, and what to do then.

use std::fmt;
use std::time::Duration;

/// The server's number of milliseconds is taken to have 32 bits (inferred).
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

    /// The longest time to wait, from the moment the wait begins.
    pub fn total(mut self, limit: Duration) -> Self {
        self.total = Some(limit);
        self
    }

    /// The longest time to wait without news: without a newer status from the server.
    pub fn stalled(mut self, limit: Duration) -> Self {
        self.stalled = Some(limit);
        self
    }

    /// How long the server holds a status request without news, instead of the client's `poll_wait`.
    /// At most 2³¹ - 1 milliseconds are asked for, as there.
    pub fn poll_wait(mut self, wait: Duration) -> Self {
        self.poll_wait = Some(wait.min(LONGEST_POLL_WAIT));
        self
    }

    /// At a limit, asks the server to stop the call and waits for its end, for as long again as the limits say.
    /// The request to cancel is a part of that time, so the wait ends after twice the limit at the latest.
    ///
    /// If the request fails, the error says so: [`Error::is_cancel_failure`](crate::Error::is_cancel_failure).
    ///
    /// A [read-only](crate::Builder::read_only) client asks so only of calls that only read; of others, the wait ends
    /// at the limit with an error for which [`Error::is_read_only`](crate::Error::is_read_only) is true.
    pub fn cancel_at_limit(mut self) -> Self {
        self.cancel = true;
        self
    }
}

/// How long status requests may fail before the failure is reported.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// In a row.
    pub(crate) failures: u32,
    /// Since the first failure.
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

/// Which limit a wait has reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WaitLimit {
    /// The time for the whole wait is over.
    Total(Duration),
    /// Nothing new came for so long.
    Stalled(Duration),
}

impl fmt::Display for WaitLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Total(limit) => write!(f, "the call did not end within {limit:?}"),
            Self::Stalled(limit) => write!(f, "the call gave no news for {limit:?}"),
        }
    }
}
