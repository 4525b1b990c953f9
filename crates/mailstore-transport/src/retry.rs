//! Sending a request again that does no harm when it arrives twice.

use std::future::Future;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};

use crate::error::Error;

/// How often a request is sent again. Few: whoever waits for the answer is better told.
const REPEATS: usize = 3;

/// Carries out `attempt`, and again if its error says that this may help and cannot do harm.
///
/// The pauses begin with 100 ms and double, each with up to as much again at random.
pub(crate) async fn retry<T, F: Future<Output = Result<T, Error>>>(
    attempt: impl Fn() -> F,
) -> Result<T, Error> {
    let pauses = ExponentialBuilder::new()
        .with_min_delay(Duration::from_millis(100))
        .with_max_delay(Duration::from_secs(2))
        .with_max_times(REPEATS)
        .with_jitter()
        .build();
    for pause in pauses {
        match attempt().await {
            Err(error) if error.is_worth_repeating() && !error.is_timeout() => {
                tokio::time::sleep(pause).await
            }
            outcome => return outcome,
        }
    }
    attempt().await
}
