//! Follows a running call for a limited time, and writes its log.

use std::time::Duration;

use mailstore_api::{Connection, Error, ErrorKind, Json, StatusToken, Task};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, timeout_at};

use crate::hooks::{Point, reach};
use crate::logs::Logs;

/// How far a call is.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Progress {
    /// The size of the log.
    pub(crate) log_bytes: u64,
    /// Progress from 0 to 100, if the server reports it.
    pub(crate) percent: Option<f64>,
}

/// How a call ended at the server.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum End {
    Succeeded {
        result_bytes: u64,
        /// Why the result was not written, if it was not.
        problem: Option<String>,
    },
    Failed {
        reason: String,
    },
    Unknown {
        reason: String,
    },
}

/// A piece of the life of a call: what is known after following it for a while.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Slice {
    /// The token with the newest version that was received.
    pub(crate) token: StatusToken,
    pub(crate) progress: Progress,
    pub(crate) end: Option<End>,
    /// Why the call could not be followed, if it could not.
    pub(crate) problem: Option<String>,
}

/// Follows a call for this time. If the server cannot be asked, the slice says why, and the call may still be running.
pub(crate) async fn follow(
    connection: &Connection,
    mut token: StatusToken,
    mut progress: Progress,
    logs: &Logs,
    time: Duration,
) -> Slice {
    let until = Instant::now() + time;
    let mut task = match Task::<Json>::resume(connection, token.clone()) {
        Ok(task) => task,
        Err(error) => {
            let problem = Some(error.to_string());
            return slice(token, progress, None, problem);
        }
    };
    loop {
        // The server holds a status request for at most `poll_wait`, so this drops one request for each slice.
        let update = match timeout_at(until, task.next()).await {
            Err(_) => return slice(token, progress, None, None),
            Ok(update) => update,
        };
        match update {
            Ok(Some(update)) => {
                progress.percent = update.percent();
                match logs.write_log(progress.log_bytes, update.log()) {
                    Ok(size) => progress.log_bytes = size,
                    // The token is that of the log so far, so the next slice gets this part again.
                    Err(error) => return slice(token, progress, None, Some(unwritten(logs, &error))),
                }
                token = task.token().cloned().unwrap_or(token);
                reach(Point::Following).await;
            }
            Ok(None) => break,
            Err(error) if error.is_token_expired() => {
                let end = End::Unknown {
                    reason: error.to_string(),
                };
                return slice(token, progress, Some(end), None);
            }
            Err(error) => return slice(token, progress, None, Some(error.to_string())),
        }
    }
    let end = end_of(task, &mut progress, logs).await;
    slice(token, progress, Some(end), None)
}

fn slice(token: StatusToken, progress: Progress, end: Option<End>, problem: Option<String>) -> Slice {
    Slice {
        token,
        progress,
        end,
        problem,
    }
}

fn unwritten(logs: &Logs, error: &std::io::Error) -> String {
    format!("the worker cannot write {}: {error}", logs.log().display())
}

/// Writes the log and the result of a call that ended with its first response.
pub(crate) async fn follow_to_end(mut task: Task<Json>, logs: &Logs) -> (End, Progress) {
    let mut progress = Progress::default();
    while let Ok(Some(update)) = task.next().await {
        progress.percent = update.percent();
        // The outcome of the call matters more than its log.
        if let Ok(size) = logs.write_log(progress.log_bytes, update.log()) {
            progress.log_bytes = size;
        }
    }
    let end = end_of(task, &mut progress, logs).await;
    (end, progress)
}

/// Returns the outcome of a call that ended. The message of the server becomes the end of the log, because it may name
/// users and mailboxes.
async fn end_of(task: Task<Json>, progress: &mut Progress, logs: &Logs) -> End {
    match task.await {
        Ok(result) => {
            let written = logs.write_result(result.text());
            let problem = |error| format!("the worker cannot write {}: {error}", logs.result().display());
            End::Succeeded {
                result_bytes: *written.as_ref().unwrap_or(&0),
                problem: written.err().map(problem),
            }
        }
        Err(error) => of_error(&error, progress, logs),
    }
}

fn of_error(error: &Error, progress: &mut Progress, logs: &Logs) -> End {
    match error.kind() {
        ErrorKind::Failed(failure) => {
            let message = format!(
                "\r\nThe server reported `{}`: {}\r\n",
                failure.status,
                failure.message()
            );
            let written = logs.write_log(progress.log_bytes, &message);
            let place = match written {
                Ok(size) => {
                    progress.log_bytes = size;
                    "its message is at the end of the log".to_owned()
                }
                Err(error) => unwritten(logs, &error),
            };
            End::Failed {
                reason: format!("the server reported a failure: {place}"),
            }
        }
        ErrorKind::UnknownStatus { .. } => End::Unknown {
            reason: "the server sent a status that this program does not know".to_owned(),
        },
        _ => End::Unknown {
            reason: error.to_string(),
        },
    }
}
