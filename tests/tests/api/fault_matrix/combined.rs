//! Cells with more than one fault.

use super::cell::{Cell, STEPS};
use super::column::Column;
use super::expect::Expect;

/// The row, the rules, and the error from which the call must be resumed, if any.
const COMBINED: &[(&str, &[&str], Option<&str>)] = &[
    (
        "cut-pair, resumed",
        &["poll #2 cut-pair", "poll #3 status:401"],
        Some("Unauthorized"),
    ),
    (
        "cut-line-end, resumed",
        &["poll #2 cut-line-end", "poll #3 html"],
        Some("Envelope"),
    ),
    (
        "cut-pair, skipped, lost",
        &["poll #1 cut-pair", "poll step:3 skip", "poll #3 close"],
        None,
    ),
    (
        "cut-pair, repeated",
        &["poll #1 cut-pair", "poll #1 x2 repeat"],
        None,
    ),
    (
        "stale, older, repeat",
        &["poll #2 stale", "poll #3 older", "poll #4 repeat"],
        None,
    ),
    (
        "lost, stale, forbidden",
        &["poll #1 reset:50", "poll #2 stale", "poll #4 status:403"],
        Some("Forbidden"),
    ),
    (
        "five kinds of loss",
        &[
            "poll #1 close",
            "poll #1 reset",
            "poll #1 truncate:9",
            "poll #1 status:502",
            "poll #1 status-after:504",
        ],
        None,
    ),
    (
        "end lost, then unknown word",
        &["poll last x1 close", "poll last x1 word:melting"],
        Some("UnknownStatus"),
    ),
    (
        "end repeated, then lost",
        &[
            "poll last x1 stale",
            "poll last x1 truncate:40",
            "poll last x1 restart-keep:50ms",
        ],
        None,
    ),
];

pub(crate) fn cells() -> impl Iterator<Item = Cell> {
    COMBINED.iter().map(|(row, rules, error)| Cell {
        row,
        column: Column::Middle,
        rules: rules.iter().map(|rule| (*rule).to_owned()).collect(),
        steps: STEPS,
        expect: error.map_or(Expect::Outcome, |error| Expect::Resumable(error.to_owned())),
    })
}
