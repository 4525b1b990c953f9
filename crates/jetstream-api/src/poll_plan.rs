//! When a wait looks again. It knows no clock and does no input or output.

use std::time::Duration;

/// The pauses of a wait: they grow by half, up to the longest pause, and end at the timeout.
#[derive(Clone, Debug)]
pub(crate) struct PollPlan {
    next: Duration,
    longest: Duration,
    timeout: Option<Duration>,
}

impl PollPlan {
    pub(crate) fn new(first: Duration, longest: Duration, timeout: Option<Duration>) -> Self {
        Self {
            next: first.min(longest),
            longest,
            timeout,
        }
    }

    /// Returns how much time is left, or nothing if the wait has no timeout.
    pub(crate) fn left(&self, elapsed: Duration) -> Option<Duration> {
        self.timeout.map(|timeout| timeout.saturating_sub(elapsed))
    }

    /// Returns the pause before the next look, or nothing if the time is over.
    pub(crate) fn pause(&mut self, elapsed: Duration) -> Option<Duration> {
        let left = self.left(elapsed);
        if left == Some(Duration::ZERO) {
            return None;
        }
        let pause = self.next;
        self.next = pause.saturating_add(pause / 2).min(self.longest);
        Some(left.map_or(pause, |left| pause.min(left)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn pauses_grow_up_to_the_longest() {
        let mut plan = PollPlan::new(SECOND, 2 * SECOND, None);
        let pauses: Vec<_> = (0..4).filter_map(|_| plan.pause(SECOND)).collect();
        assert_eq!(pauses, [SECOND, SECOND * 3 / 2, 2 * SECOND, 2 * SECOND]);
    }

    #[test]
    fn the_last_pause_ends_at_the_timeout() {
        let mut plan = PollPlan::new(4 * SECOND, 4 * SECOND, Some(5 * SECOND));
        assert_eq!(plan.pause(Duration::ZERO), Some(4 * SECOND));
        assert_eq!(plan.pause(4 * SECOND), Some(SECOND));
        assert_eq!(plan.pause(5 * SECOND), None);
        assert_eq!(plan.pause(6 * SECOND), None);
    }
}
