//! All long calls of a simulator.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashMap, VecDeque};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::LongCall;
use super::task::{Script, Task};
use crate::envelope::{Envelope, Failure};
use crate::faults::{Cut, Report};
use crate::state::State;
use crate::tls;

/// The long calls, by number, in the order in which they started.
pub(crate) struct Tasks {
    step: Duration,
    steps: Option<usize>,
    lifetime: Duration,
    next: u64,
    by_number: BTreeMap<u64, Task>,
    by_token: HashMap<String, u64>,
    /// The due times of the next steps. Only due tasks are advanced, so the cost does not depend on the number of
    /// tasks.
    due: BinaryHeap<Reverse<(Instant, u64)>>,
    /// The finished tasks and the times of their ends, oldest first.
    ended: VecDeque<(Instant, u64)>,
    /// The tasks that may be removed to free memory, in this order.
    spare: VecDeque<u64>,
}

/// The result of a poll.
pub(crate) struct Seen {
    pub(crate) number: u64,
    pub(crate) function: String,
    /// The time of the next check if there is no news yet.
    pub(crate) wait: Option<Instant>,
    pub(crate) report: Report,
}

impl Tasks {
    /// Maximum number of stored calls, both running and finished. Finished calls are removed early if it is exceeded.
    const KEPT: usize = 10_000;

    pub(crate) fn new(step: Duration, steps: Option<usize>, lifetime: Duration) -> Tasks {
        Tasks {
            step,
            steps,
            lifetime,
            next: 0,
            by_number: BTreeMap::new(),
            by_token: HashMap::new(),
            due: BinaryHeap::new(),
            ended: VecDeque::new(),
            spare: VecDeque::new(),
        }
    }

    /// Starts a call and returns its number, or a failure if too many calls are running.
    pub(crate) fn start(&mut self, function: &str, script: Script) -> Result<u64, Failure> {
        if self.by_number.len() >= Tasks::KEPT && !self.make_room() {
            return Err(Failure::new(
                "Too many calls are running. Wait until some have finished.",
            ));
        }
        let number = self.next;
        self.next += 1;
        let token = tls::token();
        let due = Instant::now() + self.step;
        let task = Task::new(function, token.clone(), script, self.steps, due);
        self.by_token.insert(token, number);
        self.by_number.insert(number, task);
        if !self.step.is_zero() {
            self.due.push(Reverse((due, number)));
        }
        Ok(number)
    }

    /// Advances every task to the current time and invalidates the tokens whose lifetime has passed.
    pub(crate) fn advance(&mut self, state: &mut State, now: Instant) {
        while let Some(Reverse((due, number))) = self.due.peek().copied()
            && due <= now
        {
            self.due.pop();
            let Some(task) = self.by_number.get_mut(&number) else {
                continue;
            };
            let late = now.saturating_duration_since(due);
            let when = Timestamp::now();
            task.step(state, when.checked_sub(late).unwrap_or(when));
            if task.is_at_work() {
                task.due = due + self.step;
                self.due.push(Reverse((task.due, number)));
            } else {
                self.ended.push_back((Instant::now(), number));
            }
        }
        while let Some((end, number)) = self.ended.front().copied()
            && now.saturating_duration_since(end) >= self.lifetime
        {
            self.ended.pop_front();
            self.forget(number);
            self.spare.push_back(number);
        }
    }

    /// Advances one task by one step if the step time is zero.
    pub(crate) fn nudge(&mut self, token: &str, state: &mut State) {
        if !self.step.is_zero() {
            return;
        }
        if let Some(number) = self.by_token.get(token)
            && let Some(task) = self.by_number.get_mut(number)
            && task.is_at_work()
        {
            task.step(state, Timestamp::now());
            if !task.is_at_work() {
                self.ended.push_back((Instant::now(), *number));
            }
        }
    }

    /// Returns the number of the task with this token, unless the token is no longer valid.
    pub(crate) fn find(&self, token: &str) -> Option<u64> {
        self.by_token.get(token).copied()
    }

    /// Returns the function of a task.
    pub(crate) fn function(&self, number: u64) -> Option<&str> {
        self.by_number.get(&number).map(|task| task.function.as_str())
    }

    /// Counts a poll. Returns the task and its function if the token is valid.
    pub(crate) fn count_poll(&mut self, token: &str) -> Option<(u64, String)> {
        let number = self.find(token)?;
        let task = self.by_number.get_mut(&number)?;
        task.polls += 1;
        Some((number, task.function.clone()))
    }

    /// Checks one task for a caller that has all statuses up to version `known`.
    pub(crate) fn look(&self, token: &str, known: i64) -> Option<Seen> {
        let number = self.find(token)?;
        let task = self.by_number.get(&number)?;
        let report = task.report(known);
        Some(Seen {
            number,
            function: task.function.clone(),
            // A finished task responds immediately even without news, because nothing will change (inferred).
            wait: (!report.news && !report.last).then_some(task.due),
            report,
        })
    }

    /// Returns the first status of a task that has just started.
    pub(crate) fn first_report(&self, number: u64) -> Option<Report> {
        Some(self.by_number.get(&number)?.report(0))
    }

    /// Returns the status of a task for a caller that has all statuses up to version `known`.
    pub(crate) fn status(&mut self, number: u64, known: i64) -> Option<Envelope> {
        Some(self.by_number.get_mut(&number)?.status(known))
    }

    /// Returns an earlier status. See [`Task::past`].
    pub(crate) fn past(&self, number: u64, known: i64, back: usize, log: bool) -> Option<Envelope> {
        Some(self.by_number.get(&number)?.past(known, back, log))
    }

    /// Withdraws the current status of a task.
    pub(crate) fn skip(&mut self, number: u64) {
        if let Some(task) = self.by_number.get_mut(&number) {
            task.skip();
        }
    }

    /// Cuts the log of the current status of a task.
    pub(crate) fn cut(&mut self, number: u64, cut: Cut) {
        if let Some(task) = self.by_number.get_mut(&number) {
            task.cut(cut);
        }
    }

    /// Requests that a task stops at its next step. Returns whether the token is valid.
    pub(crate) fn cancel(&mut self, token: &str) -> bool {
        let task = self
            .find(token)
            .and_then(|number| self.by_number.get_mut(&number));
        task.map(|task| task.cancelled = true).is_some()
    }

    /// Invalidates a token. Its task continues and can still be described.
    pub(crate) fn forget(&mut self, number: u64) {
        if let Some(task) = self.by_number.get_mut(&number) {
            task.forgotten = true;
            self.by_token.remove(&task.token);
        }
    }

    /// Invalidates every token and ends all work immediately.
    pub(crate) fn lose_all(&mut self) {
        self.by_token.clear();
        self.due.clear();
        self.ended.clear();
        self.spare = self.by_number.keys().copied().collect();
        self.by_number.values_mut().for_each(Task::lose);
    }

    /// Returns all tasks, oldest first.
    pub(crate) fn describe(&self) -> Vec<LongCall> {
        self.by_number.values().map(Task::describe).collect()
    }

    /// Removes the task that has been unused for the longest time, if there is one.
    fn make_room(&mut self) -> bool {
        let spare = self.spare.pop_front();
        let Some(number) = spare.or_else(|| self.ended.pop_front().map(|(_, number)| number)) else {
            return false;
        };
        self.forget(number);
        self.by_number.remove(&number);
        true
    }
}
