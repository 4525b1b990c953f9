//! How a call ended, as the journal of the engine contains it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Says that the engine ended the workflow of a call that may have been sent.
pub(crate) const ENDED_BY_ENGINE: &str =
    "its workflow was ended at the engine, so it is not known what the server did";

/// Says that the engine ended the workflow of a call that was not sent.
pub(crate) const ENDED_WHILE_WAITING: &str = "its workflow was ended at the engine before the call was sent";

/// Says that the engine has kept values of a call that cannot be read.
pub(crate) const UNREADABLE: &str =
    "this version of the worker cannot read what the engine has kept about the call";

/// How a call ended.
///
/// It contains sizes and sentences of this program. Text from the server is in the log of the call, because it may name
/// users and mailboxes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// The kind of the end.
    pub outcome: Outcome,
    /// Why the call did not succeed, in words of this program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The size of the log in bytes.
    pub log_bytes: u64,
    /// The size of the result in bytes.
    pub result_bytes: u64,
}

impl Ended {
    /// The end of a call that has neither a log nor a result.
    pub fn without_log(outcome: Outcome, reason: impl Into<String>) -> Self {
        Self {
            outcome,
            reason: Some(reason.into()),
            log_bytes: 0,
            result_bytes: 0,
        }
    }
}

/// The kinds of ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The server reported success.
    Succeeded,
    /// The server reported a failure, or rejected the call.
    Failed,
    /// The call was cancelled, before it was started or at the server.
    Cancelled,
    /// The call was not started.
    Skipped,
    /// Each try to send the call failed before anything was sent.
    NotSent,
    /// A person declared that the call was done.
    DeclaredDone,
    /// A person gave up on a call with an unknown outcome.
    GivenUp,
}

impl Outcome {
    /// Returns the outcome as text for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Skipped => "skipped",
            Self::NotSent => "not sent",
            Self::DeclaredDone => "declared done",
            Self::GivenUp => "given up",
        }
    }

    /// Returns whether the work of the call is done.
    pub fn is_success(self) -> bool {
        matches!(self, Self::Succeeded | Self::DeclaredDone)
    }

    /// Returns whether a later round of the window may start the call, because nothing was sent.
    pub fn may_be_started(self) -> bool {
        matches!(self, Self::Skipped | Self::NotSent)
    }
}

/// What a job needs to know about a call before it continues.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "state")]
pub enum Settled {
    /// The call ended.
    Ended(Ended),
    /// The call waits for a decision, because its outcome is unknown.
    Unknown {
        /// Why it is unknown.
        reason: String,
    },
}

impl Settled {
    /// Returns what is known about a call whose workflow was ended at the engine. A person killed it there, or made the
    /// engine forget it, and it then has no status.
    pub(crate) fn by_the_engine(last: Option<Status>) -> Self {
        let Some(last) = last else {
            return Self::Unknown {
                reason: ENDED_BY_ENGINE.to_owned(),
            };
        };
        match (last.phase, last.outcome) {
            (Phase::Ended, Some(outcome)) => Self::Ended(Ended {
                outcome,
                reason: last.reason,
                log_bytes: last.log_bytes,
                result_bytes: 0,
            }),
            (Phase::Waiting, _) => Self::Ended(Ended::without_log(Outcome::Skipped, ENDED_WHILE_WAITING)),
            _ => Self::by_the_engine(None),
        }
    }

    /// Returns whether the call ended and its work is done.
    pub fn is_success(&self) -> bool {
        matches!(self, Self::Ended(ended) if ended.outcome.is_success())
    }

    /// Returns whether the call ended, and a later round of the window may start it.
    pub fn may_be_started(&self) -> bool {
        matches!(self, Self::Ended(ended) if ended.outcome.may_be_started())
    }
}

/// What is known about each call of a job, by the keys of the calls.
pub type Results = BTreeMap<String, Settled>;

/// What a person decided about a call with an unknown outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Decision {
    /// The server has done the work.
    Done,
    /// The server has not received the call, so it is sent again.
    Retry,
    /// The call is not sent again, and counts as not done.
    GiveUp,
}

impl Decision {
    /// Returns the word of the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Retry => "retry",
            Self::GiveUp => "give-up",
        }
    }
}

/// A decision about one try of a call.
///
/// The number ties it to the try that the person looked at. A decision about an earlier try is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Verdict {
    /// The decision.
    pub decision: Decision,
    /// The number of the try, as [`Status::attempt`] counts it.
    pub attempt: u32,
}

/// What a call is doing. Its workflow keeps this as a state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Status {
    /// The phase.
    pub phase: Phase,
    /// The reason for the phase, in words of this program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Progress from 0 to 100, if the server reports it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<f64>,
    /// The size of the log so far.
    pub log_bytes: u64,
    /// The number of the log. A try that may have written one is followed by another number.
    pub log: u32,
    /// The number of the try, from 1. Each decision to send the call again begins another one.
    pub attempt: u32,
    /// The time just before the call was sent. A call that only reads has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent: Option<Timestamp>,
    /// How the call ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}

/// The phases of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// The call waits until the server has room for it. With a reason, it waits until it is sent again. Its current try was
    /// not sent: the phase `Starting` is kept before the claim is made.
    Waiting,
    /// The call is being sent.
    Starting,
    /// The server executes the call.
    Running,
    /// The server was asked to cancel the call, or will be.
    Cancelling,
    /// The outcome is unknown, and the call waits for a decision.
    Unknown,
    /// The call ended.
    Ended,
}
