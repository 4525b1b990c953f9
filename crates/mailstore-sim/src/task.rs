//! Long calls: what they write while they run, how polls see them, how they end.
//!
//! Nothing runs in the background. A task knows when its next step is due, and whoever looks at the tasks first brings
//! them up to date. With a step of zero there is no clock at all: every poll takes its task one step further.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::Value;

use crate::envelope::{Envelope, Failure};
use crate::state::State;
use crate::tls;

/// What a long call will do, decided when it starts.
pub(crate) struct Script {
    /// Pieces of log, one for every step; the first is part of the first answer, the last comes with the end.
    pub(crate) log: Vec<String>,
    /// Whether progress is told in percent, or null while the call runs.
    pub(crate) percent: bool,
    /// Changes the state at the end and gives the result.
    pub(crate) finish: Finish,
}

/// The last step of a long call.
pub(crate) type Finish = Box<dyn FnOnce(&mut State, Timestamp) -> Result<Value, Failure> + Send>;

/// One long call with a token.
struct Task {
    function: String,
    /// Pieces of log not yet written, next one last.
    ahead: Vec<String>,
    /// Pieces written, each with the version that brought it.
    written: Vec<(i64, String)>,
    steps: usize,
    percent: bool,
    version: i64,
    due: Instant,
    cancelled: bool,
    finish: Option<Finish>,
    end: Option<End>,
}

struct End {
    outcome: Result<Value, Failure>,
    at: Instant,
}

/// The version of the first running answer (observed).
const FIRST_VERSION: i64 = 3;

impl Task {
    fn new(function: &str, script: Script, due: Instant) -> Task {
        let mut ahead = script.log;
        ahead.reverse();
        let mut task = Task {
            function: function.to_owned(),
            steps: ahead.len().saturating_sub(1).max(1),
            written: Vec::new(),
            ahead,
            percent: script.percent,
            version: FIRST_VERSION,
            due,
            cancelled: false,
            finish: Some(script.finish),
            end: None,
        };
        // The piece of the first answer; the last piece always waits for the end.
        if task.ahead.len() > 1 {
            task.write();
        }
        task
    }

    fn write(&mut self) {
        if let Some(piece) = self.ahead.pop()
            && !piece.is_empty()
        {
            self.written.push((self.version, piece));
        }
    }

    /// Takes one step. Versions grow by more than one at a time, as in the published traces.
    ///
    /// `when` is the time the step was due, which can be long ago if nobody looked.
    fn step(&mut self, state: &mut State, when: Timestamp) {
        let Some(finish) = self.finish.take() else { return };
        self.version += if self.ahead.len().is_multiple_of(2) { 1 } else { 4 };
        let outcome = if self.cancelled {
            Err(Failure::cancelled())
        } else if self.ahead.len() > 1 {
            self.finish = Some(finish);
            self.write();
            return;
        } else {
            finish(state, when)
        };
        if outcome.is_ok() {
            self.write();
        }
        self.end = Some(End {
            outcome,
            at: Instant::now(),
        });
    }

    fn percent(&self) -> Option<u8> {
        let done = self.steps.saturating_sub(self.ahead.len());
        // 99 at most: 100 belongs to the last status.
        let percent = (done * 100 / self.steps).min(99);
        self.percent.then_some(u8::try_from(percent).unwrap_or(99))
    }

    /// The status as seen by a caller who knows everything up to version `known`.
    fn status(&self, token: &str, known: i64) -> Envelope {
        let news = self.written.iter().filter(|(version, _)| *version > known);
        let log: String = news.map(|(_, piece)| piece.as_str()).collect();
        let log = (!log.is_empty()).then_some(log);
        match &self.end {
            None => Envelope::running(token, self.version, self.percent(), log),
            Some(End { outcome, .. }) => {
                Envelope::finished(token, self.version, self.percent(), log, outcome, &self.function)
            }
        }
    }
}

/// What a poll finds.
pub(crate) enum Poll {
    /// No such token, or one that was forgotten.
    Unknown,
    /// Something the caller does not know yet, or nothing that could change any more.
    Answer(Envelope),
    /// Nothing new: look again at the given time, or answer this when the caller's time is up.
    Wait(Instant, Envelope),
}

/// All long calls.
pub(crate) struct Tasks {
    step: Duration,
    lifetime: Duration,
    by_token: BTreeMap<String, Task>,
}

impl Tasks {
    /// How many long calls are kept, running and finished together; finished ones are forgotten early beyond it.
    const KEPT: usize = 10_000;

    pub(crate) fn new(step: Duration, lifetime: Duration) -> Tasks {
        Tasks {
            step,
            lifetime,
            by_token: BTreeMap::new(),
        }
    }

    /// Starts a call and gives its first answer.
    pub(crate) fn start(&mut self, function: &str, script: Script) -> Envelope {
        if self.by_token.len() >= Tasks::KEPT {
            self.forget_oldest();
        }
        if self.by_token.len() >= Tasks::KEPT {
            let busy = Failure::new("Too many calls are running. Wait until some have finished.");
            return Envelope::immediate(Err(busy), None, function);
        }
        let token = tls::token();
        let task = Task::new(function, script, Instant::now() + self.step);
        let answer = task.status(&token, 0);
        self.by_token.insert(token, task);
        answer
    }

    /// Brings every task up to date and forgets those that ended long ago.
    pub(crate) fn advance(&mut self, state: &mut State, now: Instant) {
        self.by_token.retain(|_, task| match &task.end {
            Some(end) => now.saturating_duration_since(end.at) < self.lifetime,
            None => true,
        });
        if self.step.is_zero() {
            return;
        }
        for task in self.by_token.values_mut() {
            while task.end.is_none() && task.due <= now {
                let late = now.saturating_duration_since(task.due);
                let when = Timestamp::now();
                task.step(state, when.checked_sub(late).unwrap_or(when));
                task.due += self.step;
            }
        }
    }

    /// Takes one task one step further, if there is no clock to do it.
    pub(crate) fn nudge(&mut self, token: &str, state: &mut State) {
        if self.step.is_zero()
            && let Some(task) = self.by_token.get_mut(token)
        {
            task.step(state, Timestamp::now());
        }
    }

    /// Looks at one task on behalf of a caller who knows everything up to version `known`.
    pub(crate) fn poll(&self, token: &str, known: i64) -> Poll {
        let Some(task) = self.by_token.get(token) else {
            return Poll::Unknown;
        };
        let answer = task.status(token, known);
        // That an ended task answers at once even when nothing is new is inferred: nothing would ever change.
        if task.version != known || task.end.is_some() {
            Poll::Answer(answer)
        } else {
            Poll::Wait(task.due, answer)
        }
    }

    /// Asks a task to stop; it does at its next step. Says whether the token is known.
    pub(crate) fn cancel(&mut self, token: &str) -> bool {
        match self.by_token.get_mut(token) {
            Some(task) => {
                task.cancelled = true;
                true
            }
            None => false,
        }
    }

    fn forget_oldest(&mut self) {
        let ended = self
            .by_token
            .iter()
            .filter_map(|(token, task)| Some((task.end.as_ref()?.at, token)));
        if let Some(oldest) = ended.min().map(|(_, token)| token.clone()) {
            self.by_token.remove(&oldest);
        }
    }
}
