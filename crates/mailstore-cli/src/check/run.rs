//! Profiles and jobs with their last run, without anything that only one of the two has.

use std::collections::BTreeMap;

use mailstore_api::Timestamp;
use mailstore_api::jiff::SignedDuration;

/// A profile or a job.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) start: Start,
    /// The age from which the last run is too old. `None` if no next run is expected.
    pub(crate) limit: Option<SignedDuration>,
    /// The last run that ended.
    pub(crate) last: Option<Run>,
    /// When a run began that has not ended.
    pub(crate) running: Option<Timestamp>,
    /// Whether no run is expected yet, or any more.
    pub(crate) not_due: bool,
}

/// What starts the runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// The server does.
    Automatic,
    /// A person or another program may.
    Manual,
    /// Nothing does.
    Disabled,
}

/// A run that ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// The number of the result, which grows.
    pub(crate) id: i64,
    pub(crate) outcome: Outcome,
    pub(crate) ended: Timestamp,
    /// The number of archived messages.
    pub(crate) archived: Option<i64>,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Succeeded,
    CompletedWithErrors,
    CompletedWithWarnings,
    Failed,
    Cancelled,
    /// The run is older than the listed ones.
    NotListed,
    /// The word is not known to this program.
    Other(String),
}

impl Outcome {
    /// Reads the word of the server. A run that was disconnected or aborted did not do its work, so it failed.
    pub(crate) fn of(word: &str) -> Self {
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
pub(crate) fn last_of_each(runs: impl IntoIterator<Item = (i64, Run)>) -> BTreeMap<i64, Run> {
    let mut last = BTreeMap::new();
    for (subject, run) in runs {
        let is_later = |other: &Run| (run.ended, run.id) > (other.ended, other.id);
        if last.get(&subject).is_none_or(is_later) {
            last.insert(subject, run);
        }
    }
    last
}
