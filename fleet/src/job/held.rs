//! Holds back the waves after one with a target that could not be listed.
//!
//! Nothing is known about such a target, which may be the canary. Its wave has therefore failed before it began.

use std::fmt;

use mailstore_api::printable;
use serde::Serialize;

use super::Job;
use super::choose::NotCalled;
use super::waves::Wave;
use crate::call::{Call, OnFailure};

/// The calls that are not made, because a target of an earlier wave could not be listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldBack {
    /// The wave of the target. The waves after it are held back.
    pub wave: String,
    /// The number of the calls.
    pub calls: usize,
}

impl fmt::Display for HeldBack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "The waves after `{}` are held back (calls: {}), because a target of this wave could not be listed. \
             `run --continue` starts them when it answers.",
            printable(&self.wave),
            self.calls
        )
    }
}

impl Job {
    /// Removes the calls of the waves after one with a target that could not be listed, unless the job continues after
    /// failures.
    pub(super) fn hold_back(&self, calls: &mut Vec<Call>, not_called: &[NotCalled]) -> Option<HeldBack> {
        if self.on_failure == OnFailure::Continue {
            return None;
        }
        let failed = not_called.iter().filter(|target| target.is_failure);
        // A share is taken from the targets that answer, and the last wave has no other one after it.
        let waves = failed.filter_map(|target| self.waves.iter().position(|wave| wave.may_contain(target)));
        let first = waves.min()?;
        let before = calls.len();
        calls.retain(|call| usize::try_from(call.wave).is_ok_and(|wave| wave <= first));
        let held = before - calls.len();
        (held > 0).then(|| HeldBack {
            wave: self.waves[first].name.clone(),
            calls: held,
        })
    }
}

impl Wave {
    /// Returns whether a target is in this wave, or one of its instances if they are not known.
    fn may_contain(&self, not_called: &NotCalled) -> bool {
        let target = &not_called.target;
        self.target.iter().any(|filter| match &target.instance {
            Some(instance) => filter.contains(&target.profile, Some(instance)),
            None => filter.profiles.matches(&target.profile),
        })
    }
}
