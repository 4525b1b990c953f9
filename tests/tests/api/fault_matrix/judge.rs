//! Compares the outcome at the client with the actual state in the simulator.

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
        let executed = self.server.starts(error.function().unwrap_or_default()) > 0;
        if matches!(error.kind(), ErrorKind::Connect { .. }) && executed {
            return Err("the call was started, but the error says that nothing was sent".to_owned());
        }
        let actual = (name(error), error.is_outcome_unknown());
        if actual != (expected.clone(), unknown) {
            return Err(format!(
                "the start fails with another error, {actual:?}: {error:?}"
            ));
        }
        if unknown && error.is_transient() {
            return Err("the error is transient although its outcome is unknown".to_owned());
        }
        Ok(())
    }

    /// Checks an error after the start. The outcome of a call that may change the server is unknown, unless the error
    /// contains it.
    pub(crate) fn judge_unknown(&self, error: &Error) -> Result<(), String> {
        let is_outcome = matches!(error.kind(), ErrorKind::Failed(_) | ErrorKind::Decode { .. });
        let expected = self.cell.column.called() == Called::Action && !is_outcome;
        if error.is_outcome_unknown() != expected {
            return Err(format!("`is_outcome_unknown` is {}: {error:?}", !expected));
        }
        if expected && error.is_transient() {
            return Err("the error is transient although its outcome is unknown".to_owned());
        }
        Ok(())
    }

    /// Returns the actual state of a call.
    fn truth(&self, token: &str) -> Result<LongCall, String> {
        let found = self.server.tasks().into_iter().find(|call| call.token == token);
        found.ok_or_else(|| "no call has the token".to_owned())
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
            return Err("the call ends without an error".to_owned());
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
            return Err("the server received no cancel request".to_owned());
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
                // A process that resumed the call and did not cancel it has only the message of the server.
                let known = error.is_cancelled() || self.faults_cleared();
                let message = error.server_error().map(|error| error.message.clone());
                match known && message == truth.error {
                    true => Ok(()),
                    false => Err(format!(
                        "the error is not a cancellation or has another message: {error:?}"
                    )),
                }
            }
            (outcome, status) => Err(format!(
                "the call ends with {outcome:?}, and at the server with {status}"
            )),
        }
    }

    pub(crate) fn judge_expired(&self, token: &str, log: &str) -> Result<(), String> {
        let truth = self.truth(token)?;
        if !truth.forgotten {
            return Err("the token is expired at the client but valid at the server".to_owned());
        }
        match truth.log.starts_with(log) {
            true => Ok(()),
            false => Err(format!("the log is {log:?} and at the server {:?}", truth.log)),
        }
    }

    pub(crate) fn faults_cleared(&self) -> bool {
        self.server.faults().is_empty()
    }

    /// Checks that no call was started twice, except read-only calls.
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

    /// Checks that the faults were applied. Otherwise, the cell would prove nothing.
    pub(crate) fn check_faults(&self) -> Result<(), String> {
        let unapplied: Vec<String> = self
            .faults
            .iter()
            .filter(|fault| fault.applied() == 0)
            .map(|fault| fault.rule().to_string())
            .collect();
        // If every other poll has a fault, the call may end before the last faults.
        let needed = if self.cell.column == Column::Each {
            1
        } else {
            self.faults.len()
        };
        match self.faults.len() - unapplied.len() >= needed {
            true => Ok(()),
            false => Err(format!("these faults were not applied: {unapplied:?}")),
        }
    }
}

/// Returns whether a log is the server's log without some characters.
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
        ErrorKind::InvalidHttp { .. } => "InvalidHttp",
        ErrorKind::Envelope { .. } => "Envelope",
        ErrorKind::UnknownStatus { .. } => "UnknownStatus",
        ErrorKind::Failed(_) => "Failed",
        ErrorKind::Http { status } => return format!("Http {status}"),
        _ => "another error",
    };
    name.to_owned()
}
