//! Spans and log events. They contain no tokens, arguments, passwords or text of the server's log.

use std::time::Duration;

use mailstore_metadata::Edition;
use tracing::{Span, debug, debug_span, warn};
use wire_values::printable;

use crate::error::Error;
use crate::function::Effect;
use crate::token::StatusToken;
use crate::update::Update;

/// The span of the first request of a call.
pub(crate) fn call(function: &str, effect: Effect) -> Span {
    debug_span!("mailstore.call", function, effect = effect.as_str())
}

/// The span of one status request.
pub(crate) fn poll(token: &StatusToken, hold: Duration) -> Span {
    debug_span!("mailstore.poll", version = token.version, hold = ?hold)
}

pub(crate) fn update(update: &Update) {
    debug!(
        status = &*printable(update.status().as_str()).to_string(),
        version = update.version(),
        percent = update.raw_percent(),
        lines = update.lines().len(),
        "update"
    );
}

pub(crate) fn failed_poll(error: &Error) {
    debug!(%error, "status request failed");
}

pub(crate) fn edition(expected: Edition, found: Edition) {
    if expected == found {
        debug!(edition = found.title(), "edition verified");
    } else {
        warn!(
            expected = expected.title(),
            found = found.title(),
            "the server has the wrong edition: calls that may change it are not sent"
        );
    }
}

pub(crate) fn unverified(error: &Error) {
    debug!(%error, "edition not verified");
}

pub(crate) fn failed_lookup(error: &Error) {
    debug!(%error, "function list request failed");
}

/// The span of a task. The hash identifies the task, also in the logs of several processes.
pub(crate) fn task(function: &str, token_hash: u64) -> Span {
    debug_span!(
        "mailstore.task",
        function,
        token_hash = format_args!("{token_hash:016x}")
    )
}

pub(crate) fn dropped_task(function: &str, token_hash: u64, cancelling: bool) {
    debug!(
        function,
        token_hash = format_args!("{token_hash:016x}"),
        cancelling,
        "task dropped while running"
    );
}
