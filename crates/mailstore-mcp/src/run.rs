//! Runs a call to its end, its limits, or its cancellation.

use std::time::Duration;

use mailstore_transport::{Call, Error, Json, Task};
use tokio::time::{Instant, sleep_until, timeout};

use crate::progress::Progress;
use crate::settings::Limits;

/// How long the end of a call is awaited after the server was asked to cancel it.
const CANCEL_TIME: Duration = Duration::from_secs(60);

/// How a call ended.
pub(crate) enum End {
    Succeeded(Json),
    /// The first request failed.
    NotStarted(Error),
    /// The server had started the call.
    Failed(Error),
    /// The server was asked to cancel the call.
    Stopped {
        why: Why,
        /// Whether the server confirmed that the call has ended.
        has_ended: bool,
    },
}

impl End {
    /// Returns whether it is known what a change has done.
    pub(crate) fn is_known(&self) -> bool {
        match self {
            Self::Succeeded(_) => true,
            Self::NotStarted(error) | Self::Failed(error) => !error.is_outcome_unknown(),
            Self::Stopped { .. } => false,
        }
    }
}

/// Why the server was asked to cancel a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// The client cancelled the request, or ended.
    Client,
    /// The call reached a limit.
    Limit,
}

/// Sends a call once and waits for its end. If the client cancels it or a limit is reached, the server is asked once to
/// cancel it.
///
/// A cancellation before the server has responded to the start waits for the response, because the call cannot be
/// cancelled without its token. Nothing is repeated.
pub(crate) async fn run(
    call: Call<Json>,
    limits: Limits,
    cancelled: impl Future<Output = ()>,
    progress: &mut Progress<'_>,
) -> End {
    let began = Instant::now();
    let mut task = match call.start().await {
        Ok(task) => task,
        Err(error) => return End::NotStarted(error),
    };
    let mut changed = Instant::now();
    tokio::pin!(cancelled);
    let why = loop {
        tokio::select! {
            biased;
            () = &mut cancelled => break Why::Client,
            update = task.next() => match update {
                Ok(Some(update)) => {
                    progress.show(&update).await;
                    changed = Instant::now();
                }
                Ok(None) => return ended(task.await),
                Err(error) => return End::Failed(error),
            },
            () = until(end(limits, began, changed)) => break Why::Limit,
        }
    };
    if why == Why::Client {
        progress.end();
    }
    match timeout(CANCEL_TIME, cancel(task, progress)).await {
        Ok(Err(error)) if error.is_cancelled() => End::Stopped { why, has_ended: true },
        Ok(result) => ended(result),
        Err(_) => End::Stopped {
            why,
            has_ended: false,
        },
    }
}

fn ended(result: Result<Json, Error>) -> End {
    match result {
        Ok(result) => End::Succeeded(result),
        Err(error) => End::Failed(error),
    }
}

/// Returns the time of the first limit.
fn end(limits: Limits, began: Instant, changed: Instant) -> Option<Instant> {
    let timeout = limits.timeout.and_then(|limit| began.checked_add(limit));
    let stalled = limits.stalled.and_then(|limit| changed.checked_add(limit));
    timeout.into_iter().chain(stalled).min()
}

/// Waits until a time, or forever.
async fn until(end: Option<Instant>) {
    match end {
        Some(end) => sleep_until(end).await,
        None => std::future::pending().await,
    }
}

/// Asks the server to cancel a call, and waits for its end.
async fn cancel(mut task: Task<Json>, progress: &mut Progress<'_>) -> Result<Json, Error> {
    task.request_cancel().await?;
    while let Some(update) = task.next().await? {
        progress.show(&update).await;
    }
    task.await
}
