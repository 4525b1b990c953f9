//! What the engine knows of windows and calls, read from its tables. Reading them needs no worker.

use std::collections::BTreeMap;

use jiff::Timestamp;
use miette::{IntoDiagnostic as _, Report, WrapErr as _, miette};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::api::{Engine, quoted};
use crate::call::{Batch, Call, in_round};
use crate::order::{Order, STATUS};
use crate::outcome::{ENDED_BY_ENGINE, Outcome, Phase, Results, Status};
use crate::trouble::{self, Attempts, Trouble};

/// The columns of the table of invocations that are read.
const COLUMNS: &str = "id, target_service_key, created_at, completed_at, completion_failure, last_failure, last_failure_error_code";

/// The entry of a journal with what its workflow was started with, and the place in it.
const INPUT: (&str, &str) = ("index = 0", "/Command/Input/payload");

/// The entry of a journal with the result of its workflow, and the place in it.
const OUTPUT: (&str, &str) = ("entry_type = 'Command: Output'", "/Command/Output/result/Success");

/// The condition for the state of a call that has not ended. The phase is the first member of a status.
const IS_OPEN: &str = r#"NOT starts_with(value_utf8, '{"phase":"ended"')"#;

/// When a workflow began and ended, and what the engine says about it.
#[derive(Clone, Debug, Default)]
pub struct Workflow {
    /// When the workflow was begun.
    pub begun: Option<Timestamp>,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// Why the engine ended it, if it did not end by itself.
    pub failure: Option<String>,
    /// What keeps the engine from continuing it.
    pub trouble: Option<Trouble>,
}

/// A call whose workflow was begun.
#[derive(Clone, Debug)]
pub struct KnownCall {
    /// The key of the workflow. It is that of the call, with the number of the round if the window was continued.
    pub key: String,
    /// The workflow.
    pub invocation: String,
    /// Whether the workflow has ended.
    pub completed: bool,
    /// What the call is doing. A workflow that no worker has begun has none.
    pub status: Option<Status>,
    /// What the engine says about the workflow.
    pub workflow: Workflow,
}

impl KnownCall {
    /// Returns whether the call waits for a decision.
    pub fn is_unknown(&self) -> bool {
        let phase = self.status.as_ref().map(|status| status.phase);
        !self.completed && phase == Some(Phase::Unknown)
    }

    /// Returns how the call ended.
    pub fn outcome(&self) -> Option<Outcome> {
        let status = self.status.as_ref();
        match status.and_then(|status| status.outcome) {
            None if self.was_ended() && status.is_some_and(|status| status.phase == Phase::Waiting) => {
                Some(Outcome::Skipped)
            }
            outcome => outcome,
        }
    }

    /// Returns whether the engine ended the workflow, for example because a person killed it there.
    pub fn was_ended(&self) -> bool {
        self.completed && self.workflow.failure.is_some()
    }

    /// Returns how the call ended, and why, as text for people.
    pub fn described(&self) -> String {
        if self.was_ended() && self.outcome().is_none() {
            return ENDED_BY_ENGINE.to_owned();
        }
        let ended = self.outcome().map_or("ended by the engine", Outcome::as_str);
        let reason = self.status.as_ref().and_then(|status| status.reason.as_deref());
        match reason {
            Some(reason) => format!("{ended} ({})", mailstore_reach::printable(reason)),
            None => ended.to_owned(),
        }
    }

    /// Returns the number of the round in which the workflow was begun.
    pub fn round(&self) -> u32 {
        let mut parts = self.key.split(':').skip(PARTS);
        parts.next().and_then(|round| round.parse().ok()).unwrap_or(1)
    }

    /// Returns the key of the call, without the number of the round.
    pub fn call_key(&self) -> &str {
        call_key(&self.key)
    }
}

/// How many parts the key of a call has.
const PARTS: usize = 5;

/// Returns the key of a call without the number of a round.
pub fn call_key(key: &str) -> &str {
    let end = key.match_indices(':').nth(PARTS - 1).map(|(place, _)| place);
    &key[..end.unwrap_or(key.len())]
}

/// Returns the window of a call, which its key begins with. `None` if this is not the key of a call.
pub fn window_of(key: &str) -> Option<&str> {
    let (window, rest) = key.split_once(':')?;
    (rest.split(':').count() >= PARTS - 1).then_some(window)
}

/// The workflow of a window.
#[derive(Clone, Debug)]
pub struct KnownRun {
    /// The window.
    pub window: String,
    /// The workflow.
    pub invocation: String,
    /// Counts the workflows of the window from 1.
    pub round: u32,
    /// Whether it has ended.
    pub completed: bool,
    /// What the engine says about it.
    pub workflow: Workflow,
}

impl KnownRun {
    /// Returns the key of the workflow.
    pub fn key(&self) -> String {
        in_round(&self.window, self.round)
    }
}

#[derive(Deserialize)]
struct Row {
    id: String,
    target_service_key: String,
    created_at: Option<Timestamp>,
    completed_at: Option<Timestamp>,
    completion_failure: Option<String>,
    #[serde(flatten)]
    attempts: Attempts,
}

impl Row {
    fn workflow(&mut self) -> Workflow {
        Workflow {
            begun: self.created_at,
            ended: self.completed_at,
            failure: self.completion_failure.take(),
            trouble: Trouble::of(std::mem::take(&mut self.attempts)),
        }
    }
}

impl Engine {
    /// Returns the last workflow of a window.
    ///
    /// # Errors
    /// The engine cannot be reached.
    pub async fn last_run(&self, window: &str) -> Result<Option<KnownRun>, Report> {
        let runs = self.runs_of(Some(window)).await?;
        Ok(runs.into_iter().max_by_key(|run| run.round))
    }

    /// Returns the workflows of a window, or of all windows, in the order in which they were begun.
    ///
    /// # Errors
    /// The engine cannot be reached.
    pub async fn runs_of(&self, window: Option<&str>) -> Result<Vec<KnownRun>, Report> {
        let filter = window.map_or_else(|| "true".to_owned(), of);
        let run = |mut row: Row| {
            let (window, round) = match row.target_service_key.split_once(':') {
                Some((window, round)) => (window, round.parse().unwrap_or(1)),
                None => (row.target_service_key.as_str(), 1),
            };
            KnownRun {
                window: window.to_owned(),
                round,
                completed: row.attempts.is_completed(),
                workflow: row.workflow(),
                invocation: row.id,
            }
        };
        let rows = self.runs("FleetRun", &filter).await?;
        let mut runs: Vec<KnownRun> = rows.into_iter().map(run).collect();
        runs.sort_by_key(|run| (run.workflow.begun, run.round));
        Ok(runs)
    }

    /// Returns the names of the windows.
    ///
    /// # Errors
    /// The engine cannot be reached.
    pub async fn windows(&self) -> Result<Vec<String>, Report> {
        let runs = self.runs_of(None).await?;
        let mut names: Vec<String> = runs.into_iter().map(|run| run.window).collect();
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }

    /// Returns the calls of a window whose workflows were begun. A call that had several has the last one.
    ///
    /// # Errors
    /// The engine cannot be reached.
    pub async fn calls(&self, window: &str) -> Result<Vec<KnownCall>, Report> {
        let filter = in_window(window);
        self.known_calls(&filter, &filter).await
    }

    /// Returns the calls of a window whose workflows have not ended.
    ///
    /// # Errors
    /// The engine cannot be reached.
    pub async fn open_calls(&self, window: &str) -> Result<Vec<KnownCall>, Report> {
        let filter = format!("{} AND status <> 'completed'", in_window(window));
        self.known_calls(&filter, &format!("{} AND {IS_OPEN}", in_window(window)))
            .await
    }

    /// Returns a call by its key, with or without the number of a round.
    ///
    /// # Errors
    /// The engine cannot be reached.
    pub async fn known_call(&self, key: &str) -> Result<Option<KnownCall>, Report> {
        let filter = of(call_key(key));
        let calls = self.known_calls(&filter, &filter).await?;
        Ok(calls.into_iter().next())
    }

    /// Returns the calls whose workflows and whose states have these properties.
    async fn known_calls(&self, filter: &str, of_state: &str) -> Result<Vec<KnownCall>, Report> {
        #[derive(Deserialize)]
        struct State {
            service_key: String,
            value_utf8: String,
        }
        // The workflows are read first, so the status of a workflow that has ended is its last one.
        let rows = self.runs("MailCall", filter).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let of_state = of_state.replace("target_service_key", "service_key");
        let sql = format!(
            "SELECT service_key, value_utf8 FROM state WHERE service_name = 'MailCall' AND key = '{STATUS}' AND {of_state}"
        );
        let states: Vec<State> = self.query(&sql).await?;
        let mut states: BTreeMap<String, String> = states
            .into_iter()
            .map(|state| (state.service_key, state.value_utf8))
            .collect();
        let mut calls: BTreeMap<String, KnownCall> = BTreeMap::new();
        for mut row in rows {
            let status = states.remove(&row.target_service_key);
            let call = KnownCall {
                status: status.and_then(|text| serde_json::from_str(&text).ok()),
                completed: row.attempts.is_completed(),
                workflow: row.workflow(),
                key: row.target_service_key,
                invocation: row.id,
            };
            let earlier = calls.get(call.call_key());
            if earlier.is_none_or(|earlier| earlier.round() < call.round()) {
                calls.insert(call.call_key().to_owned(), call);
            }
        }
        Ok(calls.into_values().collect())
    }

    async fn runs(&self, workflow: &str, filter: &str) -> Result<Vec<Row>, Report> {
        let sql = format!(
            "SELECT {COLUMNS}, {} AS status FROM sys_invocation WHERE target_service_name = '{workflow}' AND target_handler_name = 'run' AND {filter}",
            trouble::STATUS
        );
        self.query(&sql).await
    }

    /// Returns the calls that a job was started with.
    ///
    /// # Errors
    /// The engine cannot be reached, or a different version started the job.
    pub async fn batch(&self, run: &KnownRun) -> Result<Batch, Report> {
        self.input(&run.invocation).await
    }

    /// Returns the calls that a job was started with, or `None` if the engine no longer has its journal.
    ///
    /// # Errors
    /// The engine cannot be reached, or a different version started the job.
    pub async fn batch_if_kept(&self, run: &KnownRun) -> Result<Option<Batch>, Report> {
        self.entry(&run.invocation, INPUT.0, INPUT.1).await
    }

    /// Returns the call of a workflow.
    ///
    /// # Errors
    /// The engine cannot be reached, or a different version started the call.
    pub async fn call_of(&self, known: &KnownCall) -> Result<Call, Report> {
        let order: Order = self.input(&known.invocation).await?;
        Ok(order.call)
    }

    /// Returns what a job that has ended knows about each call. A job that was ended by the engine has nothing.
    ///
    /// # Errors
    /// The engine cannot be reached, or a different version started the job.
    pub async fn results(&self, run: &KnownRun) -> Result<Results, Report> {
        let found = self.entry(&run.invocation, OUTPUT.0, OUTPUT.1).await?;
        Ok(found.unwrap_or_default())
    }

    /// Returns what a workflow was started with, which is the first entry of its journal.
    async fn input<T: DeserializeOwned>(&self, invocation: &str) -> Result<T, Report> {
        let found = self.entry(invocation, INPUT.0, INPUT.1).await?;
        found.ok_or_else(|| miette!("the engine has no journal of {invocation}"))
    }

    /// Returns a value in the journal of a workflow.
    async fn entry<T: DeserializeOwned>(
        &self,
        invocation: &str,
        filter: &str,
        place: &str,
    ) -> Result<Option<T>, Report> {
        #[derive(Deserialize)]
        struct Entry {
            entry_json: String,
        }
        let id = quoted(invocation);
        let sql = format!("SELECT entry_json FROM sys_journal WHERE id = {id} AND {filter}");
        let rows: Vec<Entry> = self.query(&sql).await?;
        let Some(row) = rows.into_iter().next() else {
            return Ok(None);
        };
        let what = || format!("the engine returned an unexpected journal of {invocation}");
        let entry: Value = serde_json::from_str(&row.entry_json)
            .into_diagnostic()
            .wrap_err_with(what)?;
        let Some(payload) = entry.pointer(place).cloned() else {
            return Ok(None);
        };
        let bytes: Vec<u8> = serde_json::from_value(payload)
            .into_diagnostic()
            .wrap_err_with(what)?;
        serde_json::from_slice(&bytes)
            .into_diagnostic()
            .wrap_err_with(what)
            .map(Some)
    }
}

/// Returns the condition for the keys of the calls of a window.
fn in_window(window: &str) -> String {
    let beginning = quoted(&format!("{window}:"));
    format!("starts_with(target_service_key, {beginning})")
}

/// Returns the condition for a key in any round.
fn of(key: &str) -> String {
    let (key, rounds) = (quoted(key), quoted(&format!("{key}:")));
    format!("(target_service_key = {key} OR starts_with(target_service_key, {rounds}))")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_a_call_is_found_in_each_round() {
        let key = "2026-11-27/verify:berlin::VerifyStore:0123456789abcdef";
        for given in [key.to_owned(), format!("{key}:2"), format!("{key}:11")] {
            assert_eq!(call_key(&given), key);
            assert_eq!(window_of(&given), Some("2026-11-27/verify"));
        }
        assert_eq!(window_of("2026-11-27/verify"), None);
        assert_eq!(window_of("2026-11-27/verify:2"), None);
    }
}
