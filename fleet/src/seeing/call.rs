//! A call of a window, as it is shown.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use crate::advice::{decide_command, resume_command};
use crate::call::{Call, CallEffect, unescaped};
use crate::known::KnownCall;
use crate::logs::Logs;
use crate::outcome::{ENDED_BY_ENGINE, ENDED_WHILE_WAITING, Ended, Outcome, Phase};
use crate::trouble::{Stuck, Trouble};

/// The stages of a call: the phases of its workflow, and `planned` before it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// The call waits for its turn in the job.
    Planned,
    /// The call waits until the server has room for it, or until it is sent again.
    Waiting,
    /// The call is being sent.
    Starting,
    /// The server executes the call.
    Running,
    /// The server was asked to cancel the call, or will be.
    Cancelling,
    /// The outcome is unknown.
    Unknown,
    /// The call ended.
    Ended,
}

impl From<Phase> for Stage {
    fn from(phase: Phase) -> Self {
        match phase {
            Phase::Waiting => Self::Waiting,
            Phase::Starting => Self::Starting,
            Phase::Running => Self::Running,
            Phase::Cancelling => Self::Cancelling,
            Phase::Unknown => Self::Unknown,
            Phase::Ended => Self::Ended,
        }
    }
}

impl Stage {
    /// Returns the stage as one word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Waiting => "waiting",
            Self::Starting => "starting",
            Self::Running => "running",
            Self::Cancelling => "cancelling",
            Self::Unknown => "unknown",
            Self::Ended => "ended",
        }
    }

    /// Returns the stage of a call whose workflow was begun. `was_ended` says that the engine ended it.
    pub(super) fn of(phase: Option<Phase>, was_ended: bool) -> Self {
        match phase {
            Some(Phase::Ended) => Self::Ended,
            // It was not sent.
            Some(Phase::Waiting) if was_ended => Self::Ended,
            _ if was_ended => Self::Unknown,
            Some(phase) => phase.into(),
            // No worker has begun the workflow.
            None => Self::Waiting,
        }
    }
}

/// A call of a window, as it is shown.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SeenCall {
    /// The key of the call.
    pub key: String,
    /// The name of the profile.
    pub profile: String,
    /// The instance of the Service Provider Edition.
    pub instance: Option<String>,
    /// The server. It is not known of a call whose job the engine has forgotten.
    pub server: Option<String>,
    /// The name of the function.
    pub function: String,
    /// The arguments. They are not known of a call whose job the engine has forgotten.
    pub arguments: Option<BTreeMap<String, String>>,
    /// The number of the wave, from 0.
    pub wave: Option<u32>,
    /// What the call is doing.
    #[serde(rename = "phase")]
    pub stage: Stage,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// The progress from 0 to 100, if the server reports it.
    pub percent: Option<f64>,
    /// The reason for the phase or the outcome.
    pub reason: Option<String>,
    /// What keeps the engine from continuing the call.
    pub trouble: Option<Trouble>,
    /// The number of the try, from 1.
    pub attempt: u32,
    /// When the call was sent. Of a call that only reads, when its workflow was begun.
    pub started: Option<Timestamp>,
    /// When the call ended.
    pub ended: Option<Timestamp>,
    /// The seconds from the start to the end.
    pub seconds: Option<i64>,
    /// The size of the log in bytes.
    pub log_bytes: u64,
    /// The file of the log, or the beginning of the URLs of its objects. A call without a log has none.
    pub log: Option<String>,
    /// The file of the result, or the URL of its object. A call that did not succeed has none.
    pub result: Option<String>,
    /// The command that explains the decision about a call whose outcome is unknown.
    pub decide: Option<String>,
    /// The command that lets the engine continue a call that it has paused.
    pub resume: Option<String>,
    /// The workflow at the engine. A call that was not begun has none.
    pub invocation: Option<String>,
    /// The place of the log and the result.
    #[serde(skip)]
    pub(crate) files: Option<Logs>,
}

impl SeenCall {
    fn new(key: &str, profile: String, instance: Option<String>, function: String) -> Self {
        Self {
            key: key.to_owned(),
            profile,
            instance,
            server: None,
            function,
            arguments: None,
            wave: None,
            stage: Stage::Planned,
            outcome: None,
            percent: None,
            reason: None,
            trouble: None,
            attempt: 1,
            started: None,
            ended: None,
            seconds: None,
            log_bytes: 0,
            log: None,
            result: None,
            decide: None,
            resume: None,
            invocation: None,
            files: None,
        }
    }

    /// Returns a call whose workflow was not begun.
    pub(super) fn planned(call: &Call) -> Self {
        let (profile, instance) = (call.profile.clone(), call.instance.clone());
        Self {
            server: Some(call.server.clone()),
            arguments: Some(call.arguments.clone()),
            wave: Some(call.wave),
            ..Self::new(&call.key, profile, instance, call.function.clone())
        }
    }

    /// Returns a call that ended without a workflow.
    pub(super) fn not_begun(call: &Call, ended: &Ended, time: Option<Timestamp>) -> Self {
        Self {
            stage: Stage::Ended,
            outcome: Some(ended.outcome),
            reason: ended.reason.clone(),
            ended: time,
            ..Self::planned(call)
        }
    }

    /// Returns a call with an unknown outcome whose workflow was purged at the engine.
    pub(super) fn forgotten(call: &Call, reason: &str) -> Self {
        Self {
            stage: Stage::Unknown,
            reason: Some(reason.to_owned()),
            ..Self::planned(call)
        }
    }

    /// Returns a call whose workflow was begun. `planned` has the call and the place of the logs, if the engine still
    /// has the job. `admin` is the address of the engine's administration.
    pub(super) fn begun(known: KnownCall, planned: Option<(&Call, &str)>, admin: &str) -> Self {
        let mut seen = match planned {
            Some((call, _)) => Self::planned(call),
            None => Self::from_key(known.call_key()),
        };
        let was_ended = known.was_ended();
        seen.outcome = known.outcome();
        let status = known.status;
        seen.stage = Stage::of(status.as_ref().map(|status| status.phase), was_ended);
        seen.trouble = known.workflow.trouble;
        let is_paused = |trouble: &Trouble| trouble.state == Stuck::Paused;
        if seen.trouble.as_ref().is_some_and(is_paused) {
            seen.resume = Some(resume_command(admin, &known.invocation));
        }
        if seen.stage == Stage::Ended {
            seen.ended = known.workflow.ended;
        }
        if let Some(status) = status {
            let only_reads = planned.is_some_and(|(call, _)| call.effect == CallEffect::Read);
            seen.started = match seen.stage {
                // A time of an earlier try, at which nothing was sent.
                Stage::Waiting => None,
                _ if seen.outcome.is_some_and(Outcome::may_be_started) => None,
                _ if only_reads => known.workflow.begun,
                _ => status.sent,
            };
            seen.percent = status.percent;
            seen.reason = status.reason;
            seen.attempt = status.attempt;
            seen.log_bytes = status.log_bytes;
            seen.files = planned.map(|(call, logs)| Logs::of(logs, call, status.log));
            let files = seen.files.as_ref();
            seen.log = files.filter(|_| status.log_bytes > 0).map(Logs::log);
            let has_result = seen.outcome == Some(Outcome::Succeeded);
            seen.result = files.filter(|_| has_result).map(Logs::result);
        }
        seen.invocation = Some(known.invocation);
        match seen.stage {
            Stage::Unknown if was_ended => seen.reason = Some(ENDED_BY_ENGINE.to_owned()),
            Stage::Unknown => seen.decide = Some(decide_command(&known.key)),
            Stage::Ended if was_ended => seen.reason = Some(ENDED_WHILE_WAITING.to_owned()),
            _ => {}
        }
        let seconds = |started: Timestamp, ended: Timestamp| ended.duration_since(started).as_secs().max(0);
        seen.seconds = seen
            .started
            .zip(seen.ended)
            .map(|(started, ended)| seconds(started, ended));
        seen
    }

    /// Returns what a key says about its call.
    fn from_key(key: &str) -> Self {
        let mut parts = key.split(':').skip(1).map(unescaped);
        let mut part = || parts.next().unwrap_or_default();
        let (profile, instance, function) = (part(), part(), part());
        let instance = Some(instance).filter(|instance| !instance.is_empty());
        Self::new(key, profile, instance, function)
    }

    /// Returns the commands that continue the call.
    pub(super) fn next(&self) -> impl Iterator<Item = &str> {
        [&self.decide, &self.resume]
            .into_iter()
            .filter_map(|command| command.as_deref())
    }

    /// Returns whether the call may still go on by itself.
    pub fn is_open(&self) -> bool {
        !matches!(self.stage, Stage::Unknown | Stage::Ended)
    }

    /// Returns whether the call ended and its work is done.
    pub fn is_success(&self) -> bool {
        self.outcome.is_some_and(Outcome::is_success)
    }

    /// Returns the outcome of a call that ended, and the stage of another one, as text for people.
    pub fn state(&self) -> &'static str {
        match (self.stage, self.outcome) {
            (Stage::Ended, Some(outcome)) => outcome.as_str(),
            (stage, _) => stage.as_str(),
        }
    }
}
