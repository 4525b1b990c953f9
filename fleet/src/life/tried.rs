//! What a try to run a call came to.

use crate::follow::{End, Progress};
use crate::life::{Life, Tried};
use crate::outcome::{Ended, Outcome};

impl Life<'_> {
    /// Returns what the end of a call at the server means. A call that fails after it was cancelled counts as
    /// cancelled.
    pub(super) fn tried(&self, end: End, progress: Progress, problem: Option<String>) -> Tried {
        let (outcome, reason, result_bytes) = match end {
            End::Succeeded { result_bytes } => (Outcome::Succeeded, problem, result_bytes),
            End::Failed { reason } if self.steps.cancelled => {
                let reason = format!("the call was cancelled at the server: {reason}");
                (Outcome::Cancelled, Some(reason), 0)
            }
            End::Failed { reason } => (Outcome::Failed, Some(reason), 0),
            End::Unknown { reason } => return self.lost(reason, progress),
        };
        Tried::Ended(Ended {
            outcome,
            reason,
            log_bytes: progress.log_bytes,
            result_bytes,
        })
    }

    /// Returns what it means that the outcome of a call is unknown. A cancelled call that only reads needs no decision,
    /// because it changes nothing and is not sent again.
    pub(super) fn lost(&self, reason: String, progress: Progress) -> Tried {
        if !self.only_reads() || !self.steps.cancelled {
            return Tried::Unknown { reason, progress };
        }
        Tried::Ended(Ended {
            outcome: Outcome::Cancelled,
            reason: Some(format!("the call was cancelled, and it only reads: {reason}")),
            log_bytes: progress.log_bytes,
            result_bytes: 0,
        })
    }
}
