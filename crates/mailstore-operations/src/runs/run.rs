//! Profiles and jobs with their last run, without anything that only one of the two has.

use std::collections::BTreeMap;

use mailstore_api::Timestamp;
use mailstore_api::jiff::SignedDuration;

/// A profile or a job.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The id on the server.
    pub id: i64,
    /// The name, as the server sent it.
    pub name: String,
    /// What starts the runs.
    pub start: Start,
    /// The age from which the last run is too old. `None` if no next run is expected.
    pub limit: Option<SignedDuration>,
    /// The last run that ended.
    pub last: Option<Run>,
    /// When a run began that has not ended.
    pub running: Option<Timestamp>,
    /// Whether no run is expected yet, or any more.
    pub not_due: bool,
}

/// What starts the runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// The server does.
    Automatic,
    /// A person or another program may.
    Manual,
    /// Nothing does.
    Disabled,
}

/// A run that ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The number of the result, which grows.
    pub id: i64,
    /// How the run ended.
    pub outcome: Outcome,
    /// When the run ended.
    pub ended: Timestamp,
    /// The number of archived messages.
    pub archived: Option<i64>,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The run did its work.
    Succeeded,
    /// The run finished, but some messages or folders failed.
    CompletedWithErrors,
    /// The run finished with warnings.
    CompletedWithWarnings,
    /// The run failed, was disconnected or was aborted.
    Failed,
    /// A person stopped the run.
    Cancelled,
    /// The run is older than the listed ones.
    NotListed,
    /// The word is not known to this program.
    Other(String),
}

impl Outcome {
    /// Reads the word of the server. A run that was disconnected or aborted did not do its work, so it failed.
    pub(super) fn of(word: &str) -> Self {
        match word {
            "succeeded" => Self::Succeeded,
            "completedWithErrors" => Self::CompletedWithErrors,
            "completedWithWarnings" => Self::CompletedWithWarnings,
            "failed" | "disconnected" | "threadAbort" => Self::Failed,
            "cancelled" => Self::Cancelled,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// Returns the last run of each profile or job. The server lists runs in no useful order.
pub(super) fn last_of_each(runs: impl IntoIterator<Item = (i64, Run)>) -> BTreeMap<i64, Run> {
    let mut last = BTreeMap::new();
    for (subject, run) in runs {
        let is_later = |other: &Run| (run.ended, run.id) > (other.ended, other.id);
        if last.get(&subject).is_none_or(is_later) {
            last.insert(subject, run);
        }
    }
    last
}
