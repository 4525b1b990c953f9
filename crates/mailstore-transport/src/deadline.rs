//! The end of the time that a caller gives a request with all its retries.

use std::time::Duration;

use tokio::time::Instant;

/// A moment, or none if it is farther away than the clock can count.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadline(Option<Instant>);

impl Deadline {
    /// The moment when `timeout` from now is over.
    pub(crate) fn after(timeout: Duration) -> Self {
        Self(Instant::now().checked_add(timeout))
    }

    /// How much time is left; zero if the moment has passed.
    pub(crate) fn left(self) -> Duration {
        self.0.map_or(Duration::MAX, |moment| {
            moment.saturating_duration_since(Instant::now())
        })
    }
}
