//! Describes what a caller sees and what a server received.

use mailstore_api::server::Client;
use mailstore_api::{Error, ErrorKind};

/// The call of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Called {
    /// `GetServerInfo`, which may be repeated.
    Read,
    /// `DeleteUser`, which must not be sent twice.
    Change,
}

impl Called {
    pub(crate) const BOTH: [Self; 2] = [Self::Read, Self::Change];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Change => "change",
        }
    }

    /// Calls the function, and returns its error.
    pub(crate) async fn call(self, client: &Client) -> Option<Error> {
        match self {
            Self::Read => client.get_server_info().await.err(),
            Self::Change => client.delete_user("jane").await.err(),
        }
    }
}

/// The name of the kind of an error, with its cause.
pub(crate) fn kind(error: &Error) -> String {
    match error.kind() {
        ErrorKind::Connect { cause, .. } => format!("{cause:?}"),
        ErrorKind::Http { status } => format!("Http {status}"),
        kind => {
            let text = format!("{kind:?}");
            let end = text.find(['(', ' ', '{']).unwrap_or(text.len());
            text[..end].to_owned()
        }
    }
}

/// Describes an error: its kind, whether it is transient, whether the outcome is unknown, and whether it lacks advice.
pub(crate) fn outcome(error: Option<&Error>) -> String {
    let Some(error) = error else {
        return "ok".to_owned();
    };
    let transient = if error.is_transient() {
        "transient"
    } else {
        "permanent"
    };
    let known = if error.is_outcome_unknown() {
        "unknown"
    } else {
        "known"
    };
    let advice = if has_advice(error) { "" } else { ", no advice" };
    format!("{}, {transient}, outcome {known}{advice}", kind(error))
}

/// Whether the message says what to do: it has an imperative.
fn has_advice(error: &Error) -> bool {
    const VERBS: &[&str] = &[
        "allow ",
        "check ",
        "close ",
        "compare ",
        "correct ",
        "install ",
        "pass ",
        "raise ",
        "renew ",
        "set ",
        "use ",
        "may be retried",
    ];
    let text = error.to_string().to_lowercase();
    VERBS.iter().any(|verb| text.contains(verb))
}
