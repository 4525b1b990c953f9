//! Limits how many status requests of one connection are in flight at once, and how long each is held.
//!
//! The server holds a status request until there is news, and a held request occupies a socket. Thousands of running
//! calls therefore share a few slots, first come, first served. If more calls share them, the hold time of each request
//! is shorter, so that every call is polled about once in `poll_wait`.
//!
//! A request takes its place in the queue, waits and runs in a task of its runtime (see `task_core.rs`). It makes
//! progress while that runtime runs, even if the caller has dropped `next` and does something else. A slot is in use
//! until one of these happens:
//!
//! 1. The request ends, at the latest by its own timeout.
//! 2. The request is aborted, because its `Task` is dropped or is used from another runtime. If that happens on the
//!    runtime of the request, the slot is in use until the runtime has ended the request.
//! 3. The slot expires, [`MARGIN`] after the request's timeout. This happens only if the runtime of the request is
//!    blocked. The request then does nothing, and it ends when the runtime continues.
//!
//! So there are never more requests in flight than slots, and a blocked runtime delays the others by at most the
//! timeout of one request. Each runtime has its own queue for the same reason: a free slot is offered to the first
//! request of each queue, and the first of them that runs takes it.

use std::collections::{BTreeMap, HashMap};
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::runtime::Id;
use tokio::time::{Instant, timeout_at};

/// Minimum time to hold a request. A shorter time would be a hot loop.
const SHORTEST_HOLD: Duration = Duration::from_millis(5);

/// The time from the timeout of a request to the expiry of its slot, if the request does not release the slot. A busy
/// runtime may notice a timeout late.
const MARGIN: Duration = Duration::from_secs(1);

/// The slots of one connection.
#[derive(Debug)]
pub(crate) struct Slots {
    count: usize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Numbers are given in the order of arrival.
    next_number: u64,
    /// The requests in flight, and the times at which their slots expire.
    used: BTreeMap<u64, Instant>,
    /// The requests that wait for a slot, by the runtime that drives them.
    queues: HashMap<Id, BTreeMap<u64, Waker>>,
}

impl Slots {
    /// `count` is at least one.
    pub(crate) fn new(count: usize) -> Arc<Self> {
        Arc::new(Self {
            count: count.max(1),
            state: Mutex::default(),
        })
    }

    /// Creates the place of one request that this runtime will drive.
    pub(crate) fn place(self: &Arc<Self>, runtime: Id) -> Arc<Place> {
        let mut state = self.state();
        state.next_number += 1;
        Arc::new(Place {
            number: state.next_number,
            slots: Arc::clone(self),
            runtime,
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns the number of free slots, including expired slots.
    fn free(&self, state: &mut State) -> usize {
        let now = Instant::now();
        state.used.retain(|_, lapses| *lapses > now);
        self.count.saturating_sub(state.used.len())
    }

    /// Returns the time to hold a request that takes a slot now.
    fn hold(&self, state: &State, longest: Duration) -> Duration {
        let waiting: usize = state.queues.values().map(BTreeMap::len).sum();
        let sharing = 1 + state.used.len() + waiting;
        if sharing <= self.count {
            return longest;
        }
        let share = longest.mul_f64(self.count as f64 / sharing as f64);
        share.max(SHORTEST_HOLD).min(longest)
    }
}

impl State {
    /// Returns the requests that may take a slot if this many slots are free.
    fn first_in_line(&self, free: usize) -> Vec<Waker> {
        let wakers = self.queues.values().flat_map(|queue| queue.values().take(free));
        wakers.cloned().collect()
    }
}

/// The place of one request: in a queue, then in a slot.
#[derive(Debug)]
pub(crate) struct Place {
    slots: Arc<Slots>,
    number: u64,
    runtime: Id,
}

impl Place {
    /// Waits for the slot of a request. Its hold time is at most `longest`, and it ends at most `slack` later.
    pub(crate) async fn turn(self: Arc<Self>, longest: Duration, slack: Duration) -> Turn {
        // Created first, so that a dropped wait leaves the queue.
        let mut turn = Turn {
            hold: longest,
            place: self,
        };
        loop {
            let look_again = turn.place.look_again(longest + slack);
            let taken = poll_fn(|context| turn.place.poll(context, longest, slack));
            if let Ok(hold) = timeout_at(look_again, taken).await {
                turn.hold = hold;
                return turn;
            }
        }
    }

    /// Leaves the queue or the slot. Leaving twice has no effect.
    pub(crate) fn leave(&self) {
        let next = {
            let mut state = self.slots.state();
            state.used.remove(&self.number);
            if let Some(queue) = state.queues.get_mut(&self.runtime) {
                queue.remove(&self.number);
                if queue.is_empty() {
                    state.queues.remove(&self.runtime);
                }
            }
            let free = self.slots.free(&mut state);
            state.first_in_line(free)
        };
        next.into_iter().for_each(Waker::wake);
    }

    /// Takes a slot if one is free and no earlier request of this runtime waits for it. Returns the time to hold.
    fn poll(&self, context: &mut Context<'_>, longest: Duration, slack: Duration) -> Poll<Duration> {
        let next = {
            let mut state = self.slots.state();
            let free = self.slots.free(&mut state);
            let queue = state.queues.entry(self.runtime).or_default();
            queue.insert(self.number, context.waker().clone());
            if queue.keys().take(free).any(|number| *number == self.number) {
                queue.remove(&self.number);
                if queue.is_empty() {
                    state.queues.remove(&self.runtime);
                }
                let hold = self.slots.hold(&state, longest);
                let lapses = Instant::now() + hold + slack + MARGIN;
                state.used.insert(self.number, lapses);
                return Poll::Ready(hold);
            }
            state.first_in_line(free)
        };
        next.into_iter().for_each(Waker::wake);
        Poll::Pending
    }

    /// Returns the time at which the next slot expires, or the time after `later` if no slot is in use.
    fn look_again(&self, later: Duration) -> Instant {
        let earliest = self.slots.state().used.values().min().copied();
        earliest.unwrap_or_else(|| Instant::now() + later)
    }
}

/// A slot. Dropping it gives the slot to the next request.
#[derive(Debug)]
pub(crate) struct Turn {
    place: Arc<Place>,
    /// The time for which the server may hold the request.
    pub(crate) hold: Duration,
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.place.leave();
    }
}

#[cfg(test)]
mod tests {
    use tokio::runtime::Handle;
    use tokio::time::timeout;

    use super::*;

    const SLACK: Duration = Duration::from_secs(15);
    const LONGEST: Duration = Duration::from_secs(10);

    async fn turn(slots: &Arc<Slots>) -> Turn {
        slots.place(Handle::current().id()).turn(LONGEST, SLACK).await
    }

    fn is_empty(slots: &Slots) -> bool {
        let state = slots.state();
        state.used.is_empty() && state.queues.is_empty()
    }

    #[tokio::test]
    async fn few_calls_get_the_full_hold_time() {
        let slots = Slots::new(2);
        let first = turn(&slots).await;
        let second = turn(&slots).await;
        assert_eq!((first.hold, second.hold), (LONGEST, LONGEST));
    }

    #[tokio::test]
    async fn many_calls_share_the_hold_time() {
        let slots = Slots::new(2);
        let first = turn(&slots).await;
        let _second = turn(&slots).await;
        let waiting: Vec<_> = (0..198)
            .map(|_| {
                let slots = Arc::clone(&slots);
                tokio::spawn(async move { turn(&slots).await.hold })
            })
            .collect();
        tokio::task::yield_now().await;
        drop(first);
        let mut holds = Vec::new();
        for waits in waiting {
            holds.push(waits.await.unwrap());
        }
        assert_eq!(holds[0], LONGEST.mul_f64(2.0 / 199.0));
        assert_eq!(holds[197], LONGEST, "the last one shares with one other");
    }

    #[tokio::test]
    async fn a_dropped_wait_leaves_the_queue() {
        let slots = Slots::new(1);
        let held = turn(&slots).await;
        assert!(timeout(Duration::ZERO, turn(&slots)).await.is_err());
        drop(held);
        assert_eq!(turn(&slots).await.hold, LONGEST);
        assert!(is_empty(&slots));
    }

    #[tokio::test]
    async fn the_slot_of_a_dropped_wait_goes_to_the_next_in_the_queue() {
        let slots = Slots::new(1);
        let place = slots.place(Handle::current().id());
        let held = Arc::clone(&place).turn(LONGEST, SLACK).await;
        place.leave();
        let next = timeout(Duration::ZERO, turn(&slots)).await.unwrap();
        drop(held);
        assert!(timeout(Duration::ZERO, turn(&slots)).await.is_err(), "left once");
        drop(next);
        assert!(is_empty(&slots));
    }

    #[tokio::test(start_paused = true)]
    async fn a_slot_that_is_not_released_expires_after_the_timeout_of_its_request() {
        let slots = Slots::new(1);
        let began = Instant::now();
        let _forgotten = turn(&slots).await;
        let _second = turn(&slots).await;
        assert_eq!(began.elapsed(), LONGEST + SLACK + MARGIN);
        assert!(
            timeout(LONGEST, turn(&slots)).await.is_err(),
            "the second is in use"
        );
    }

    /// In an earlier version with one queue, the first wait blocked the waits of all runtimes.
    #[test]
    fn a_wait_in_a_blocked_runtime_does_not_stop_other_runtimes() {
        let [first, second] = [(); 2].map(|()| {
            let runtime = tokio::runtime::Builder::new_current_thread();
            { runtime }.enable_time().build().unwrap()
        });
        let slots = Slots::new(1);
        let held = second.block_on(turn(&slots));
        let waiting = first.spawn({
            let slots = Arc::clone(&slots);
            async move { turn(&slots).await.hold }
        });
        first.block_on(tokio::task::yield_now());
        drop(held);
        let next = second.block_on(async { timeout(LONGEST, turn(&slots)).await.unwrap() });
        drop(next);
        assert_eq!(first.block_on(waiting).unwrap(), LONGEST);
    }
}
