//! One long call.

use std::time::Instant;

use jiff::Timestamp;
use serde_json::Value;

use super::LongCall;
use super::written::Written;
use crate::envelope::{Envelope, Failure};
use crate::faults::{Cut, Report};
use crate::logs;
use crate::state::State;

/// The work of a long call, created when the call starts.
pub(crate) struct Script {
    /// The pieces of log, one for every step. The first is part of the first response, the last is part of the last
    /// status.
    pub(crate) log: Vec<String>,
    /// Whether progress is reported in percent. If not, it is null while the call runs.
    pub(crate) percent: bool,
    /// Changes the state at the end and returns the result.
    pub(crate) finish: Finish,
}

/// The last step of a long call.
pub(crate) type Finish = Box<dyn FnOnce(&mut State, Timestamp) -> Result<Value, Failure> + Send>;

/// One long call with a token.
pub(super) struct Task {
    pub(super) function: String,
    pub(super) token: String,
    /// The pieces of log that are not written yet, in reverse order.
    ahead: Vec<String>,
    written: Written,
    steps: usize,
    percent: bool,
    /// The version of the last step, even if its status was skipped.
    version: i64,
    /// The highest version that was reported to any caller.
    told: i64,
    pub(super) due: Instant,
    pub(super) cancelled: bool,
    /// Whether the token is no longer valid.
    pub(super) forgotten: bool,
    pub(super) polls: usize,
    /// `None` after the end, or if a restart ended the work.
    finish: Option<Finish>,
    end: Option<Result<Value, Failure>>,
    started_at: Instant,
    ended_at: Option<Instant>,
}

/// The version of the first running response (observed).
const FIRST_VERSION: i64 = 3;

impl Task {
    /// Starts a call. `steps` is the number of status changes; `None` uses the number of the script.
    pub(super) fn new(
        function: &str,
        token: String,
        script: Script,
        steps: Option<usize>,
        due: Instant,
    ) -> Task {
        let mut ahead = match steps {
            Some(steps) => logs::stretch(script.log, steps),
            None => script.log,
        };
        ahead.reverse();
        let mut task = Task {
            function: function.to_owned(),
            token,
            steps: ahead.len().saturating_sub(1).max(1),
            written: Written::default(),
            ahead,
            percent: script.percent,
            version: FIRST_VERSION,
            told: FIRST_VERSION - 1,
            due,
            cancelled: false,
            forgotten: false,
            polls: 0,
            finish: Some(script.finish),
            end: None,
            started_at: Instant::now(),
            ended_at: None,
        };
        // The first piece is part of the first response, and the last piece is always part of the last status.
        if task.ahead.len() > 1 {
            task.write();
        }
        task.written.mark(task.version, task.progress());
        task
    }

    fn write(&mut self) {
        if let Some(piece) = self.ahead.pop() {
            self.written.write(&piece);
        }
    }

    /// Returns whether work remains.
    pub(super) fn is_at_work(&self) -> bool {
        self.finish.is_some()
    }

    /// Takes one step. The version can grow by more than one, as in the published traces.
    ///
    /// `when` is the time at which the step was due. It can be in the past if no request arrived in the meantime.
    pub(super) fn step(&mut self, state: &mut State, when: Timestamp) {
        let Some(finish) = self.finish.take() else { return };
        self.version += if self.ahead.len().is_multiple_of(2) { 1 } else { 4 };
        if self.cancelled {
            self.ended_at = Some(Instant::now());
            self.end = Some(Err(Failure::cancelled()));
        } else if self.ahead.len() > 1 {
            self.finish = Some(finish);
            self.write();
        } else {
            let outcome = finish(state, when);
            if outcome.is_ok() {
                self.write();
            }
            self.ended_at = Some(Instant::now());
            self.end = Some(outcome);
        }
        self.written.mark(self.version, self.progress());
    }

    fn progress(&self) -> Option<u8> {
        let done = self.steps.saturating_sub(self.ahead.len());
        // Limited to 99, because only the last status reports 100.
        let percent = (done * 100 / self.steps).min(99);
        self.percent.then_some(u8::try_from(percent).unwrap_or(99))
    }

    /// Returns the version of the current status.
    fn current(&self) -> i64 {
        let last = self.written.len().checked_sub(1);
        last.and_then(|last| self.written.get(last))
            .map_or(FIRST_VERSION, |mark| mark.version)
    }

    /// Returns the news for a caller that has all statuses up to version `known`.
    pub(super) fn report(&self, known: i64) -> Report {
        let version = self.current();
        let running = self.end.is_none();
        Report {
            version,
            step: self.written.len(),
            last: !running,
            news: version != known,
            fresh: running && version > self.told,
            cuts: [Cut::Line, Cut::LineEnd, Cut::Pair].map(|cut| self.written.can_cut(cut)),
            known: self.written.known(known),
        }
    }

    /// Returns the status for a caller that has all statuses up to version `known`.
    pub(super) fn status(&mut self, known: i64) -> Envelope {
        let version = self.current();
        self.told = self.told.max(version);
        let to = self.written.len();
        let log = self.written.between(self.written.known(known), to);
        let percent = self
            .written
            .get(to.saturating_sub(1))
            .and_then(|mark| mark.percent);
        match &self.end {
            None => Envelope::running(&self.token, version, percent, log),
            Some(outcome) => Envelope::finished(&self.token, version, percent, log, outcome, &self.function),
        }
    }

    /// Returns the status that is `back` statuses before version `known`, with or without its log.
    pub(super) fn past(&self, known: i64, back: usize, log: bool) -> Envelope {
        let place = self.written.known(known).saturating_sub(1 + back);
        let Some(mark) = self.written.get(place) else {
            return Envelope::running(&self.token, known, None, None);
        };
        let log = if log {
            self.written.between(place, place + 1)
        } else {
            None
        };
        Envelope::running(&self.token, mark.version, mark.percent, log)
    }

    /// Withdraws the current status. The next status reports its news.
    pub(super) fn skip(&mut self) {
        self.written.unmark();
    }

    /// Cuts the log of the current status.
    pub(super) fn cut(&mut self, cut: Cut) {
        self.written.cut(cut);
    }

    /// Ends the work without a result, as a restart does.
    pub(super) fn lose(&mut self) {
        self.forgotten = true;
        self.finish = None;
    }

    /// Returns the actual state for users of the simulator.
    pub(super) fn describe(&self) -> LongCall {
        let (status, result, error) = match &self.end {
            Some(Ok(result)) => ("succeeded", result.clone(), None),
            Some(Err(failure)) => ("failed", Value::Null, Some(failure.message().to_owned())),
            None if self.finish.is_none() => ("lost", Value::Null, None),
            None => ("running", Value::Null, None),
        };
        LongCall {
            function: self.function.clone(),
            token: self.token.clone(),
            log: self.written.text().to_owned(),
            status,
            version: self.current(),
            result,
            error,
            polls: self.polls,
            cancelled: self.cancelled,
            forgotten: self.forgotten,
            started_at: self.started_at,
            ended_at: self.ended_at,
        }
    }
}
