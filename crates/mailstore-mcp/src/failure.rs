//! The answers of calls that failed: what happened, whether it changed something, and what to do next.

use mailstore_codegen::model::Function;
use mailstore_reach::explain;
use mailstore_transport::{Error, ErrorKind, SecretString};
use serde_json::{Value, json};

use crate::run::Why;
use crate::shown;

const CHECK: &str =
    "Do not repeat the call. Read the state of the server with functions that only read, and report it.";

const REJECTED: &str = "Tell the person. Further calls fail, too, until the account is corrected.";

/// Returns the answer of a call that failed. `was_started` says whether the server had started it.
pub(crate) fn failed(function: &Function, error: Error, was_started: bool, hidden: &[SecretString]) -> Value {
    let only_reads = function.effect.only_reads();
    let (what, next_step) = advice(&error, only_reads, was_started);
    let report = explain(error);
    let help = report.help().map(|help| help.to_string());
    let mut answer = json!({
        "error": format!("{}: {what}", function.wire),
        "data_from_server": {"message": shown::text(&report.to_string(), hidden)},
        "next_step": next_step,
    });
    if let Some(help) = help {
        answer["for_the_person"] = json!(help);
    }
    answer
}

/// Says what an error means, and what to do next.
fn advice(error: &Error, only_reads: bool, was_started: bool) -> (&'static str, &'static str) {
    if error.is_outcome_unknown() {
        return (
            "the outcome is unknown: the server may have executed the call, or may still be executing it",
            CHECK,
        );
    }
    match error.kind() {
        ErrorKind::Failed(_) if only_reads => (
            "the server could not execute the call",
            "Read the message. Correct the arguments if they are the reason.",
        ),
        ErrorKind::Failed(_) => (
            "the server executed the call, and it failed. A part of the change may have been made",
            "Read the message, and read the state of the server before you change anything else.",
        ),
        ErrorKind::Decode { .. } if !only_reads => (
            "the call succeeded, but its result cannot be shown",
            "Do not repeat the call: it was executed.",
        ),
        ErrorKind::Connect { .. } if !was_started => (
            "no connection to the server, so nothing was sent",
            "Tell the person. The same call may be sent again later.",
        ),
        ErrorKind::Unauthorized | ErrorKind::Forbidden if was_started => (
            "the server rejected the account while the call was running, so there is no result",
            REJECTED,
        ),
        ErrorKind::Unauthorized | ErrorKind::Forbidden => (
            "the server rejected the account, so the call was not executed",
            REJECTED,
        ),
        ErrorKind::TooLarge { .. } => (
            "the result is too large",
            "Give arguments that select less, or call a function for one object.",
        ),
        _ if error.is_transient() => (
            "the response was lost. The call only reads",
            "The same call may be sent again later.",
        ),
        _ if only_reads => (
            "there is no result. The call only reads",
            "Read the message, and tell the person.",
        ),
        _ => (
            "the call was not executed",
            "Read the message, and tell the person.",
        ),
    }
}

/// Returns the answer of a call that the server was asked to cancel.
pub(crate) fn stopped(function: &Function, why: Why, has_ended: bool) -> Value {
    let reason = match why {
        Why::Client => "the client cancelled the call",
        Why::Limit => "the call reached a time limit",
    };
    let state = if has_ended {
        "The server was asked to cancel it, and it has ended."
    } else {
        "The server was asked to cancel it, but it may still be running."
    };
    let next_step = if function.effect.only_reads() {
        "The call only reads, so it may be sent again. A smaller request is faster."
    } else {
        CHECK
    };
    let part = if function.effect.only_reads() {
        ""
    } else {
        " A part of the change may have been made."
    };
    json!({
        "error": format!("{}: {reason}. {state}{part}", function.wire),
        "next_step": next_step,
    })
}
