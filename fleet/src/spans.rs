//! The spans of a call: one for each try to start it, one for each slice of following it, and one for each request to
//! cancel it. Without a subscriber, they cost nothing.
//!
//! A step that is replayed from the journal is not executed, so it has no second span. Spans contain no arguments,
//! tokens, passwords, log text or error text.

use std::future::Future;

use tracing::field::Empty;
use tracing::{Instrument as _, Span, info_span};

use crate::call::Call;
use crate::follow::{End, Slice};
use crate::start::Started;

/// Creates a span with the attributes that identify a call.
macro_rules! span_of {
    ($name:literal, $call:expr, $invocation:expr) => {
        info_span!(
            $name,
            fleet.window = $call.window,
            fleet.profile = $call.profile,
            fleet.instance = $call.instance,
            fleet.function = $call.function,
            fleet.key_digest = key_digest($call),
            restate.invocation.id = $invocation,
            fleet.outcome = Empty,
        )
    };
}

/// Runs a try to start a call within its span.
pub(crate) async fn of_start(call: &Call, invocation: &str, work: impl Future<Output = Started>) -> Started {
    let span = span_of!("fleet.start", call, invocation);
    let started = work.instrument(span.clone()).await;
    let word = match &started {
        Started::NotSent { .. } => "not sent",
        Started::Failed { .. } => "failed",
        Started::Unknown { .. } => "unknown",
        Started::Running { .. } => "running",
        Started::Ended { end, .. } => word(end),
    };
    end(&span, word);
    started
}

/// Runs a slice of following a call within its span.
pub(crate) async fn of_slice(call: &Call, invocation: &str, work: impl Future<Output = Slice>) -> Slice {
    let span = span_of!("fleet.follow", call, invocation);
    let slice = work.instrument(span.clone()).await;
    let word = match (&slice.end, &slice.problem) {
        (Some(end), _) => word(end),
        (None, Some(_)) => "not reached",
        (None, None) => "running",
    };
    end(&span, word);
    slice
}

/// Runs a request to cancel a call within its span.
pub(crate) async fn of_cancel<E>(
    call: &Call,
    invocation: &str,
    work: impl Future<Output = Result<(), E>>,
) -> Result<(), E> {
    let span = span_of!("fleet.cancel", call, invocation);
    let asked = work.instrument(span.clone()).await;
    end(&span, if asked.is_ok() { "asked" } else { "not asked" });
    asked
}

fn end(span: &Span, outcome: &'static str) {
    span.record("fleet.outcome", outcome);
}

fn word(end: &End) -> &'static str {
    match end {
        End::Succeeded { .. } => "succeeded",
        End::Failed { .. } => "failed",
        End::Unknown { .. } => "unknown",
    }
}

/// Returns the last part of a key: the digest of the arguments.
fn key_digest(call: &Call) -> &str {
    call.key.rsplit(':').next().unwrap_or_default()
}
