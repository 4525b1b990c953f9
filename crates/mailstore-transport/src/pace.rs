//! The pace of the status requests of one task.

use std::time::Duration;

/// Average minimum time between two status requests of one task.
const INTERVAL: Duration = Duration::from_millis(100);
/// Maximum number of requests without a pause after a quiet time.
const BURST: u32 = 10;

/// Allows ten requests a second on average, even if every response contains news.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    /// The time at which all requests so far would have ended, with one request for each interval.
    spent_until: Duration,
}

impl Pace {
    /// A request has ended.
    pub(crate) fn spend(&mut self, now: Duration) {
        self.spent_until = self.spent_until.max(now) + INTERVAL;
    }

    /// Returns the time at which the next request may be sent.
    pub(crate) fn due(&self) -> Duration {
        self.spent_until.saturating_sub(INTERVAL * BURST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_requests_a_second_are_allowed_after_a_burst() {
        let mut pace = Pace::default();
        let mut now = Duration::from_secs(7);
        let began = now;
        for _ in 0..1000 {
            now = now.max(pace.due());
            pace.spend(now);
        }
        let took = now - began;
        assert_eq!(took, INTERVAL * (1000 - 1 - BURST), "{took:?}");
    }

    #[test]
    fn slow_requests_are_never_delayed() {
        let mut pace = Pace::default();
        for second in 0..100 {
            let now = Duration::from_secs(second);
            assert!(pace.due() <= now);
            pace.spend(now);
        }
    }
}
