//! What is to come of a fault, by its kind and the phase it happens in.

use super::column::{Called, Column};

/// How a fault looks to a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// The answer can still be read.
    Fine,
    /// The answer can be read, and its piece of the log is lost.
    NoLog,
    /// A new connection does not come about.
    Unconnected,
    /// The answer does not come, or not in whole.
    Lost,
    /// The answer does not come while the client waits.
    Silent,
    /// Up to the client's system, the answer comes or not.
    PerhapsLost,
    /// An HTTP status other than 200.
    Http(u16),
    /// A body that does not come from the API.
    Unreadable,
    /// An unknown status word.
    Word,
    /// The token is no longer known.
    Forgotten,
    /// The server is away and comes back with its calls.
    Restarted,
    /// The server is away and comes back without its calls.
    Reborn,
}

/// How a call is to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Expect {
    /// As it ended at the server, with the whole log.
    Outcome,
    /// The same, or the start fails with this error.
    OutcomeOr(String),
    /// As it ended at the server, and the log lacks a piece that the server never sends.
    OutcomeWithoutLog,
    /// The start fails with this error, which says whether the server may have carried it out.
    StartFails { error: String, unknown: bool },
    /// This error with the token; resumed from it, the call ends as it did at the server, with the whole log.
    Resumable(String),
    /// Either `Outcome`, or as `Resumable` with an error that passes.
    OutcomeOrTransient,
    /// `TokenExpired`, without a token.
    Expired,
    /// The same, but the server was wrong: from the token that the caller kept the call can be resumed.
    ExpiredByMistake,
}

/// The name of the error that this HTTP status becomes in answer to a start.
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

    /// Whether a request that meets such a fault may simply be sent again.
    pub(crate) fn passes(class: Class) -> bool {
        match class {
            Class::Unconnected | Class::Lost | Class::Silent | Class::PerhapsLost | Class::Restarted => true,
            Class::Http(status) => passes(status),
            _ => false,
        }
    }

    /// Nothing was sent, so it may be tried again.
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

    /// A read is asked again where that may help.
    fn at_start_of_read(class: Class) -> Expect {
        match class {
            Class::Lost | Class::PerhapsLost | Class::Restarted | Class::Reborn => Expect::Outcome,
            Class::Http(status) if passes(status) => Expect::Outcome,
            // All the time that the caller gave the request is used up.
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

    /// What the answer to a cancellation says is not published, so that it came is enough.
    fn at_cancel(class: Class) -> Expect {
        match class {
            Class::Fine | Class::Unreadable | Class::Word => Expect::Outcome,
            class if Expect::passes(class) => Expect::OutcomeOrTransient,
            class => Expect::at_poll(class),
        }
    }
}
