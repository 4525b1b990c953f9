//! What keeps the engine from continuing a workflow.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::advice::short;

/// The code of the engine for a worker that cannot be reached.
const NOT_REACHED: &str = "RT0010";

/// The reason for a worker that cannot be reached.
const NO_WORKER: &str = "no worker answers";

/// The status of a workflow, as an expression over the table of invocations.
///
/// A workflow whose worker is away is `running` for some milliseconds at each attempt. It counts as `backing-off` then.
pub(crate) const STATUS: &str = "CASE WHEN status = 'running' AND last_failure IS NOT NULL \
     AND last_start_at > now() - INTERVAL '1 second' THEN 'backing-off' ELSE status END";

/// What keeps the engine from continuing a workflow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Trouble {
    /// What the engine does about it.
    pub state: Stuck,
    /// The last failure: `no worker answers`, or the first line of the engine's text.
    pub reason: String,
}

/// What the engine does about a workflow that it cannot continue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stuck {
    /// It tries again by itself.
    Retrying,
    /// It waits until a person resumes the workflow.
    Paused,
    /// It ended the workflow, because a person killed it.
    Ended,
}

impl Stuck {
    /// Returns the state as text for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Retrying => "the engine tries again",
            Self::Paused => "the engine has paused it",
            Self::Ended => "the engine ended it",
        }
    }
}

/// What the engine says about the attempts of a workflow.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Attempts {
    status: String,
    last_failure: Option<String>,
    last_failure_error_code: Option<String>,
}

impl Attempts {
    /// Returns whether the workflow has ended.
    pub(crate) fn is_completed(&self) -> bool {
        self.status == "completed"
    }
}

impl Trouble {
    /// Returns what is wrong, if anything is.
    pub(crate) fn of(attempts: Attempts) -> Option<Self> {
        let state = match attempts.status.as_str() {
            "backing-off" => Stuck::Retrying,
            "paused" => Stuck::Paused,
            _ => return None,
        };
        let reason = match attempts.last_failure_error_code.as_deref() {
            Some(NOT_REACHED) => Some(NO_WORKER.to_owned()),
            // The other lines say more than a person at a fleet needs.
            _ => attempts
                .last_failure
                .and_then(|text| text.lines().next().map(str::to_owned)),
        };
        Some(Self {
            state,
            reason: reason.unwrap_or_else(|| "the engine gives no reason".to_owned()),
        })
    }
}

impl Trouble {
    /// Returns whether no worker answers.
    pub fn is_without_worker(&self) -> bool {
        self.reason == NO_WORKER
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.state.as_str(), short(&self.reason))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trouble(status: &str, failure: Option<&str>, code: Option<&str>) -> Option<(Stuck, String)> {
        let trouble = Trouble::of(Attempts {
            status: status.to_owned(),
            last_failure: failure.map(str::to_owned),
            last_failure_error_code: code.map(str::to_owned),
        });
        trouble.map(|trouble| (trouble.state, trouble.reason))
    }

    #[test]
    fn a_worker_that_is_away_is_named_in_plain_words() {
        let refused = Some("[500 Internal] error when calling 'http://127.0.0.1:9080/': Connection refused");
        let expected = Some((Stuck::Retrying, "no worker answers".to_owned()));
        assert_eq!(trouble("backing-off", refused, Some("RT0010")), expected);
        let other = Some((Stuck::Paused, "[570] journal mismatch".to_owned()));
        assert_eq!(
            trouble("paused", Some("[570] journal mismatch"), Some("RT0016")),
            other
        );
    }

    #[test]
    fn a_workflow_that_waits_or_runs_has_no_trouble() {
        for status in ["running", "suspended", "ready", "completed", "pending"] {
            assert_eq!(trouble(status, Some("an earlier failure"), None), None);
        }
    }
}
