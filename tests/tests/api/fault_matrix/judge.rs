//! Compares what a client made of a call with what the simulator knows of it.

use std::fmt::Debug;

use mailstore_api::{Error, ErrorKind, FromJson};
use mailstore_sim::LongCall;

use super::column::{Called, Column};
use super::expect::Expect;
use super::stage::{Followed, Stage};

impl Stage<'_> {
    pub(crate) fn judge_start(&self, error: &Error) -> Result<(), String> {
        let (expected, unknown) = match &self.cell.expect {
            Expect::StartFails { error, unknown } => (error, *unknown),
            Expect::OutcomeOr(error) => (error, error == "OutcomeUnknown"),
            _ => return Err(format!("the start fails: {error:?}")),
        };
        let carried_out = self.server.starts(error.function().unwrap_or_default()) > 0;
        if matches!(error.kind(), ErrorKind::Connect { .. }) && carried_out {
            return Err("started, though it says that nothing was sent".to_owned());
        }
        let actual = (name(error), error.is_outcome_unknown());
        if actual != (expected.clone(), unknown) {
            return Err(format!("the start fails otherwise, {actual:?}: {error:?}"));
        }
        if unknown && error.is_transient() {
            return Err("said to be transient although its outcome is unknown".to_owned());
        }
        Ok(())
    }

    /// An error after the start: unless it tells how the call ended, the outcome of one that changes the server is
    /// unknown.
    pub(crate) fn judge_unknown(&self, error: &Error) -> Result<(), String> {
        let tells = matches!(error.kind(), ErrorKind::Failed(_) | ErrorKind::Decode { .. });
        let expected = self.cell.column.called() == Called::Action && !tells;
        if error.is_outcome_unknown() != expected {
            return Err(format!("its outcome is unknown: {}, {error:?}", !expected));
        }
        if expected && error.is_transient() {
            return Err("said to be transient although its outcome is unknown".to_owned());
        }
        Ok(())
    }

    /// The call as the simulator knows it.
    fn truth(&self, token: &str) -> Result<LongCall, String> {
        let found = self.server.tasks().into_iter().find(|call| call.token == token);
        found.ok_or_else(|| "the token is that of no call".to_owned())
    }

    pub(crate) fn judge_end<T: FromJson + Debug>(
        &self,
        token: &str,
        followed: Followed<T>,
    ) -> Result<(), String> {
        let truth = self.truth(token)?;
        if matches!(
            self.cell.expect,
            Expect::StartFails { .. } | Expect::Expired | Expect::Resumable(_)
        ) && !self.faults_cleared()
        {
            return Err("ends as if nothing had happened".to_owned());
        }
        let fits = match self.cell.expect {
            Expect::OutcomeWithoutLog => lacks_a_piece(&followed.log, &truth.log),
            _ => followed.log == truth.log,
        };
        if !fits {
            return Err(format!(
                "the log is {:?}\n    and at the server {:?}",
                followed.log, truth.log
            ));
        }
        let lines: Vec<&str> = followed.log.lines().collect();
        if !followed.lines.is_empty() && followed.lines != lines {
            return Err(format!(
                "the lines are {:?}\n    and those of the log {lines:?}",
                followed.lines
            ));
        }
        if self.cell.column == Column::Cancel && !truth.cancelled {
            return Err("the server was never asked to cancel".to_owned());
        }
        match (&followed.outcome, truth.status) {
            (Ok(result), "succeeded") if !truth.cancelled => {
                let expected = T::from_json(&truth.result.into()).map_err(|problem| problem.to_string())?;
                match format!("{result:?}") == format!("{expected:?}") {
                    true => Ok(()),
                    false => Err(format!("the result is {result:?} and at the server {expected:?}")),
                }
            }
            (Err(error), "failed") if truth.cancelled => {
                // A process that resumes the call and did not ask itself knows only what the server says.
                let known = error.is_cancelled() || self.faults_cleared();
                let message = error.server_error().map(|error| error.message.clone());
                match known && message == truth.error {
                    true => Ok(()),
                    false => Err(format!("not said to be cancelled, or in other words: {error:?}")),
                }
            }
            (outcome, status) => Err(format!("ends with {outcome:?}, at the server {status}")),
        }
    }

    pub(crate) fn judge_expired(&self, token: &str, log: &str) -> Result<(), String> {
        let truth = self.truth(token)?;
        if !truth.forgotten {
            return Err("said to be expired, and the server knows the token".to_owned());
        }
        match truth.log.starts_with(log) {
            true => Ok(()),
            false => Err(format!("the log is {log:?} and at the server {:?}", truth.log)),
        }
    }

    pub(crate) fn faults_cleared(&self) -> bool {
        self.server.faults().is_empty()
    }

    /// Nothing is started twice, except that a read may be.
    pub(crate) fn check_starts(&self) -> Result<(), String> {
        let unsent = matches!(self.cell.column, Column::Sent(_));
        let fails = matches!(self.cell.expect, Expect::StartFails { .. });
        let (function, most) = match self.cell.column.called() {
            Called::Action => ("VerifyStore", 1),
            Called::Read if matches!(self.cell.column, Column::Answered(_)) => ("GetFolderStatistics", 2),
            Called::Read => ("GetFolderStatistics", 1),
        };
        let most = if unsent && fails { 0 } else { most };
        let (starts, tasks) = (self.server.starts(function), self.server.tasks().len());
        if starts > most || tasks != starts {
            return Err(format!(
                "started {starts} times and {tasks} calls run, at most {most}"
            ));
        }
        Ok(())
    }

    /// A cell in which nothing went wrong would prove nothing.
    pub(crate) fn check_faults(&self) -> Result<(), String> {
        let unmet: Vec<String> = self
            .faults
            .iter()
            .filter(|fault| fault.applied() == 0)
            .map(|fault| fault.rule().to_string())
            .collect();
        // Of the faults that come with every other poll, the last ones may come too late.
        let needed = if self.cell.column == Column::Each {
            1
        } else {
            self.faults.len()
        };
        match self.faults.len() - unmet.len() >= needed {
            true => Ok(()),
            false => Err(format!("did not meet {unmet:?}")),
        }
    }
}

/// Whether a log is a part of the server's, in the same order.
fn lacks_a_piece(log: &str, at_server: &str) -> bool {
    let mut rest = at_server.chars();
    log.len() < at_server.len() && log.chars().all(|found| rest.any(|expected| expected == found))
}

pub(crate) fn expired(error: &Error) -> bool {
    error.is_token_expired() && error.task_token().is_none()
}

pub(crate) fn name(error: &Error) -> String {
    let name = match error.kind() {
        ErrorKind::Connect { .. } => "Connect",
        ErrorKind::Lost { .. } => "Lost",
        ErrorKind::OutcomeUnknown { .. } => "OutcomeUnknown",
        ErrorKind::Unauthorized => "Unauthorized",
        ErrorKind::Forbidden => "Forbidden",
        ErrorKind::UnknownFunction { .. } => "UnknownFunction",
        ErrorKind::TokenExpired => "TokenExpired",
        ErrorKind::Envelope { .. } => "Envelope",
        ErrorKind::UnknownStatus { .. } => "UnknownStatus",
        ErrorKind::Failed(_) => "Failed",
        ErrorKind::Http { status } => return format!("Http {status}"),
        _ => "another error",
    };
    name.to_owned()
}
