//! The ways in which a call can fail, in words.

use std::time::Duration;

use mailstore_metadata::Edition;

use crate::change::Change;
use crate::connect_error::ConnectCause;
use crate::failure::Failure;
use crate::function::Effect;
use crate::incompatible::incompatible;
use crate::no_runtime::NoRuntime;
use crate::wait::WaitLimit;

/// The ways in which a call can fail.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The configuration of the client is invalid or incomplete. Nothing was sent.
    #[error("{0}")]
    Configuration(String),
    /// An argument has an invalid value. Nothing was sent.
    #[error("argument {name} cannot be sent: {problem}")]
    Argument {
        /// Wire name of the argument.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A value of the program is invalid. Nothing was sent.
    #[error("{0}")]
    Value(String),
    /// The client was built with [`read_only`](crate::Builder::read_only), and the call may
    /// change the server or is of an unknown function. Nothing was sent.
    #[error("{}", refusal(*effect, *cancelling))]
    ReadOnly {
        /// The effect of the function.
        effect: Effect,
        /// Whether the rejected request was to cancel a running call, rather than to start one.
        cancelling: bool,
    },
    /// The server has a different edition from the one that the program was compiled for, or an unknown edition. The call
    /// was not sent.
    ///
    /// See [`assume_edition`](crate::Builder::assume_edition).
    #[error("{}", wrong_edition(*expected, *found))]
    WrongEdition {
        /// The edition that the program was compiled for.
        expected: Edition,
        /// The edition of the server; `None` if its function list does not identify one.
        found: Option<Edition>,
    },
    /// No connection: it was refused, the host is unknown, the TLS handshake failed, or the certificate is not trusted. The
    /// request did not arrive.
    #[error(
        "no connection to {origin}, so nothing was sent: {reason}. {}",
        cause.advice()
    )]
    Connect {
        /// The server, as `https://host:port`.
        origin: String,
        /// The cause.
        cause: ConnectCause,
        /// A description of what happened.
        reason: String,
    },
    /// The future was polled outside a tokio runtime. Nothing was sent.
    #[error("{NoRuntime}")]
    NoRuntime,
    /// The response to a read-only request was lost or timed out. The request may be retried.
    #[error("the answer was lost ({}); asking again does no harm", waited(*timeout))]
    Lost {
        /// The timeout, if that was the reason.
        timeout: Option<Duration>,
    },
    /// The response to a call that may change the server was lost or timed out. The server may or may not have executed
    /// the call.
    ///
    /// Check the server before you repeat the call.
    #[error("the answer was lost ({}), and whether the server carried the call out is not known: look before you repeat it", waited(*timeout))]
    OutcomeUnknown {
        /// The timeout, if that was the reason.
        timeout: Option<Duration>,
    },
    /// HTTP 401: the user name or the password is wrong.
    #[error(
        "the server refused the credentials (HTTP 401): check user name and password; with multi-factor authentication only an API password works"
    )]
    Unauthorized,
    /// HTTP 403: the user may not use the API.
    #[error(
        "the server refused the user (HTTP 403): the account needs the administrator privilege and the login privilege for the API"
    )]
    Forbidden,
    /// HTTP 404 to a call: the server has no such function. The call was not executed.
    ///
    /// The client then requests the function list of the server, and the error includes what it found.
    #[error("{}", unknown_function(*listed, compiled_for))]
    UnknownFunction {
        /// Whether the server's function list has the function; `None` if the list could not be read.
        listed: Option<bool>,
        /// A description of what the program was compiled for, such as `version 24`.
        compiled_for: String,
    },
    /// The server does not accept every call of the functions that a program needs. `require_compatible` returns this error.
    #[error("{}", incompatible(compiled_for, changes))]
    Incompatible {
        /// A description of what the program was compiled for, such as `version 24`.
        compiled_for: String,
        /// The differences that have an impact, sorted by function.
        changes: Vec<Change>,
    },
    /// HTTP 404 to a status request or a cancel request: the server no longer knows the token. The outcome of the call is
    /// not known.
    #[error(
        "the server no longer knows the running call (HTTP 404): its status token expired, or the server was restarted. Whether the call was carried out is not known: look at the server before you repeat it; a call that only reads can be made again"
    )]
    TokenExpired,
    /// Another HTTP status than 200.
    #[error("the server answered HTTP {status}, which the API does not")]
    Http {
        /// The status of the response.
        status: u16,
    },
    /// The response is larger than the client accepts.
    #[error(
        "the answer is larger than {limit} bytes: ask for less, or raise the limit with `max_response_size`"
    )]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The response is not a valid response of the API.
    #[error("the answer is no answer of the API: {problem}. It begins with {excerpt}")]
    Envelope {
        /// What is wrong with it.
        problem: String,
        /// The kind of text that it begins with, but never the text itself.
        excerpt: &'static str,
    },
    /// The call succeeded, but its result has an unexpected shape.
    #[error(
        "the call succeeded, but its result is not as expected: {problem}. `raw()` and `call()` read any result"
    )]
    Decode {
        /// The place in the result and the kind of value found there.
        problem: String,
    },
    /// The server executed the call, and it failed.
    #[error("{}", .0.message())]
    Failed(Failure),
    /// The server sent a status that this version does not know. The call may still be running.
    #[error("the server answered with the unknown status `{status}`")]
    UnknownStatus {
        /// The status as the server sent it.
        status: String,
    },
    /// The wait reached one of its limits. The error carries the token of the call, which continues on the server unless
    /// its task [cancels on drop](crate::Task::cancel_on_drop).
    #[error("{limit}")]
    WaitLimit {
        /// The limit.
        limit: WaitLimit,
        /// The duration of the wait.
        elapsed: Duration,
        /// The number of status responses during the wait.
        polls: u64,
        /// The last progress that the server reported.
        percent: Option<f64>,
    },
    /// The token belongs to a call of another function. Nothing was sent.
    #[error(
        "the status token is of a call of {called} and cannot be resumed as a call of {resumed_as}: resume it with the request type of {called}, or with `resume`, which takes any function"
    )]
    OtherFunction {
        /// Wire name of the function that was called.
        called: String,
        /// Wire name of the function that the token was resumed as.
        resumed_as: &'static str,
    },
    /// The token belongs to another server or another edition.
    #[error("the status token belongs to {expected}, and this client talks to {actual}")]
    ForeignToken {
        /// The server on which the call runs.
        expected: String,
        /// The server of this client.
        actual: String,
    },
}

fn waited(timeout: Option<Duration>) -> String {
    match timeout {
        Some(timeout) => {
            let whole_ms = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
            format!("nothing came within {:?}", Duration::from_millis(whole_ms))
        }
        None => "the connection broke".to_owned(),
    }
}

/// Explains why a read-only client did not send a request, and what to do.
fn refusal(effect: Effect, cancelling: bool) -> String {
    let reason = match effect {
        Effect::Unknown => "this version does not know the function, so it may not be read-only",
        _ => "the function may change the server",
    };
    let (what, instead) = if cancelling {
        ("the call is not cancelled and continues", "resume its token with")
    } else {
        ("nothing was sent", "make the call with")
    };
    format!(
        "this client is read-only, and {reason} (effect: {effect}): {what}. If it is meant, {instead} a client that is built without `read_only`"
    )
}

/// Explains why a call is not sent to the server, and what to do.
fn wrong_edition(expected: Edition, found: Option<Edition>) -> String {
    match found {
        Some(found) => format!(
            "no call was sent: this client is for {expected}, and the server is a {found}. Check the address (the usual port is {} for {expected} and {} for {found}), or use the client for {found}",
            expected.port(),
            found.port()
        ),
        None => format!(
            "no call was sent: this client is for {expected}, and the server's function list has no function of any known edition. Check address and port ({} unless configured otherwise); `assume_edition` on the builder sends the call all the same",
            expected.port()
        ),
    }
}

/// Explains an HTTP 404 to a call with the help of the server's function list.
fn unknown_function(listed: Option<bool>, compiled_for: &str) -> String {
    match listed {
        Some(false) => format!(
            "not on this server: its function list lacks it (HTTP 404); this program was compiled for {compiled_for}. Do without it on this server, or check the name if it was given by hand"
        ),
        Some(true) => format!(
            "the server has the function in its list and still answered HTTP 404; this program was compiled for {compiled_for}. `compatibility()` tells whether it has it at another path; or something in between answered, such as a proxy"
        ),
        None => "the server has no such function (HTTP 404): it may be older or newer than this program, or of the other edition".to_owned(),
    }
}
