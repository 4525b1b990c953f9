//! How many polls may be under way at once on one connection, and how long each may take.
//!
//! A poll is held by the server until there is news, and a held poll holds a socket. Thousands of running calls
//! therefore share a few slots: each waits its turn, first come first served, and the more share them, the shorter
//! the server is asked to hold each poll. A call is then polled about once in `poll_wait` however many there are.
//!
//! A slot is given back when its poll ends, and a poll ends only while somebody waits for its task. A task whose
//! caller is busy elsewhere keeps its slot, but must not stop the others for ever.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};

/// The server is never asked to hold a poll for less: that would be asking in a hot loop.
const SHORTEST_HOLD: Duration = Duration::from_millis(5);

/// The slots of one connection.
#[derive(Debug)]
pub(crate) struct Slots {
    count: usize,
    free: Semaphore,
    /// Calls that poll or wait for their turn.
    sharing: AtomicUsize,
    /// When every poll that was given a slot is over if anybody waits for it.
    busy_until: Mutex<Option<Instant>>,
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
            busy_until: Mutex::new(None),
        }
    }

    /// Waits for a turn, which is to hold for at most `longest`. The poll is over at most `slack` after that.
    pub(crate) async fn turn(&self, longest: Duration, slack: Duration) -> Turn<'_> {
        let sharing = Sharing::join(&self.sharing);
        let slot = self.slot(longest + slack).await;
        let hold = self.hold(longest);
        if slot.is_some() {
            let over = Instant::now() + hold + slack;
            let mut busy_until = self.busy_until();
            *busy_until = busy_until.max(Some(over));
        }
        Turn {
            hold,
            _sharing: sharing,
            _slot: slot,
        }
    }

    /// `None` if all slots are held by polls that nobody waits for: better one poll too many than none.
    async fn slot(&self, longest: Duration) -> Option<SemaphorePermit<'_>> {
        let mut slot = std::pin::pin!(self.free.acquire());
        let mut over = self.busy_until().unwrap_or_else(|| Instant::now() + longest);
        loop {
            // The semaphore is never closed.
            if let Ok(slot) = timeout_at(over, slot.as_mut()).await {
                return slot.ok();
            }
            match *self.busy_until() {
                Some(later) if later > over => over = later,
                _ => return None,
            }
        }
    }

    fn busy_until(&self) -> MutexGuard<'_, Option<Instant>> {
        self.busy_until.lock().unwrap_or_else(PoisonError::into_inner)
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

    const SLACK: Duration = Duration::from_secs(15);
    const LONGEST: Duration = Duration::from_secs(10);

    #[tokio::test]
    async fn few_calls_are_held_as_long_as_wanted() {
        let slots = Slots::new(2);
        let first = slots.turn(LONGEST, SLACK).await;
        let second = slots.turn(LONGEST, SLACK).await;
        assert_eq!((first.hold, second.hold), (LONGEST, LONGEST));
    }

    #[tokio::test]
    async fn many_calls_share_the_time() {
        let slots = Slots::new(2);
        let _others: Vec<_> = (0..199).map(|_| Sharing::join(&slots.sharing)).collect();
        assert_eq!(slots.turn(LONGEST, SLACK).await.hold, Duration::from_millis(100));
    }

    #[tokio::test]
    async fn a_call_that_is_dropped_while_it_waits_gives_up_its_place() {
        let slots = Slots::new(1);
        let held = slots.turn(LONGEST, SLACK).await;
        let waiting = tokio::time::timeout(Duration::ZERO, slots.turn(LONGEST, SLACK)).await;
        assert!(waiting.is_err());
        drop(held);
        assert_eq!(slots.turn(LONGEST, SLACK).await.hold, LONGEST);
        assert_eq!(slots.sharing.load(Ordering::Relaxed), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn slots_that_nobody_gives_back_do_not_stop_the_others() {
        let slots = Slots::new(1);
        let asked_at = Instant::now();
        let _forgotten = slots.turn(LONGEST, SLACK).await;
        slots.turn(LONGEST, SLACK).await;
        assert_eq!(asked_at.elapsed(), LONGEST + SLACK);
        slots.turn(LONGEST, SLACK).await;
        assert_eq!(asked_at.elapsed(), LONGEST + SLACK, "known by now");
    }
}
