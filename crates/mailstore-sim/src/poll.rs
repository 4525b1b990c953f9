//! Handles get-status: checks the task repeatedly until there is news or the timeout of the request.
//!
//! A waiting poll uses a timer and its connection, but no thread.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use crate::answer::Content;
use crate::arguments::Form;
use crate::core::{Core, Verdict};
use crate::envelope::Failure;
use crate::faults::{Occasion, Phase, Point};

/// The maximum time for which a poll is held.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// The arguments of get-status.
pub(crate) struct Question<'a> {
    token: &'a str,
    known: i64,
    deadline: Instant,
    /// Whether a fault has been applied. At most one fault applies.
    met: bool,
    /// Whether the rules for waiting polls have been checked.
    may_wait: bool,
}

impl<'a> Question<'a> {
    /// Parses the arguments. All three are required (reported by users).
    pub(crate) fn read(form: &'a Form) -> Result<Question<'a>, Failure> {
        let token = form.first("token").ok_or_else(|| Failure::missing("token"))?;
        let known = form.nullable_number("lastKnownStatusVersion")?;
        let wait = form.nullable_number("millisecondsTimeout")?;
        let wait = u64::try_from(wait).map_err(|_| Failure::out_of_range())?;
        Ok(Question {
            token,
            known,
            deadline: Instant::now() + Duration::from_millis(wait).min(LONGEST_WAIT),
            met: false,
            may_wait: false,
        })
    }

    /// Waits until there is news or the timeout of the request.
    pub(crate) async fn answer(mut self, core: &Core) -> Verdict {
        if let Some(verdict) = self.arrive(core) {
            return verdict;
        }
        loop {
            match self.look(core) {
                ControlFlow::Break(verdict) => return verdict,
                ControlFlow::Continue(due) => tokio::time::sleep_until(due.min(self.deadline).into()).await,
            }
        }
    }

    /// Counts the poll. Returns a fault that takes effect before the poll is processed.
    fn arrive(&self, core: &Core) -> Option<Verdict> {
        let mut world = core.world();
        let world = &mut *world;
        let task = world.tasks.count_poll(self.token);
        if let Some((_, function)) = &task {
            world.calls.count_poll(function);
        }
        let function = task.as_ref().map(|(_, function)| function.as_str());
        let mut occasion = Occasion::new(Phase::Poll, Point::Before, function);
        occasion.task = task.as_ref().map(|(number, _)| *number);
        let fault = world.faults.meet(occasion)?;
        Some((Content::Nothing, Some(fault)))
    }

    /// Checks the task. Returns the response, or the time of the next check. If the step is zero, every check advances
    /// the task by one step.
    fn look(&mut self, core: &Core) -> ControlFlow<Verdict, Instant> {
        let mut world = core.world();
        let world = &mut *world;
        loop {
            world.tasks.nudge(self.token, &mut world.state);
            let Some(seen) = world.tasks.look(self.token, self.known) else {
                let fault = if self.met {
                    None
                } else {
                    world.faults.meet(Occasion::new(Phase::Poll, Point::After, None))
                };
                return ControlFlow::Break((Content::not_found(), fault));
            };
            if let Some(due) = seen.wait
                && Instant::now() < self.deadline
            {
                if self.met || self.may_wait {
                    return ControlFlow::Continue(due);
                }
                self.may_wait = true;
                let mut occasion = Occasion::new(Phase::Poll, Point::Waiting, Some(&seen.function));
                occasion.task = Some(seen.number);
                if world.faults.meet(occasion).is_none() {
                    return ControlFlow::Continue(due);
                }
                self.met = true;
            }
            if self.met {
                return ControlFlow::Break((world.tasks.status(seen.number, self.known).into(), None));
            }
            self.met = true;
            let verdict = world.tell(
                Phase::Poll,
                &seen.function,
                seen.number,
                self.known,
                Some(seen.report),
            );
            if let Some(verdict) = verdict {
                return ControlFlow::Break(verdict);
            }
            // The status was skipped, so the poll waits for the next one.
        }
    }
}
