//! Follows a running call for a limited time, and writes its log.

use std::time::Duration;

use mailstore_api::{Connection, Error, ErrorKind, Json, StatusToken, Task};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, timeout_at};

use crate::hooks::{Point, reach};
use crate::logs::{Logs, Writer};
use crate::reason::reason;
use crate::store::Stores;

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
    Succeeded { result_bytes: u64 },
    Failed { reason: String },
    Unknown { reason: String },
}

/// A piece of the life of a call: what is known after following it for a while.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Slice {
    /// The token with the newest version that was received.
    pub(crate) token: StatusToken,
    pub(crate) progress: Progress,
    pub(crate) end: Option<End>,
    /// Why the call could not be followed or its log could not be written.
    pub(crate) problem: Option<String>,
}

/// Follows a call for this time. If the server cannot be asked or the log cannot be written, the slice says why, and its
/// token is that of the log so far.
///
/// If the call has ended and its log or its result cannot be written, the slice has the end as well as the problem.
pub(crate) async fn follow(
    connection: &Connection,
    token: StatusToken,
    progress: Progress,
    mut writer: Writer<'_>,
    time: Duration,
) -> Slice {
    let until = Instant::now() + time;
    let mut slice = Slice {
        token: token.clone(),
        progress,
        end: None,
        problem: None,
    };
    let mut task = match Task::<Json>::resume(connection, token) {
        Ok(task) => task,
        Err(error) => {
            slice.problem = Some(reason(&error));
            return slice;
        }
    };
    loop {
        // The server holds a status request for at most `poll_wait`, so this drops one request for each slice.
        match timeout_at(until, task.next()).await {
            Ok(Ok(Some(update))) => {
                slice.progress.percent = update.percent();
                let added = writer.add(update.log()).await;
                match added {
                    Ok(Some(size)) => slice.is_written(size, &task),
                    Ok(None) => {}
                    Err(problem) => {
                        slice.problem = Some(problem);
                        return slice;
                    }
                }
                reach(Point::Following).await;
            }
            Ok(Ok(None)) => break,
            stopped => {
                match writer.flush().await {
                    Ok(size) => slice.is_written(size, &task),
                    Err(problem) => slice.problem = Some(problem),
                }
                match stopped {
                    Ok(Err(error)) if error.is_token_expired() => {
                        let reason = reason(&error);
                        slice.end = Some(End::Unknown { reason });
                        slice.problem = None;
                    }
                    Ok(Err(error)) => slice.problem = Some(reason(&error)),
                    _ => {}
                }
                reach(Point::AfterWriting).await;
                return slice;
            }
        }
    }
    let newest = task.token().cloned();
    let (end, written) = end_of(task, &mut writer).await;
    slice.end = Some(end);
    match written {
        Ok(size) => {
            slice.progress.log_bytes = size;
            slice.token = newest.unwrap_or(slice.token);
        }
        Err(problem) => slice.problem = Some(problem),
    }
    reach(Point::AfterWriting).await;
    slice
}

impl Slice {
    /// Notes that all of the log that was received is written.
    fn is_written(&mut self, size: u64, task: &Task<Json>) {
        self.progress.log_bytes = size;
        if let Some(token) = task.token() {
            self.token = token.clone();
        }
    }
}

/// Writes the log and the result of a call that ended with its first response. Returns the problem of writing them.
pub(crate) async fn follow_to_end(
    mut task: Task<Json>,
    logs: &Logs,
    stores: &Stores,
) -> (End, Progress, Option<String>) {
    let mut progress = Progress::default();
    let mut writer = Writer::new(logs, stores, 0);
    while let Ok(Some(update)) = task.next().await {
        progress.percent = update.percent();
        // The outcome of the call matters more than its log. What was not written is written again at the end.
        let _ = writer.add(update.log()).await;
    }
    let (end, written) = end_of(task, &mut writer).await;
    progress.log_bytes = *written.as_ref().unwrap_or(&0);
    (end, progress, written.err())
}

/// Returns the outcome of a call that ended, and the size of its log or the problem of writing the log and the result.
/// The message of the server becomes the end of the log, because it may name users and mailboxes.
async fn end_of(task: Task<Json>, writer: &mut Writer<'_>) -> (End, Result<u64, String>) {
    match task.await {
        Ok(result) => {
            let (log, result) = (writer.flush().await, writer.result(result.text()).await);
            let result_bytes = *result.as_ref().unwrap_or(&0);
            (End::Succeeded { result_bytes }, result.and(log))
        }
        Err(error) => of_error(&error, writer).await,
    }
}

async fn of_error(error: &Error, writer: &mut Writer<'_>) -> (End, Result<u64, String>) {
    let ErrorKind::Failed(failure) = error.kind() else {
        let reason = reason(error);
        // A person decides about the call, whether its log is complete or not.
        let size = writer.flush().await.unwrap_or_default();
        return (End::Unknown { reason }, Ok(size));
    };
    let message = format!(
        "\r\nThe server reported `{}`: {}\r\n",
        failure.status,
        failure.message()
    );
    let written = match writer.add(&message).await {
        Ok(_) => writer.flush().await,
        Err(problem) => Err(problem),
    };
    let place = match &written {
        Ok(_) => "its message is at the end of the log",
        Err(problem) => problem,
    };
    let reason = format!("{}: {place}", reason(error));
    (End::Failed { reason }, written)
}
