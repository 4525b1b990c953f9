//! Draws the matrix as text.

use std::fmt::Write as _;

use super::cell::Cell;
use super::column::Column;

/// Returns a table with a row for each fault and a column for each phase.
pub(crate) fn draw(played: &[(Cell, Result<(), String>)]) -> String {
    let mut rows: Vec<&str> = Vec::new();
    for (cell, _) in played {
        if !rows.contains(&cell.row) {
            rows.push(cell.row);
        }
    }
    rows.sort_unstable();
    let width = rows.iter().map(|row| row.len()).max().unwrap_or_default();
    let mut table = format!("{:width$}", "");
    for column in Column::ALL {
        let _ = write!(table, " | {:10}", column.title());
    }
    for row in rows {
        let _ = write!(table, "\n{row:width$}");
        for column in Column::ALL {
            let here = |(cell, _): &&(Cell, _)| cell.row == row && cell.column == column;
            let verdict = match played.iter().find(here) {
                None => "",
                Some((_, Ok(()))) => "ok",
                Some((_, Err(_))) => "MISMATCH",
            };
            let _ = write!(table, " | {verdict:10}");
        }
    }
    table
}
