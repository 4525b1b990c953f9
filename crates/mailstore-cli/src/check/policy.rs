//! The state of each situation of a profile or job.

use mailstore_operations::runs::Situation;

use super::state::State;

/// The state of each situation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Policy {
    pub(crate) failed: State,
    pub(crate) completed_with_errors: State,
    pub(crate) completed_with_warnings: State,
    pub(crate) cancelled: State,
    pub(crate) other_result: State,
    pub(crate) no_run: State,
    pub(crate) too_old: State,
    pub(crate) running: State,
    pub(crate) disabled: State,
}

impl Policy {
    pub(crate) fn state(&self, situation: Situation) -> State {
        match situation {
            Situation::Succeeded | Situation::NotDue => State::Ok,
            Situation::Disabled => self.disabled,
            Situation::Running => self.running,
            Situation::CompletedWithWarnings => self.completed_with_warnings,
            Situation::CompletedWithErrors => self.completed_with_errors,
            Situation::Cancelled => self.cancelled,
            Situation::OtherResult => self.other_result,
            Situation::NoRun => self.no_run,
            Situation::TooOld => self.too_old,
            Situation::Failed => self.failed,
        }
    }
}
