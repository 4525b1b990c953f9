//! The expected outcome of a fault, by its kind and phase.

use super::column::{Called, Column};

/// The effect of a fault on a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// The response can be decoded.
    Fine,
    /// The response can be decoded, but its piece of log is missing.
    NoLog,
    /// A new connection cannot be opened.
    Unconnected,
    /// The response is lost or truncated.
    Lost,
    /// No response comes while the client waits.
    Silent,
    /// The response may be lost, depending on the operating system of the client.
    PerhapsLost,
    /// An HTTP status other than 200.
    Http(u16),
    /// A body that does not come from the API.
    Unreadable,
    /// An unknown status word.
    Word,
    /// The token is no longer valid.
    Forgotten,
    /// The server restarts and keeps its calls.
    Restarted,
    /// The server restarts and loses its calls.
    Reborn,
}

/// The expected outcome of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expect {
    /// The outcome of the server, with the whole log.
    Outcome,
    /// Like `Outcome`, or the start fails with this error.
    OutcomeOr(String),
    /// The outcome of the server. The log lacks a piece that the server never sends.
    OutcomeWithoutLog,
    /// The start fails with this error, which states whether the server may have executed it.
    StartFails { error: String, unknown: bool },
    /// This error with the token. The resumed call ends with the outcome of the server and the whole log.
    Resumable(String),
    /// `Outcome`, or like `Resumable` with a transient error.
    OutcomeOrTransient,
    /// `TokenExpired`, without a token.
    Expired,
    /// Like `Expired`, but the token is still valid: the call can be resumed from the token that the caller kept.
    ExpiredByMistake,
}

/// Returns the name of the error for this HTTP status of a start.
fn name_of(status: u16) -> String {
    match status {
        401 => "Unauthorized".to_owned(),
        403 => "Forbidden".to_owned(),
        404 => "UnknownFunction".to_owned(),
        status => format!("Http {status}"),
    }
}

fn passes(status: u16) -> bool {
    matches!(status, 408 | 429 | 500 | 502 | 503 | 504)
}

impl Expect {
    pub(crate) fn of(class: Class, column: Column) -> Expect {
        match column {
            Column::Connect => Expect::at_connect(class),
            Column::Sent(Called::Action) | Column::Answered(Called::Action) => Expect::at_start(class),
            Column::Sent(Called::Read) | Column::Answered(Called::Read) => Expect::at_start_of_read(class),
            Column::First | Column::Middle | Column::Each | Column::Last(_) => Expect::at_poll(class),
            Column::Always => Expect::always(class),
            Column::Cancel => Expect::at_cancel(class),
            Column::CancelLost => Expect::Outcome,
        }
    }

    /// Returns whether a request may be retried after such a fault.
    pub(crate) fn passes(class: Class) -> bool {
        match class {
            Class::Unconnected | Class::Lost | Class::Silent | Class::PerhapsLost | Class::Restarted => true,
            Class::Http(status) => passes(status),
            _ => false,
        }
    }

    /// Nothing was sent, so the start may be retried.
    fn at_connect(class: Class) -> Expect {
        match class {
            Class::Fine => Expect::Outcome,
            _ => Expect::OutcomeOr("Connect".to_owned()),
        }
    }

    fn at_start(class: Class) -> Expect {
        let fails = |error: &str, unknown| {
            let error = error.to_owned();
            Expect::StartFails { error, unknown }
        };
        match class {
            Class::Fine => Expect::Outcome,
            Class::NoLog => Expect::OutcomeWithoutLog,
            Class::PerhapsLost => Expect::OutcomeOr("OutcomeUnknown".to_owned()),
            Class::Unconnected => fails("Connect", false),
            Class::Lost | Class::Silent | Class::Restarted | Class::Reborn => fails("OutcomeUnknown", true),
            Class::Http(status) => fails(&name_of(status), status >= 500),
            Class::Unreadable => fails("Envelope", true),
            Class::Word => Expect::Resumable("UnknownStatus".to_owned()),
            Class::Forgotten => Expect::Expired,
        }
    }

    /// A read-only start is retried if that may help.
    fn at_start_of_read(class: Class) -> Expect {
        match class {
            Class::Lost | Class::PerhapsLost | Class::Restarted | Class::Reborn => Expect::Outcome,
            Class::Http(status) if passes(status) => Expect::Outcome,
            // The timeout of the request has passed.
            Class::Silent => Expect::StartFails {
                error: "Lost".to_owned(),
                unknown: false,
            },
            class => match Expect::at_start(class) {
                Expect::StartFails { error, .. } => Expect::StartFails {
                    error,
                    unknown: false,
                },
                other => other,
            },
        }
    }

    fn at_poll(class: Class) -> Expect {
        match class {
            Class::NoLog => Expect::OutcomeWithoutLog,
            Class::Http(404) => Expect::ExpiredByMistake,
            Class::Http(status) if !passes(status) => Expect::Resumable(name_of(status)),
            Class::Unreadable => Expect::Resumable("Envelope".to_owned()),
            Class::Word => Expect::Resumable("UnknownStatus".to_owned()),
            Class::Forgotten | Class::Reborn => Expect::Expired,
            _ => Expect::Outcome,
        }
    }

    fn always(class: Class) -> Expect {
        match class {
            Class::Unconnected => Expect::at_start(class),
            Class::Lost | Class::Silent => Expect::Resumable("Lost".to_owned()),
            Class::Http(status) => Expect::Resumable(name_of(status)),
            class => Expect::at_poll(class),
        }
    }

    /// The content of the response to a cancellation is not published, so any response is sufficient.
    fn at_cancel(class: Class) -> Expect {
        match class {
            Class::Fine | Class::Unreadable | Class::Word => Expect::Outcome,
            class if Expect::passes(class) => Expect::OutcomeOrTransient,
            class => Expect::at_poll(class),
        }
    }
}
