//! Retries requests that are idempotent or were not sent.

use std::future::Future;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use tokio::time::Instant;

use crate::error::Error;

/// Runs `attempt`, and retries it at most `retries` times while its error is transient.
///
/// `timeout` covers all attempts and the pauses between them. Each attempt gets the remaining time. If a pause would
/// use up the remaining time, the error of the last attempt is returned instead.
///
/// The pauses start at 100 ms and double up to 2 s, plus a random addition of up to the same length. `Retry-After` of
/// the server makes them longer.
pub(crate) async fn retry<T, F: Future<Output = Result<T, Error>>>(
    retries: usize,
    timeout: Duration,
    attempt: impl Fn(Duration) -> F,
) -> Result<T, Error> {
    let began = Instant::now();
    let left = || timeout.saturating_sub(began.elapsed());
    let mut pauses = ExponentialBuilder::new()
        .with_min_delay(Duration::from_millis(100))
        .with_max_delay(Duration::from_secs(2))
        .with_max_times(retries)
        .with_jitter()
        .build();
    let mut time = timeout;
    loop {
        let error = match attempt(time).await {
            Err(error) if error.is_transient() => error,
            outcome => return outcome,
        };
        let Some(pause) = pauses.next() else {
            return Err(error);
        };
        let pause = pause.max(error.retry_after().unwrap_or_default());
        if pause >= left() {
            return Err(error);
        }
        tokio::time::sleep(pause).await;
        time = left();
    }
}
