//! The terms of a window: what the job contained with which the window was begun. The same window again has the same terms,
//! whatever its job contains.

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::call::{Batch, Limits, OnFailure, StartSpan, short_hex};

/// The name of the state with the terms.
pub(crate) const TERMS: &str = "terms";

/// The terms of a window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// A digest of the calls and their waves.
    calls: String,
    limits: Limits,
    on_failure: OnFailure,
    starts: Option<StartSpan>,
    logs: String,
}

impl Terms {
    /// Returns the terms of a job.
    pub fn of(batch: &Batch) -> Self {
        let mut calls: Vec<_> = batch.calls.iter().map(|call| (&call.key, call.wave)).collect();
        calls.sort_unstable();
        let mut hash = Sha256::new();
        for (key, wave) in calls {
            hash.update(key.len().to_le_bytes());
            hash.update(key);
            hash.update(wave.to_le_bytes());
        }
        let calls = short_hex(&hash.finalize());
        Self {
            calls,
            limits: batch.limits,
            on_failure: batch.on_failure,
            starts: batch.starts,
            logs: batch.logs.clone(),
        }
    }

    /// Returns how many calls of the job run at the same time.
    pub(crate) fn overall(&self) -> u32 {
        self.limits.overall
    }

    /// Returns the names of the terms that differ.
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let differences = [
            (self.calls != other.calls, "calls"),
            (self.limits != other.limits, "limits"),
            (self.on_failure != other.on_failure, "on-failure"),
            (self.starts != other.starts, "times of the window"),
            (self.logs != other.logs, "logs"),
        ];
        differences
            .into_iter()
            .filter_map(|(differs, name)| differs.then_some(name))
            .collect()
    }
}
