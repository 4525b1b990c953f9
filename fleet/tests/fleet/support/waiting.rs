//! Waits for conditions.

use std::time::Duration;

use tokio::time::{Instant, sleep};

/// How long a condition may take to become true.
pub(crate) const DEADLINE: Duration = Duration::from_secs(90);

/// Waits until a condition is true.
pub(crate) async fn eventually(what: &str, condition: impl AsyncFn() -> bool) {
    let until = Instant::now() + DEADLINE;
    while !condition().await {
        assert!(Instant::now() < until, "not in time: {what}");
        sleep(Duration::from_millis(20)).await;
    }
}
