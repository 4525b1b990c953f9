//! One cell of the matrix: a fault in a phase, and what is to come of it.

use std::fmt;

use super::column::Column;
use super::expect::Expect;

/// How many statuses follow the first answer of a call, and so how many polls an undisturbed one takes.
pub(crate) const STEPS: usize = 5;

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
