//! One cell of the matrix: a fault in a phase, and the expected outcome.

use std::fmt;

use super::column::Column;
use super::expect::Expect;

/// The number of statuses after the first response of a call. A call without faults takes as many polls.
pub(crate) const STEPS: usize = 5;

/// A call, its faults, and the expected outcome.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    pub(crate) row: &'static str,
    pub(crate) column: Column,
    /// The rules of the simulator, as strings.
    pub(crate) rules: Vec<String>,
    /// The number of statuses after the first response.
    pub(crate) steps: usize,
    pub(crate) expect: Expect,
}

impl Cell {
    /// Returns whether the cell takes many seconds and mostly waits.
    pub(crate) fn waits_long(&self) -> bool {
        let polls = !matches!(
            self.column,
            Column::Connect | Column::Sent(_) | Column::Answered(_) | Column::Cancel | Column::CancelLost
        );
        self.column == Column::Always || polls && self.stalls()
    }

    /// Returns whether the call is cancelled.
    pub(crate) fn cancels(&self) -> bool {
        matches!(self.column, Column::Cancel | Column::CancelLost)
    }

    /// Returns whether a request of the client times out.
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
