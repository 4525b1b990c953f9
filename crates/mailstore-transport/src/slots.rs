//! How many polls may be under way at once on one connection, and how long each may take.
//!
//! A poll is held by the server until there is news, and a held poll holds a socket. Thousands of running calls
//! therefore share a few slots: each waits its turn, first come first served, and the more share them, the shorter
//! the server is asked to hold each poll. A call is then polled about once in `poll_wait` however many there are.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};

/// The server is never asked to hold a poll for less: that would be asking in a hot loop.
const SHORTEST_HOLD: Duration = Duration::from_millis(5);

/// The slots of one connection.
#[derive(Debug)]
pub(crate) struct Slots {
    count: usize,
    free: Semaphore,
    /// Calls that poll or wait for their turn.
    sharing: AtomicUsize,
}

/// A turn. Dropping it gives the slot to the next.
#[derive(Debug)]
pub(crate) struct Turn<'a> {
    _sharing: Sharing<'a>,
    _slot: Option<SemaphorePermit<'a>>,
    /// How long to ask the server to hold the poll.
    pub(crate) hold: Duration,
}

impl Slots {
    /// `count` is at least one.
    pub(crate) fn new(count: usize) -> Self {
        let count = count.clamp(1, Semaphore::MAX_PERMITS);
        Self {
            count,
            free: Semaphore::new(count),
            sharing: AtomicUsize::new(0),
        }
    }

    /// Waits for a turn, which is to hold for at most `longest`.
    pub(crate) async fn turn(&self, longest: Duration) -> Turn<'_> {
        let sharing = Sharing::join(&self.sharing);
        // The semaphore is never closed; without a slot the poll would still be right, only not limited.
        let slot = self.free.acquire().await.ok();
        Turn {
            hold: self.hold(longest),
            _sharing: sharing,
            _slot: slot,
        }
    }

    fn hold(&self, longest: Duration) -> Duration {
        let sharing = self.sharing.load(Ordering::Relaxed).max(1);
        if sharing <= self.count {
            return longest;
        }
        let share = longest.mul_f64(self.count as f64 / sharing as f64);
        share.max(SHORTEST_HOLD).min(longest)
    }
}

/// Counts a call in for as long as it lives.
#[derive(Debug)]
struct Sharing<'a>(&'a AtomicUsize);

impl<'a> Sharing<'a> {
    fn join(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Sharing<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONGEST: Duration = Duration::from_secs(10);

    #[tokio::test]
    async fn few_calls_are_held_as_long_as_wanted() {
        let slots = Slots::new(2);
        let first = slots.turn(LONGEST).await;
        let second = slots.turn(LONGEST).await;
        assert_eq!((first.hold, second.hold), (LONGEST, LONGEST));
    }

    #[tokio::test]
    async fn many_calls_share_the_time() {
        let slots = Slots::new(2);
        let _others: Vec<_> = (0..199).map(|_| Sharing::join(&slots.sharing)).collect();
        assert_eq!(slots.turn(LONGEST).await.hold, Duration::from_millis(100));
    }

    #[tokio::test]
    async fn a_call_that_is_dropped_while_it_waits_gives_up_its_place() {
        let slots = Slots::new(1);
        let held = slots.turn(LONGEST).await;
        let waiting = tokio::time::timeout(Duration::ZERO, slots.turn(LONGEST)).await;
        assert!(waiting.is_err());
        drop(held);
        assert_eq!(slots.turn(LONGEST).await.hold, LONGEST);
        assert_eq!(slots.sharing.load(Ordering::Relaxed), 0);
    }
}
