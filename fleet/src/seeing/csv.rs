//! The calls of a window as comma-separated values.

use clap::ValueEnum as _;
use mailstore_api::printable;
use mailstore_operations::spreadsheet::{rows, without_formula};

use super::call::SeenCall;
use super::window::SeenWindow;
use crate::outcome::Outcome;

const HEADER: [&str; 18] = [
    "window",
    "key",
    "profile",
    "instance",
    "server",
    "function",
    "wave",
    "phase",
    "outcome",
    "percent",
    "reason",
    "trouble",
    "attempt",
    "started",
    "ended",
    "seconds",
    "log_bytes",
    "log",
];

/// Returns all calls of a window as comma-separated values, with a row for each call. What does not exist is empty.
///
/// Control characters become escape sequences. Text that a spreadsheet would run as a formula begins with an apostrophe.
pub fn csv(window: &SeenWindow) -> String {
    rows(
        &HEADER,
        window.calls.iter().map(|call| record(&window.window, call)),
    )
}

fn record(window: &str, call: &SeenCall) -> [String; HEADER.len()] {
    let text = |text: &str| without_formula(&printable(text).whole().to_string());
    let optional = |value: &Option<String>| value.as_deref().map(text).unwrap_or_default();
    [
        text(window),
        text(&call.key),
        text(&call.profile),
        optional(&call.instance),
        optional(&call.server),
        text(&call.function),
        shown(call.wave),
        call.stage.as_str().to_owned(),
        call.outcome.and_then(word).unwrap_or_default(),
        shown(call.percent),
        optional(&call.reason),
        call.trouble
            .as_ref()
            .map(|trouble| text(&trouble.reason))
            .unwrap_or_default(),
        call.attempt.to_string(),
        shown(call.started),
        shown(call.ended),
        shown(call.seconds),
        call.log_bytes.to_string(),
        optional(&call.log),
    ]
}

/// Returns the word of an outcome, as JSON and the command line have it.
fn word(outcome: Outcome) -> Option<String> {
    Some(outcome.to_possible_value()?.get_name().to_owned())
}

fn shown<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
