//! The starts that are under way in a worker.
//!
//! A start that is interrupted has an unknown outcome. A worker that is stopped therefore waits for its starts.

use std::future::pending;

use tokio::sync::watch;

use crate::hooks::{Point, reach};

/// Counts the starts of calls that may change something.
#[derive(Clone, Debug, Default)]
pub(crate) struct Starts(watch::Sender<State>);

#[derive(Clone, Copy, Debug, Default)]
struct State {
    under_way: usize,
    is_stopping: bool,
}

/// A start that is under way: from before its claim until its result is in the journal.
pub(crate) struct UnderWay<'a>(&'a Starts);

impl Starts {
    /// Begins a start. In a worker that is being stopped, this never returns: the attempt ends with the worker, and the
    /// next worker makes the start.
    pub(crate) async fn begin(&self) -> UnderWay<'_> {
        let mut has_begun = false;
        self.0.send_modify(|state| {
            has_begun = !state.is_stopping;
            state.under_way += usize::from(has_begun);
        });
        if !has_begun {
            reach(Point::HeldBack).await;
            pending::<()>().await;
        }
        UnderWay(self)
    }

    /// Lets no further start begin. Returns how many are under way.
    pub(crate) fn stop(&self) -> usize {
        self.0.send_modify(|state| state.is_stopping = true);
        self.under_way()
    }

    /// Returns how many starts are under way.
    pub(crate) fn under_way(&self) -> usize {
        self.0.borrow().under_way
    }

    /// Waits until no start is under way.
    pub(crate) async fn all_ended(&self) {
        let mut states = self.0.subscribe();
        // The sender lives as long as `self`, so this does not fail.
        let _ = states.wait_for(|state| state.under_way == 0).await;
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.0.send_modify(|state| state.under_way -= 1);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn a_stopped_worker_waits_for_its_starts_and_begins_no_other() {
        let starts = Starts::default();
        let (one, two) = (starts.begin().await, starts.begin().await);
        assert_eq!(starts.stop(), 2);
        let short = Duration::from_millis(20);
        assert!(timeout(short, starts.begin()).await.is_err());
        drop(one);
        assert_eq!(starts.under_way(), 1);
        assert!(timeout(short, starts.all_ended()).await.is_err());
        drop(two);
        starts.all_ended().await;
        assert!(timeout(short, starts.begin()).await.is_err());
        assert_eq!(starts.under_way(), 0);
    }
}
