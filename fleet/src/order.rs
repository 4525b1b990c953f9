//! What the workflow of a call is started with, and the names under which it keeps what others read.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::call::{Batch, Call, first_round, in_round, is_first_round};
use crate::logs::Logs;
use crate::outcome::Decision;

/// The name of the state with the [`Status`](crate::outcome::Status).
pub(crate) const STATUS: &str = "status";
/// The name of the state with the token of the running call.
pub(crate) const TOKEN: &str = "token";
/// The name of the state of a job with its [`Plan`].
pub(crate) const PLAN: &str = "plan";
/// The name of the promise with the end.
pub(crate) const ENDED: &str = "ended";

/// What the workflow of a call is started with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Order {
    /// The call. Its key is the key of the workflow.
    pub call: Call,
    /// How many calls may run on the server at the same time.
    pub per_server: u32,
    /// From this time, the call is not started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes: Option<Timestamp>,
    /// The folder or the object store of the logs.
    pub logs: String,
    /// Counts the workflows of the call from 1. A job that is continued begins another one, if the one before has ended
    /// without sending the call.
    #[serde(default = "first_round", skip_serializing_if = "is_first_round")]
    pub round: u32,
    /// Whether the call was cancelled before its job began it. Its workflow then ends at once.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
}

impl Order {
    /// Returns the key of the workflow.
    pub(crate) fn key(&self) -> String {
        in_round(&self.call.key, self.round)
    }

    /// Returns the place of the log and the result.
    ///
    /// A call that is sent again after an unknown outcome has a log with another number.
    pub(crate) fn files(&self, number: u32) -> Logs {
        Logs::of(&self.logs, &self.call, number)
    }
}

/// What a job writes once, so that a list of windows need not read their calls.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Plan {
    /// The number of calls in the window, with those that earlier rounds have sent.
    pub(crate) calls: usize,
    /// Until this time, all calls wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) opens: Option<Timestamp>,
}

impl Plan {
    /// Returns the plan of a job.
    pub(crate) fn of(batch: &Batch) -> Self {
        Self {
            calls: batch.calls.len() + batch.left_out,
            opens: batch.starts.map(|span| span.opens),
        }
    }
}

/// A decision, and who made it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Decided {
    pub(crate) word: Decision,
    /// The invocation that made it. Only the first one for a try counts.
    pub(crate) by: String,
}

/// Returns the name of the promise with the decision about a try.
pub(crate) fn decision(attempt: u32) -> String {
    format!("decision-{attempt}")
}

/// Returns the name of the promise with what is known about a try: the end, or that the outcome is unknown.
pub(crate) fn settled(attempt: u32) -> String {
    format!("settled-{attempt}")
}
