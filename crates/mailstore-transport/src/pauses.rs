//! Computes when a task may send its next status request, after responses and errors.

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};

use crate::error::Error;
use crate::pace::Pace;
use crate::wait::Patience;

/// The pauses between the status requests of one task. All times are on the poller's clock.
#[derive(Debug)]
pub(crate) struct Pauses {
    patience: Patience,
    pace: Pace,
    resume_at: Duration,
    /// Pauses after responses without news that the server sent at once.
    hurried: ExponentialBackoff,
    /// Pauses after failed requests.
    failing: ExponentialBackoff,
    failures: u32,
    failing_since: Duration,
    /// Number of consecutive errors that a retry cannot fix.
    refusals: u32,
}

/// The kinds of responses to a status request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    News,
    /// No news, after the server held the request.
    Held,
    /// No news, and the server or a proxy responded at once.
    Hurried,
}

impl Pauses {
    pub(crate) fn new(patience: Patience) -> Self {
        Self {
            patience,
            pace: Pace::default(),
            resume_at: Duration::ZERO,
            hurried: backoff(),
            failing: backoff(),
            failures: 0,
            failing_since: Duration::ZERO,
            refusals: 0,
        }
    }

    /// The time at which the next request may be sent.
    pub(crate) fn due(&self) -> Duration {
        self.pace.due().max(self.resume_at)
    }

    /// Records a response.
    pub(crate) fn after_answer(&mut self, heard: Heard, now: Duration) {
        self.pace.spend(now);
        self.failures = 0;
        self.refusals = 0;
        self.failing = backoff();
        self.resume_at = now;
        if heard == Heard::Hurried {
            self.resume_at += next_pause(&mut self.hurried);
        } else {
            self.hurried = backoff();
        }
    }

    /// Records a failed request. Returns whether to report the error: a retry cannot help, or too many requests failed.
    ///
    /// The next request waits in both cases, so that a loop around `next` that ignores errors neither floods the server
    /// nor locks an account.
    pub(crate) fn after_error(&mut self, error: &Error, now: Duration) -> bool {
        self.pace.spend(now);
        if !error.may_pass() {
            self.failures = 0;
            self.resume_at = now + refusal_pause(error, self.refusals);
            self.refusals += 1;
            return true;
        }
        if self.failures == 0 {
            self.failing_since = now;
        }
        self.failures += 1;
        let Patience { failures, time } = self.patience;
        let pause = next_pause(&mut self.failing);
        let wanted = error.retry_after().unwrap_or_default();
        self.resume_at = now + if wanted <= time { pause.max(wanted) } else { pause };
        let failing_for = now.saturating_sub(self.failing_since);
        if self.failures < failures && failing_for < time && wanted <= time {
            return false;
        }
        // The caller may continue, and the count of failures starts again.
        self.failures = 0;
        true
    }
}

/// Returns the pause after a status request whose error a retry cannot fix: 1 second, or 30 seconds if the server
/// rejected the credentials or denied access, because repeated wrong passwords lock accounts. It doubles with each
/// consecutive error, up to 10 minutes.
fn refusal_pause(error: &Error, refusals: u32) -> Duration {
    let first = if error.is_auth() { 30 } else { 1 };
    Duration::from_secs(first * 2_u64.pow(refusals.min(10))).min(Duration::from_secs(600))
}

fn next_pause(backoff: &mut ExponentialBackoff) -> Duration {
    backoff.next().unwrap_or(Duration::from_secs(5))
}

/// Creates pauses that start at 250 ms and double up to 5 s, plus a random addition of up to the same length, so that
/// many callers do not retry at the same time.
fn backoff() -> ExponentialBackoff {
    ExponentialBuilder::new()
        .with_min_delay(Duration::from_millis(250))
        .with_max_delay(Duration::from_secs(5))
        .with_jitter()
        .without_max_times()
        .build()
}
