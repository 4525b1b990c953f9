//! A window with its calls, as it is shown.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use super::call::SeenCall;
use super::totals::Totals;
use crate::advice::resume_command;
use crate::call::{Batch, Call};
use crate::exit;
use crate::known::{KnownCall, KnownRun};
use crate::outcome::{Ended, Outcome, Results, Settled};
use crate::trouble::{Stuck, Trouble};

/// Why calls have not begun whose job the engine ended.
const NOT_BEGUN: &str = "the job ended";

/// What a window is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Its time has not come.
    Waiting,
    /// The job, or a call of it, has not ended.
    Running,
    /// All calls have ended, or wait for a decision.
    Ended,
}

impl State {
    /// Returns the state as one word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Ended => "ended",
        }
    }

    /// Returns the state of a window. `opens` is the time until which its calls wait.
    pub(super) fn of(
        run: Option<&KnownRun>,
        totals: &Totals,
        opens: Option<Timestamp>,
        now: Timestamp,
    ) -> Self {
        let is_over = run.is_none_or(|run| run.completed);
        if is_over && totals.open() == 0 {
            Self::Ended
        } else if !is_over && totals.planned == totals.calls && opens.is_some_and(|opens| opens > now) {
            Self::Waiting
        } else {
            Self::Running
        }
    }
}

/// What the engine has about a window.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// The workflows of the window, the first one first.
    pub runs: Vec<KnownRun>,
    /// What they were started with. A workflow whose journal is gone has none.
    pub batches: Vec<Option<Arc<Batch>>>,
    /// What the last one knows about its calls, if it has ended.
    pub results: Arc<Results>,
    /// The calls whose workflows were begun.
    pub calls: Vec<KnownCall>,
    /// The address of the engine's administration.
    pub admin: String,
}

/// A window with its calls, as it is shown.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SeenWindow {
    /// The name of the window.
    pub window: String,
    /// What it is doing.
    pub state: State,
    /// When its job was started.
    pub started: Option<Timestamp>,
    /// When its last job or call ended.
    pub ended: Option<Timestamp>,
    /// Until this time, its calls wait.
    pub opens: Option<Timestamp>,
    /// From this time, no further call is started.
    pub closes: Option<Timestamp>,
    /// Why the engine cannot continue the job, or why it ended it.
    pub trouble: Option<Trouble>,
    /// The command that lets the engine continue a job that it has paused.
    pub resume: Option<String>,
    /// Whether a worker answers the engine. It is not known unless it was asked.
    pub worker: Option<bool>,
    /// How many calls are in each stage, and how many ended in each way.
    pub totals: Totals,
    /// The calls: wave after wave, in the order of the job. Documents contain a selection of them.
    #[serde(skip)]
    pub calls: Vec<SeenCall>,
}

impl SeenWindow {
    /// Makes the view of a window.
    pub fn new(window: &str, read: Read, now: Timestamp) -> Self {
        let Read {
            runs,
            batches,
            results,
            calls: known,
            admin,
        } = read;
        let last = runs.last();
        let ended_run = last.filter(|run| run.completed);
        let mut order: Vec<&str> = Vec::new();
        let mut planned: BTreeMap<&str, (&Call, &str)> = BTreeMap::new();
        for batch in batches.iter().flatten() {
            for call in &batch.calls {
                if planned.insert(&call.key, (call, &batch.logs)).is_none() {
                    order.push(&call.key);
                }
            }
        }
        let mut known: BTreeMap<String, KnownCall> = known
            .into_iter()
            .map(|call| (call.call_key().to_owned(), call))
            .collect();
        let mut calls = Vec::with_capacity(order.len());
        for key in order {
            let place = planned.get(key).copied();
            calls.push(match (known.remove(key), place, ended_run) {
                (Some(begun), place, _) => SeenCall::begun(begun, place, &admin),
                (None, Some((call, _)), None) => SeenCall::planned(call),
                (None, Some((call, _)), Some(run)) => match results.get(key) {
                    // The engine has forgotten its workflow.
                    Some(Settled::Unknown { reason }) => SeenCall::forgotten(call, reason),
                    settled => SeenCall::not_begun(call, &not_begun(settled), run.workflow.ended),
                },
                (None, None, _) => continue,
            });
        }
        // The engine remembers calls for longer than jobs.
        calls.extend(
            known
                .into_values()
                .map(|begun| SeenCall::begun(begun, None, &admin)),
        );
        calls.sort_by_key(|call| call.wave);
        let mut totals = Totals::default();
        for call in &calls {
            totals.add_call(call);
        }
        let starts = batches
            .iter()
            .flatten()
            .next_back()
            .and_then(|batch| batch.starts);
        let opens = starts.map(|span| span.opens);
        let trouble = last.and_then(trouble_of);
        let is_paused = trouble
            .as_ref()
            .is_some_and(|trouble| trouble.state == Stuck::Paused);
        let paused = last.filter(|_| is_paused);
        let state = State::of(last, &totals, opens, now);
        let times = calls.iter().filter_map(|call| call.ended);
        let times = times.chain(last.and_then(|run| run.workflow.ended));
        Self {
            window: window.to_owned(),
            state,
            started: runs.first().and_then(|run| run.workflow.begun),
            ended: times.max().filter(|_| state == State::Ended),
            opens,
            closes: starts.map(|span| span.closes),
            resume: paused.map(|run| resume_command(&admin, &run.invocation)),
            trouble,
            worker: None,
            totals,
            calls,
        }
    }

    /// Returns how a command ends that shows this window.
    pub fn outcome(&self) -> exit::Outcome {
        let is_stuck = self.trouble.is_some() || self.worker == Some(false);
        let least = if is_stuck {
            exit::Outcome::Failed
        } else {
            exit::Outcome::Nothing
        };
        self.totals.outcome().max(least)
    }

    /// Returns how many calls of each server are in each stage, in the order of the servers' first calls.
    pub fn per_server(&self) -> Vec<(&str, Totals)> {
        let mut places: BTreeMap<&str, usize> = BTreeMap::new();
        let mut servers: Vec<(&str, Totals)> = Vec::new();
        for call in &self.calls {
            let server = call.server.as_deref().unwrap_or(&call.profile);
            let place = *places.entry(server).or_insert(servers.len());
            if place == servers.len() {
                servers.push((server, Totals::default()));
            }
            if let Some((_, totals)) = servers.get_mut(place) {
                totals.add_call(call);
            }
        }
        servers
    }
}

/// Returns how a call ended whose workflow the job has not begun.
fn not_begun(settled: Option<&Settled>) -> Ended {
    match settled {
        Some(Settled::Ended(ended)) => ended.clone(),
        _ => Ended::without_log(Outcome::Skipped, NOT_BEGUN),
    }
}

/// Returns why the engine cannot continue a job, or why it ended it.
pub(super) fn trouble_of(run: &KnownRun) -> Option<Trouble> {
    let ended = |reason: &String| Trouble {
        state: Stuck::Ended,
        reason: reason.clone(),
    };
    let workflow = &run.workflow;
    let stuck = workflow.trouble.clone();
    stuck.or_else(|| workflow.failure.as_ref().map(ended))
}
