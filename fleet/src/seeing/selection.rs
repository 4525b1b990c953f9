//! The calls of a window that a person wants to see.

use super::call::{SeenCall, Stage};
use super::window::SeenWindow;
use crate::outcome::Outcome;

/// The calls of a window that a person wants to see. Without a choice, these are the calls that a person should look
/// at, and those that are under way.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Selection {
    /// Show all calls.
    #[arg(long, conflicts_with_all = ["phase", "outcome"])]
    pub all: bool,
    /// Show the calls in this phase. May be given several times.
    #[arg(long, value_name = "PHASE")]
    pub phase: Vec<Stage>,
    /// Show the calls that ended in this way. May be given several times.
    #[arg(long, value_name = "OUTCOME")]
    pub outcome: Vec<Outcome>,
}

impl Selection {
    /// Returns the selection of all calls.
    pub fn of_all() -> Self {
        Self {
            all: true,
            ..Self::default()
        }
    }

    /// Returns whether a person has chosen.
    pub fn is_chosen(&self) -> bool {
        self.all || !self.phase.is_empty() || !self.outcome.is_empty()
    }

    /// Returns the selected calls of a window.
    pub fn of<'a>(&self, window: &'a SeenWindow) -> Vec<&'a SeenCall> {
        window.calls.iter().filter(|call| self.has(call)).collect()
    }

    fn has(&self, call: &SeenCall) -> bool {
        if !self.is_chosen() {
            let is_quiet = matches!(call.stage, Stage::Planned | Stage::Waiting) && call.reason.is_none();
            return call.trouble.is_some() || (!call.is_success() && !is_quiet);
        }
        let has_outcome = call
            .outcome
            .is_some_and(|outcome| self.outcome.contains(&outcome));
        self.all || self.phase.contains(&call.stage) || has_outcome
    }
}
