//! Starts a call with faults and follows it to its end.

use std::fmt::Debug;
use std::time::Duration;

use mailstore_api::server::Client;
use mailstore_api::server::types::StoreId;
use mailstore_api::{Error, ErrorKind, FromJson, StartFuture, StatusToken, Task};
use mailstore_sim::{Edition, Simulator};

use super::cell::Cell;
use super::column::{Called, Column};
use super::expect::Expect;
use super::judge::{expired, name};
use super::stage::{Followed, Stage};

/// Returns whether the simulator holds polls. This needs a clock: without a clock, every poll has news.
fn is_held(cell: &Cell) -> bool {
    cell.rules.iter().any(|rule| rule.contains("no-hold"))
}

fn connect(cell: &Cell, server: &Simulator) -> Client {
    // The cells count the requests of one call. `editions` tests the request before the first call.
    let mut builder = Client::builder(server.url())
        .assume_edition()
        .credentials(server.user(), server.password())
        .certificate_authority(server.certificate_pem())
        .poll_wait(Duration::from_millis(if is_held(cell) { 10_000 } else { 100 }));
    if cell.stalls() {
        builder = builder
            .connect_timeout(Duration::from_secs(2))
            .request_timeout(Duration::from_secs(3));
    }
    builder.build().unwrap()
}

/// Plays one cell.
///
/// # Errors
/// Returns the mismatch.
pub(crate) async fn play(cell: &Cell) -> Result<(), String> {
    let step = Duration::from_millis(if is_held(cell) { 300 } else { 0 });
    let server = Simulator::builder(Edition::Server)
        .step(step)
        .steps(cell.steps)
        .long_running("GetFolderStatistics")
        .start()
        .unwrap();
    let client = connect(cell, &server);
    let inject = |rule: &String| server.inject(rule.parse().unwrap()).unwrap();
    let faults = cell.rules.iter().map(inject).collect();
    let stage = Stage {
        cell,
        server,
        client,
        faults,
    };
    match cell.column.called() {
        Called::Action => {
            let start = stage.client.verify_store(StoreId(3), true).start();
            stage.run(start).await
        }
        Called::Read => {
            let start = stage.client.get_folder_statistics().start();
            stage.run(start).await
        }
    }
}

impl Stage<'_> {
    async fn run<T: FromJson + Debug>(&self, start: StartFuture<T>) -> Result<(), String> {
        let verdict = match start.await {
            Ok(task) => self.follow_and_judge(task).await,
            Err(error) => self.judge_start(&error),
        };
        self.check_starts()?;
        self.check_faults()?;
        verdict
    }

    async fn follow_and_judge<T: FromJson + Debug>(&self, mut task: Task<T>) -> Result<(), String> {
        let started = task.token().cloned();
        let token = started.as_ref().ok_or("a long call without a token")?.expose();
        let first = match self.cancel(&mut task).await {
            Ok(log) => follow(task, log).await,
            Err((log, error)) => Followed::broken(&task, log, error),
        };
        let Err(error) = &first.outcome else {
            return self.judge_end(token, first);
        };
        self.judge_unknown(error)?;
        let ended = matches!(error.kind(), ErrorKind::Failed(_));
        let resume_from = match &self.cell.expect {
            Expect::Outcome | Expect::OutcomeOr(_) | Expect::OutcomeOrTransient if ended => {
                return self.judge_end(token, first);
            }
            Expect::OutcomeOrTransient if error.is_resumable() => error.task_token(),
            Expect::Resumable(expected) if name(error) == *expected => error.task_token(),
            Expect::ExpiredByMistake if expired(error) => first.token.as_ref(),
            Expect::Expired if expired(error) => return self.judge_expired(token, &first.log),
            // The restart lost both the cancel request and the call.
            Expect::Expired if self.cell.column == Column::Cancel && error.is_resumable() => {
                error.task_token()
            }
            _ => {
                return Err(format!(
                    "the call ends with another error, {}: {error:?}",
                    name(error)
                ));
            }
        };
        let resume_from = resume_from.ok_or_else(|| format!("no token in {error:?}"))?;
        let second: Followed<T> = self.resume(resume_from, first.log).await?;
        if let Err(error) = &second.outcome {
            self.judge_unknown(error)?;
        }
        match &second.outcome {
            Err(error) if self.cell.expect == Expect::Expired && expired(error) => {
                self.judge_expired(token, &second.log)
            }
            _ => self.judge_end(token, second),
        }
    }

    /// In the columns with a cancel request, cancels the call after its first update. Returns the log of the update.
    async fn cancel<T: FromJson>(&self, task: &mut Task<T>) -> Result<String, (String, Error)> {
        let mut log = String::new();
        if !self.cell.cancels() {
            return Ok(log);
        }
        match task.next().await {
            Ok(update) => log.extend(update.iter().map(|update| update.log())),
            Err(error) => return Err((log, error)),
        }
        if self.cell.row.starts_with("connect ") {
            // A new client has no connections, like a client in another process.
            let token = task.token().cloned().unwrap();
            *task = connect(self.cell, &self.server).resume(token).unwrap();
        }
        match task.request_cancel().await {
            Ok(()) => Ok(log),
            Err(error) if !error.is_cancel_failure() => Err((log, error)),
            Err(error) if self.cell.column == Column::CancelLost && error.is_resumable() => Ok(log),
            Err(error) => Err((log, error)),
        }
    }

    /// Clears the faults and resumes the call from the saved token, as another process would.
    async fn resume<T: FromJson + Debug>(
        &self,
        token: &StatusToken,
        mut log: String,
    ) -> Result<Followed<T>, String> {
        self.server.clear_faults();
        let saved = serde_json::to_string(token).unwrap();
        let mut task: Task<T> = self
            .client
            .resume(serde_json::from_str(&saved).unwrap())
            .map_err(|error| format!("cannot be resumed: {error:?}"))?;
        if self.cell.column != Column::Cancel {
            return Ok(follow(task, log).await);
        }
        // Polls first, because polls are retried while the server restarts.
        match task.next().await {
            Ok(update) => log.extend(update.iter().map(|update| update.log())),
            Err(error) => return Ok(Followed::broken(&task, log, error)),
        }
        match task.request_cancel().await {
            Ok(()) => Ok(follow(task, log).await),
            Err(error) => Err(format!("cannot be cancelled again: {error:?}")),
        }
    }
}

/// Follows a call to its end. `log` is the log so far.
async fn follow<T: FromJson>(mut task: Task<T>, mut log: String) -> Followed<T> {
    let whole = log.is_empty();
    let mut lines = Vec::new();
    loop {
        match task.next().await {
            Ok(Some(update)) => {
                log.push_str(update.log());
                lines.extend_from_slice(update.lines());
            }
            Ok(None) => break,
            Err(error) => return Followed::broken(&task, log, error),
        }
    }
    if !whole {
        lines.clear();
    }
    Followed {
        log,
        lines,
        token: task.token().cloned(),
        outcome: task.await,
    }
}
