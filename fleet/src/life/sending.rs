//! A try to run a call: it is sent, and sent again if nothing was sent.

use std::time::Duration;

use crate::follow::Progress;
use crate::life::{Life, Tried};
use crate::outcome::{Outcome, Phase};
use crate::start::{NOT_STARTED, Started};

/// How often a call is sent again after nothing was sent, or after a call that only reads was lost.
const TRIES: u32 = 8;

/// The pause before the first try; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(5);

impl Life<'_> {
    /// Sends the call, again if nothing was sent, and follows it to its end.
    pub(super) async fn try_to_run(&mut self) -> Tried {
        let mut pause = FIRST_PAUSE;
        let mut tries = 1;
        let mut was_sent = false;
        loop {
            if self.is_too_late().await {
                let outcome = if self.steps.cancelled {
                    Outcome::Cancelled
                } else {
                    Outcome::Skipped
                };
                return Tried::ended(outcome, "the time in which calls may start is over");
            }
            self.set_phase(Phase::Starting, None);
            let may_repeat = self.only_reads();
            let started = self.send().await;
            was_sent |= !matches!(started, Started::NotSent { .. });
            let (reason, may_pass) = match started {
                Started::Running { token } => match self.follow(token).await {
                    Tried::Unknown { reason, .. } if may_repeat => {
                        self.status.log += 1;
                        (reason, true)
                    }
                    tried => return tried,
                },
                Started::Ended {
                    end,
                    progress,
                    problem,
                } => match (self.tried(end, progress, problem.clone()), problem) {
                    (Tried::Unknown { reason, .. }, _) if may_repeat => (reason, true),
                    // The result of a read is only in the response, so it is read again.
                    (Tried::Ended(_), Some(problem))
                        if may_repeat && !self.steps.cancelled && tries < TRIES =>
                    {
                        (problem, true)
                    }
                    (tried, _) => return tried,
                },
                Started::Unknown { reason } => match self.lost(reason, Progress::default()) {
                    Tried::Unknown { reason, .. } if may_repeat => (reason, true),
                    tried => return tried,
                },
                Started::Failed {
                    reason,
                    may_pass: false,
                } => return Tried::ended(Outcome::Failed, reason),
                Started::NotSent { reason, may_pass } | Started::Failed { reason, may_pass } => {
                    (reason, may_pass)
                }
            };
            if self.steps.cancelled {
                return Tried::ended(Outcome::Cancelled, NOT_STARTED);
            }
            if !may_pass || tries == TRIES {
                let outcome = if was_sent {
                    Outcome::Failed
                } else {
                    Outcome::NotSent
                };
                return Tried::ended(outcome, reason);
            }
            self.set_phase(Phase::Waiting, Some(reason));
            if !self.steps.sleep(pause).await {
                return Tried::ended(Outcome::Cancelled, NOT_STARTED);
            }
            tries += 1;
            pause *= 2;
        }
    }

    /// Returns whether the call may not start any more. A call that was cancelled meanwhile may not start either.
    async fn is_too_late(&mut self) -> bool {
        let Some(closes) = self.order.closes else {
            return false;
        };
        self.steps.now().await.is_none_or(|now| now >= closes)
    }
}
