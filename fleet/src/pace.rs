//! How long the steps of following a call last.

use std::time::Duration;

use crate::hooks::{hurries, shortened};

/// How long a call is followed before its progress is written to the journal. The last time is used for the rest.
const SLICES: [Duration; 5] = [
    Duration::from_secs(15),
    Duration::from_secs(30),
    Duration::from_secs(60),
    Duration::from_secs(120),
    Duration::from_secs(290),
];

/// The first pause after the server or the place of the log failed. Each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(5);

/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// How often the log and the result of an ended call are written again, or the server of a cancelled call is asked again:
/// for about five minutes.
const TRIES: u32 = 8;

/// Counts the steps.
#[derive(Default)]
pub(crate) struct Pace {
    slices: usize,
    problems: u32,
    is_cancelled: bool,
}

impl Pace {
    /// Returns how long the next step follows the call.
    pub(crate) fn slice(&mut self) -> Duration {
        let length = SLICES[self.slices.min(SLICES.len() - 1)];
        self.slices += 1;
        shortened(length)
    }

    /// Returns the pause after a step with a problem.
    pub(crate) fn pause(&mut self) -> Duration {
        let pause = FIRST_PAUSE * 2_u32.pow(self.problems.min(4));
        self.problems += 1;
        if hurries() {
            return Duration::from_millis(50);
        }
        pause.min(LONGEST_PAUSE)
    }

    /// Forgets the problems before a step that went well.
    pub(crate) fn went_well(&mut self) {
        self.problems = 0;
    }

    /// Notes that the call was cancelled. The problems before it do not count.
    pub(crate) fn cancel(&mut self) {
        if !self.is_cancelled {
            self.is_cancelled = true;
            self.problems = 0;
        }
    }

    /// Notes that waiting is of no use.
    pub(crate) fn give_up(&mut self) {
        self.problems = TRIES;
    }

    /// Returns whether an ended call has waited long enough for the place of its log, or a cancelled one for its server.
    pub(crate) fn is_patience_over(&self) -> bool {
        self.problems >= TRIES
    }
}
