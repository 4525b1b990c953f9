//! One cell of the matrix: a fault in a phase, and what is to come of it.

use std::fmt;

use crate::expect::Expect;

/// How many statuses follow the first answer of a call, and so how many polls an undisturbed one takes.
pub(crate) const STEPS: usize = 5;

/// A phase of a call, and for a start also what is started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// The first connection, before the start is sent.
    Connect,
    /// The start is sent and not carried out.
    Sent(Called),
    /// The start is carried out, and its answer suffers.
    Answered(Called),
    First,
    Middle,
    /// Each status is disturbed once.
    Each,
    Last(Called),
    /// It never gets better.
    Always,
    /// The request to cancel; after an error another process asks again.
    Cancel,
    /// Every request to cancel; after the error the same task just goes on.
    CancelLost,
}

/// What is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Called {
    /// `VerifyStore`, which is not to be started twice.
    Action,
    /// `GetFolderStatistics`, which may be asked for again.
    Read,
}

use Called::{Action, Read};

impl Column {
    pub(crate) const ALL: [Column; 13] = [
        Column::Connect,
        Column::Sent(Action),
        Column::Sent(Read),
        Column::Answered(Action),
        Column::Answered(Read),
        Column::First,
        Column::Middle,
        Column::Each,
        Column::Last(Action),
        Column::Last(Read),
        Column::Always,
        Column::Cancel,
        Column::CancelLost,
    ];

    pub(crate) fn called(self) -> Called {
        match self {
            Column::Sent(what) | Column::Answered(what) | Column::Last(what) => what,
            _ => Action,
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Column::Connect => "connect",
            Column::Sent(Action) => "sent",
            Column::Sent(Read) => "sent/r",
            Column::Answered(Action) => "answered",
            Column::Answered(Read) => "answered/r",
            Column::First => "first",
            Column::Middle => "middle",
            Column::Each => "each",
            Column::Last(Action) => "last",
            Column::Last(Read) => "last/r",
            Column::Always => "always",
            Column::Cancel => "cancel",
            Column::CancelLost => "cancel lost",
        }
    }
}

/// A call, what goes wrong with it, and how it is to end nevertheless.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) row: &'static str,
    pub(crate) column: Column,
    /// Rules of the simulator, in its own notation.
    pub(crate) rules: Vec<String>,
    /// How many statuses follow the first answer.
    pub(crate) steps: usize,
    pub(crate) expect: Expect,
}

impl Cell {
    /// Whether the cell takes many seconds, nearly all of them spent waiting.
    pub(crate) fn waits_long(&self) -> bool {
        let polls = !matches!(
            self.column,
            Column::Connect | Column::Sent(_) | Column::Answered(_) | Column::Cancel | Column::CancelLost
        );
        self.column == Column::Always || polls && self.stalls()
    }

    /// Whether the call is to be stopped.
    pub(crate) fn cancels(&self) -> bool {
        matches!(self.column, Column::Cancel | Column::CancelLost)
    }

    /// Whether the client has to give up waiting for something.
    pub(crate) fn stalls(&self) -> bool {
        self.rules.iter().any(|rule| rule.contains("stall"))
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (row, column, expect) = (self.row, self.column.title(), &self.expect);
        write!(f, "{row} x {column} {:?}, expected: {expect:?}", self.rules)
    }
}
