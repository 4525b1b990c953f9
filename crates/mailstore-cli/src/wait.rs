//! Waits for the end of a call, shows its log, and asks the server to cancel it after Ctrl-C.

use std::num::ParseIntError;
use std::time::Duration;

use mailstore_api::{Error, Json, Task};
use miette::{IntoDiagnostic as _, miette};
use tokio::runtime::Runtime;
use tokio::time::{Instant, sleep_until};

use crate::exit::{Code, Failed};
use crate::presses::Presses;
use crate::progress::Progress;

/// The limits of the wait for a call.
#[derive(clap::Args, Clone, Copy, Default)]
pub(crate) struct Limits {
    /// Cancel the call if it has not ended after this time.
    #[arg(long, value_name = "SECONDS", value_parser = seconds, help_heading = "Long calls")]
    timeout: Option<Duration>,
    /// Cancel the call if its status has not changed for this time.
    #[arg(long, value_name = "SECONDS", value_parser = seconds, help_heading = "Long calls")]
    stalled: Option<Duration>,
}

fn seconds(text: &str) -> Result<Duration, ParseIntError> {
    text.parse().map(Duration::from_secs)
}

impl Limits {
    /// Returns the same limits for calls of an assistant.
    pub(crate) fn for_assistants(self) -> mailstore_mcp::Limits {
        mailstore_mcp::Limits {
            timeout: self.timeout,
            stalled: self.stalled,
        }
    }

    /// Returns the time of the first limit, for a wait that began at `began` and a status that changed at `changed`.
    fn end(self, began: Instant, changed: Instant) -> Option<Instant> {
        let timeout = self.timeout.and_then(|timeout| began.checked_add(timeout));
        let stalled = self.stalled.and_then(|stalled| changed.checked_add(stalled));
        timeout.into_iter().chain(stalled).min()
    }
}

/// Waits until a time, or forever.
async fn until(end: Option<Instant>) {
    match end {
        Some(end) => sleep_until(end).await,
        None => std::future::pending().await,
    }
}

/// Creates the runtime of a command.
pub(crate) fn runtime() -> Result<Runtime, Failed> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .into_diagnostic()
        .map_err(Failed::work)
}

/// Waits for the end of a call and returns its result.
///
/// The first Ctrl-C, or a limit, asks the server to cancel the call. Another Ctrl-C stops waiting: the error
/// then contains the token.
pub(crate) async fn finish(
    mut task: Task<Json>,
    limits: Limits,
    progress: &Progress,
    presses: &mut Presses,
) -> Result<Json, Failed> {
    let began = Instant::now();
    let mut changed = began;
    let reason = loop {
        tokio::select! {
            biased;
            () = presses.reach(1) => break Code::Cancelled,
            update = task.next() => match update? {
                Some(update) => {
                    progress.show(&update);
                    changed = Instant::now();
                }
                None => {
                    progress.end();
                    return Ok(task.await?);
                }
            },
            () = until(limits.end(began, changed)) => break Code::TimeLimit,
        }
    };
    let why = if reason == Code::TimeLimit {
        "The time limit is reached. "
    } else {
        ""
    };
    progress.note(&format!(
        "{why}Asking the server to cancel the call. Press Ctrl-C to leave it running."
    ));
    let token = task.token().cloned();
    let stop = if presses.any() { 2 } else { 1 };
    tokio::select! {
        result = cancel(task, progress) => result.map_err(|error| {
            let is_cancelled = error.is_cancelled();
            let failed = Failed::from(error);
            if is_cancelled { Failed { code: reason, ..failed } } else { failed }
        }),
        () = presses.reach(stop) => {
            progress.end();
            let report = miette!("stopped waiting: the call may still be running");
            Err(Failed { token: token.map(Box::new), ..Failed::new(Code::Cancelled, report) })
        }
    }
}

/// Asks the server to cancel a call, and shows its log until it ends.
async fn cancel(mut task: Task<Json>, progress: &Progress) -> Result<Json, Error> {
    task.request_cancel().await?;
    while let Some(update) = task.next().await? {
        progress.show(&update);
    }
    task.await
}
