//! The kinds of errors, and their messages.

use std::time::Duration;

use https_connect::{ConnectCause, NoRuntime};
use mailstore_metadata::Edition;
use wire_values::printable;

use crate::change::Change;
use crate::failure::Failure;
use crate::function::Effect;
use crate::incompatible::incompatible;
use crate::wait::WaitLimit;

/// The ways in which a call can fail.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The configuration of the client is invalid or incomplete. Nothing was sent.
    #[error("{}", printable(.0))]
    Configuration(String),
    /// An argument has an invalid value. Nothing was sent.
    #[error("argument {} cannot be sent: {}", printable(.name), printable(.problem))]
    Argument {
        /// Wire name of the argument.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A value of the program is invalid. Nothing was sent.
    #[error("{}", printable(.0))]
    Value(String),
    /// The client was built with [`read_only`](crate::Builder::read_only), and the call may change the server or calls
    /// an unknown function. Nothing was sent.
    #[error("{}", read_only(*effect, *cancelling))]
    ReadOnly {
        /// The effect of the function.
        effect: Effect,
        /// Whether the rejected request is a cancel request. If not, it would have started a call.
        cancelling: bool,
    },
    /// The server has a different edition from the one that the program was compiled for, or an unknown edition. The
    /// call was not sent.
    ///
    /// See [`assume_edition`](crate::Builder::assume_edition).
    #[error("{}", wrong_edition(*expected, *found))]
    WrongEdition {
        /// The edition that the program was compiled for.
        expected: Edition,
        /// The edition of the server; `None` if its function list does not identify one.
        found: Option<Edition>,
    },
    /// No connection could be opened. For example, the connection was refused, the host name is unknown, the TLS
    /// handshake failed, or the certificate is not trusted. Nothing was sent.
    #[error(
        "no connection to {}, so nothing was sent: {}. {}",
        printable(.origin),
        printable(.reason),
        cause.advice()
    )]
    Connect {
        /// The server, as `https://host:port`.
        origin: String,
        /// The cause.
        cause: ConnectCause,
        /// A description of the failure.
        reason: String,
    },
    /// The future was polled outside a tokio runtime. Nothing was sent.
    #[error("{NoRuntime}")]
    NoRuntime,
    /// The response to a read-only request or a cancel request was lost or timed out. The request may be retried.
    #[error("the response was lost ({}); the request may be retried", loss(*timeout))]
    Lost {
        /// The timeout, if that was the reason.
        timeout: Option<Duration>,
    },
    /// The response to a call that may change the server was lost or timed out. The server may or may not have executed
    /// the call.
    ///
    /// Check the server before you repeat the call.
    #[error("the response was lost ({}), and the server may have executed the call: check the server before you repeat it", loss(*timeout))]
    OutcomeUnknown {
        /// The timeout, if that was the reason.
        timeout: Option<Duration>,
    },
    /// HTTP 401: the user name or the password is wrong.
    #[error(
        "the server rejected the credentials (HTTP 401): check the user name and the password. With multi-factor authentication, use an API password"
    )]
    Unauthorized,
    /// HTTP 403: the user may not use the API.
    #[error(
        "the server denied access (HTTP 403): the user needs the administrator privilege and the login privilege for the API"
    )]
    Forbidden,
    /// HTTP 404 in response to a call: the server does not have the function. The call was not executed.
    ///
    /// The client then requests the function list of the server, and the message says whether the list has the
    /// function.
    #[error("{}", unknown_function(*listed, compiled_for))]
    UnknownFunction {
        /// Whether the server's function list has the function; `None` if the list could not be read.
        listed: Option<bool>,
        /// A description of what the program was compiled for, such as `version 24`.
        compiled_for: String,
    },
    /// The server does not accept every call of the functions that a program needs. `require_compatible` returns this
    /// error.
    #[error("{}", incompatible(compiled_for, changes))]
    Incompatible {
        /// A description of what the program was compiled for, such as `version 24`.
        compiled_for: String,
        /// The differences that have an impact, sorted by function.
        changes: Vec<Change>,
    },
    /// HTTP 404 in response to a status request or a cancel request: the status token is no longer valid. The outcome
    /// of the call is unknown.
    #[error(
        "the status token is no longer valid (HTTP 404): it expired, or the server was restarted. The outcome of the call is unknown: check the server before you repeat it. A read-only call may be repeated"
    )]
    TokenExpired,
    /// The server returned another HTTP status than 200.
    #[error("{}", http(*status))]
    Http {
        /// The status of the response.
        status: u16,
    },
    /// The response is not valid HTTP, or it is compressed. A retry does not help.
    #[error(
        "the response is not valid HTTP ({problem}): check that the address and the port are those of the API, and check the proxies before the server"
    )]
    InvalidHttp {
        /// What is wrong with it. It never contains the response itself.
        problem: String,
    },
    /// The response is larger than the client accepts.
    #[error(
        "the response is larger than {limit} bytes: request less data, or raise the limit with `max_response_size`"
    )]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The response is not a valid response of the API.
    #[error("invalid API response: {}. It begins with {excerpt}", printable(.problem))]
    Envelope {
        /// What is wrong with it.
        problem: String,
        /// The kind of content at its beginning. It never contains the content itself.
        excerpt: &'static str,
    },
    /// The call succeeded, but its result has an unexpected shape.
    #[error(
        "the call succeeded, but its result has an unexpected shape: {}. `raw()` and `call()` accept any result",
        printable(.problem)
    )]
    Decode {
        /// The place in the result and the kind of value found there.
        problem: String,
    },
    /// The server executed the call, and the call failed.
    #[error("{}", printable(&.0.message()))]
    Failed(Failure),
    /// The server sent a status that this version does not know. The call may still be running.
    #[error("the server returned the unknown status `{}`", printable(.status))]
    UnknownStatus {
        /// The status as the server sent it, cut after 2,000 bytes.
        status: String,
    },
    /// The wait reached one of its limits. The call continues on the server, unless its task
    /// [cancels on drop](crate::Task::cancel_on_drop). The error contains the token of the call.
    #[error("{limit}")]
    WaitLimit {
        /// The limit.
        limit: WaitLimit,
        /// The duration of the wait.
        elapsed: Duration,
        /// The number of status responses during the wait.
        polls: u64,
        /// The last progress that the server returned.
        percent: Option<f64>,
    },
    /// The token belongs to a call of another function. Nothing was sent.
    #[error(
        "the status token belongs to a call of {0} and cannot be resumed as a call of {resumed_as}: resume it with the request type of {0}, or with `resume`, which accepts any function",
        printable(.called)
    )]
    OtherFunction {
        /// Wire name of the function that was called.
        called: String,
        /// Wire name of the function that the token was resumed as.
        resumed_as: &'static str,
    },
    /// The token belongs to another server or another edition. Nothing was sent.
    #[error("the status token belongs to {}, but this client connects to {}", printable(.expected), printable(.actual))]
    ForeignToken {
        /// The server on which the call runs.
        expected: String,
        /// The server of this client.
        actual: String,
    },
}

/// Returns the reason why a response was lost.
fn loss(timeout: Option<Duration>) -> String {
    match timeout {
        Some(timeout) => {
            let whole_ms = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
            format!("timeout after {:?}", Duration::from_millis(whole_ms))
        }
        None => "the connection broke".to_owned(),
    }
}

/// Explains an HTTP status for which there is no other kind, and what to do.
fn http(status: u16) -> String {
    match status {
        300..=399 => format!(
            "the server redirected the request (HTTP {status}). The client does not follow redirects, because another server could then receive the credentials: check the address and the port"
        ),
        408 | 429 | 500..=599 => format!(
            "unexpected status HTTP {status}: the API returns 200. Check the server and the proxies before it"
        ),
        _ => format!(
            "unexpected status HTTP {status}: the API returns 200. Check the address and the port, and the proxies before the server"
        ),
    }
}

/// Explains why a read-only client did not send a request, and what to do.
fn read_only(effect: Effect, cancelling: bool) -> String {
    let reason = match effect {
        Effect::Unknown => "the function is unknown, so it may change the server",
        _ => "the function may change the server",
    };
    let (what, remedy) = if cancelling {
        (
            "the call was not cancelled and continues",
            "To cancel it, resume its token with",
        )
    } else {
        ("nothing was sent", "To send the call, use")
    };
    format!(
        "this client is read-only, and {reason} (effect: {effect}): {what}. {remedy} a client that is built without `read_only`"
    )
}

/// Explains why a call is not sent to the server, and what to do.
fn wrong_edition(expected: Edition, found: Option<Edition>) -> String {
    match found {
        Some(found) => format!(
            "no call was sent: this client is for {expected}, but the server is a {found}. Check the address (the usual port is {} for {expected} and {} for {found}), or use the client for {found}",
            expected.port(),
            found.port()
        ),
        None => format!(
            "no call was sent: this client is for {expected}, but the server's function list does not match any known edition. Check the address and the port (the usual port is {}), or send calls without this check: call `assume_edition` on the builder",
            expected.port()
        ),
    }
}

/// Explains an HTTP 404 in response to a call. `listed` is whether the server's function list has the function.
fn unknown_function(listed: Option<bool>, compiled_for: &str) -> String {
    match listed {
        Some(false) => format!(
            "the server does not have this function (HTTP 404): it is not in the function list of the server. This program was compiled for {compiled_for}. Check the name of the function, or do not call it on this server"
        ),
        Some(true) => format!(
            "the server returned HTTP 404, although the function is in its function list. This program was compiled for {compiled_for}. Call `compatibility()` to see whether the function has another path, and check that the response is not from a proxy"
        ),
        None => "the server does not have this function (HTTP 404): check that its version and edition are those that this program was compiled for".to_owned(),
    }
}
