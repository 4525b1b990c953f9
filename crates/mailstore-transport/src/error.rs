//! What can go wrong with a call, and what a caller wants to know of it.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use crate::argument::Unsendable;
use crate::compatibility::{Change, refusal as incompatible};
use crate::decode::Problem;
use crate::envelope::ServerError;
use crate::failure::Failure;
use crate::function::Effect;
use crate::status::StatusCode;
use crate::token::StatusToken;
use crate::wait::WaitLimit;

pub(crate) type Cause = Box<dyn StdError + Send + Sync>;

/// A call that did not bring its result.
///
/// Ask it what to do next: [`is_auth`](Self::is_auth), [`is_transient`](Self::is_transient),
/// [`server_error`](Self::server_error), [`task_token`](Self::task_token); or match on [`kind`](Self::kind).
/// Neither `Display` nor `Debug` shows credentials, arguments, tokens or results; the causes are in `source()`.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    function: Option<String>,
    /// What the request may have done to the server; `None` of one that does nothing.
    effect: Option<Effect>,
    stage: Stage,
    token: Option<StatusToken>,
    cancel_requested: bool,
    /// Whether the task that is dropped with this error asks the server to stop the call.
    being_cancelled: bool,
    /// When the server wants to be asked again.
    retry_after: Option<Duration>,
    cause: Option<Cause>,
}

/// Which request of a call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The first one, or another that has nothing to do with a running call.
    Start,
    /// A status request: the call was started.
    Status,
    /// The request to cancel it.
    Cancel,
    /// The same, sent because a wait reached this limit.
    CancelAtLimit(WaitLimit),
}

/// The ways in which a call can fail.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client cannot be built from what it was given. Always before anything is sent.
    #[error("{0}")]
    Configuration(String),
    /// An argument cannot be sent as it is. Always before anything is sent.
    #[error("argument {name} cannot be sent: {problem}")]
    Argument {
        /// Wire name of the argument.
        name: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A value is not as the server wants it, found when a program made it. Nothing was sent.
    #[error("{0}")]
    Value(String),
    /// The client was built with [`read_only`](crate::Builder::read_only), and this may change the server, or nobody
    /// knows whether it does. Always before anything is sent.
    #[error("{}", refusal(*effect, *cancelling))]
    ReadOnly {
        /// What the function of the call may do to the server.
        effect: Effect,
        /// Whether a running call was to be cancelled, and not one to be started.
        cancelling: bool,
    },
    /// No connection: refused, unknown host, TLS not agreed on, certificate not trusted. The request did not arrive.
    #[error(
        "no connection to {origin}, so nothing was sent: {reason}. {}",
        advice(reason)
    )]
    Connect {
        /// The server, as `https://host:port`.
        origin: String,
        /// The innermost cause in words.
        reason: String,
    },
    /// The answer to a request that only reads was lost or did not come in time. It may be repeated.
    #[error("the answer was lost ({}); asking again does no harm", waited(*timeout))]
    Lost {
        /// How long the answer was waited for, if that was the reason.
        timeout: Option<Duration>,
    },
    /// As [`Lost`](Self::Lost), of a call that may change the server: it may have been carried out or not.
    ///
    /// Look at the server before you repeat it.
    #[error("the answer was lost ({}), and whether the server carried the call out is not known: look before you repeat it", waited(*timeout))]
    OutcomeUnknown {
        /// How long the answer was waited for, if that was the reason.
        timeout: Option<Duration>,
    },
    /// HTTP 401: user name or password is wrong.
    #[error(
        "the server refused the credentials (HTTP 401): check user name and password; with multi-factor authentication only an API password works"
    )]
    Unauthorized,
    /// HTTP 403: the user may not use the API.
    #[error(
        "the server refused the user (HTTP 403): the account needs the administrator privilege and the login privilege for the API"
    )]
    Forbidden,
    /// HTTP 404 to a call: the server has no such function. It was not carried out.
    ///
    /// The client then asks the server for its function list, and tells what it learns.
    #[error("{}", unknown_function(*listed, compiled_for))]
    UnknownFunction {
        /// Whether the server's own list has the function; `None` if the list was not to be had.
        listed: Option<bool>,
        /// What the program was compiled for, in words: `version 24`.
        compiled_for: String,
    },
    /// The server does not take every call of the functions that a program needs: what `require_compatible` finds.
    #[error("{}", incompatible(compiled_for, changes))]
    Incompatible {
        /// What the program was compiled for, in words: `version 24`.
        compiled_for: String,
        /// What differs about these functions and has an impact, sorted by function.
        changes: Vec<Change>,
    },
    /// HTTP 404 to a status request, or to a request to cancel: the server no longer knows the token. How the call
    /// ended is not known.
    #[error(
        "the server no longer knows the running call (HTTP 404): its status token expired, or the server was restarted. Whether the call was carried out is not known: look at the server before you repeat it; a call that only reads can be made again"
    )]
    TokenExpired,
    /// Any other HTTP status than 200.
    #[error("the server answered HTTP {status}, which the API does not")]
    Http {
        /// The status of the answer.
        status: u16,
    },
    /// The answer is larger than the client accepts.
    #[error(
        "the answer is larger than {limit} bytes: ask for less, or raise the limit with `max_response_size`"
    )]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The answer is not what the API answers.
    #[error("the answer is no answer of the API: {problem}. It begins with {excerpt}")]
    Envelope {
        /// What is wrong with it.
        problem: String,
        /// What kind of text it begins with; never the text itself.
        excerpt: &'static str,
    },
    /// The call succeeded, and its result has another shape than expected.
    #[error(
        "the call succeeded, but its result is not as expected: {problem}. `raw()` and `call()` read any result"
    )]
    Decode {
        /// The place in the result and what is there.
        problem: String,
    },
    /// The server carried the call out, and it failed.
    #[error("{}", .0.message())]
    Failed(Failure),
    /// The server gave a status that this version does not know; the call may go on.
    #[error("the server answered with the unknown status `{status}`")]
    UnknownStatus {
        /// The status as the server sent it.
        status: String,
    },
    /// The wait reached one of its limits. The error carries the token of the call, which goes on at the server unless
    /// its task [cancels on drop](crate::Task::cancel_on_drop).
    #[error("{limit}")]
    WaitLimit {
        /// Which limit.
        limit: WaitLimit,
        /// How long was waited.
        elapsed: Duration,
        /// How many status requests were answered meanwhile.
        polls: u64,
        /// The last progress that the server gave.
        percent: Option<f64>,
    },
    /// The token belongs to another server or another edition.
    #[error("the status token belongs to {expected}, and this client talks to {actual}")]
    ForeignToken {
        /// Where the call runs.
        expected: String,
        /// Where the client is connected to.
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

/// Why a client that only reads did not send something, and what to do.
fn refusal(effect: Effect, cancelling: bool) -> String {
    let reason = match effect {
        Effect::Unknown => {
            "what the function does is not known to this version, so nobody knows whether it only reads"
        }
        _ => "the function may change the server",
    };
    let (what, instead) = if cancelling {
        ("the call is not cancelled and goes on", "resume its token with")
    } else {
        ("nothing was sent", "make the call with")
    };
    format!(
        "this client is read-only, and {reason} (effect: {effect}): {what}. If it is meant, {instead} a client that is built without `read_only`"
    )
}

/// What an HTTP 404 to a call means, as far as the server's own list tells.
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

/// What to do when no connection comes about. A reason that the TLS library words anew gets the general advice.
fn advice(reason: &str) -> &'static str {
    if reason.contains("UnknownIssuer") {
        "No authority that is trusted here has signed the certificate, which is usual for MailStore: give it, or its authority's, to `certificate_authority`"
    } else if reason.contains("not valid for name") {
        "Use a name in the address that the certificate is made for"
    } else if reason.contains("invalid peer certificate") {
        "Give the server a certificate that is in order"
    } else if reason.contains("InvalidContentType") {
        "What answers on this port does not speak TLS: check the port"
    } else {
        "Check address and port, and that the API is switched on"
    }
}

/// Client and server were connected and do not agree about TLS, which they will not do a moment later either.
fn is_disagreement(reason: &str) -> bool {
    reason.contains("certificate") || reason.contains("InvalidContentType") || reason.contains("alert")
}

impl Error {
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self(Box::new(Inner {
            kind,
            function: None,
            effect: None,
            stage: Stage::Start,
            token: None,
            cancel_requested: false,
            being_cancelled: false,
            retry_after: None,
            cause: None,
        }))
    }

    pub(crate) fn configuration(problem: impl Into<String>) -> Self {
        Self::new(ErrorKind::Configuration(problem.into()))
    }

    pub(crate) fn decode(problem: &Problem) -> Self {
        Self::new(ErrorKind::Decode {
            problem: problem.to_string(),
        })
    }

    /// The same, better known.
    pub(crate) fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.0.kind = kind;
        self
    }

    pub(crate) fn because(mut self, cause: impl Into<Cause>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    pub(crate) fn of(mut self, function: &str) -> Self {
        self.0.function.get_or_insert_with(|| function.to_owned());
        self
    }

    pub(crate) fn affecting(mut self, effect: Effect) -> Self {
        self.0.effect = Some(effect);
        self
    }

    pub(crate) fn at(mut self, stage: Stage) -> Self {
        self.0.stage = stage;
        self
    }

    pub(crate) fn being_cancelled(mut self, being_cancelled: bool) -> Self {
        self.0.being_cancelled = being_cancelled;
        self
    }

    pub(crate) fn with_token(mut self, token: Option<&StatusToken>) -> Self {
        self.0.token = token.cloned();
        self
    }

    pub(crate) fn after_cancel(mut self, requested: bool) -> Self {
        self.0.cancel_requested = requested;
        self
    }

    /// What went wrong.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Wire name of the function that was called; `None` if the client could not be built.
    pub fn function(&self) -> Option<&str> {
        self.0.function.as_deref()
    }

    /// Credentials or rights are at fault: asking again with the same ones is no use.
    pub fn is_auth(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Unauthorized | ErrorKind::Forbidden)
    }

    /// The same call may work a little later, and repeating it is harmless.
    ///
    /// True if no connection came about, if the answer was lost, or for HTTP 408, 429, 500, 502, 503 and 504. Never
    /// true if [`is_outcome_unknown`](Self::is_outcome_unknown) is. The error of a running call that can be followed a
    /// little later is [resumable](Self::is_resumable).
    pub fn is_transient(&self) -> bool {
        self.may_pass() && !self.may_have_changed_anything()
            || matches!(self.0.kind, ErrorKind::Connect { .. }) && self.0.stage == Stage::Start
    }

    /// The call was started and may still be running, and its status request or the request to cancel it may work a
    /// little later: resume [`task_token`](Self::task_token).
    ///
    /// False if something has to be mended first, such as refused credentials; the token is there all the same.
    pub fn is_resumable(&self) -> bool {
        self.0.token.is_some() && (self.may_pass() || self.is_wait_limit())
    }

    /// The same request may work a little later.
    fn may_pass(&self) -> bool {
        match &self.0.kind {
            ErrorKind::Connect { .. } | ErrorKind::Lost { .. } => true,
            ErrorKind::Http { status } => matches!(status, 408 | 429 | 500 | 502 | 503 | 504),
            _ => false,
        }
    }

    /// How long the server asks to wait before the next request (`Retry-After` of HTTP 429 or 503).
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    pub(crate) fn with_retry_after(mut self, pause: Option<Duration>) -> Self {
        self.0.retry_after = pause;
        self
    }

    /// Transient, and not of the kind that a moment's wait seldom mends.
    pub(crate) fn is_worth_repeating(&self) -> bool {
        match &self.0.kind {
            ErrorKind::Connect { reason, .. } => !is_disagreement(reason),
            _ => self.is_transient(),
        }
    }

    /// The server may have taken the request, although its answer did not come or was none.
    pub(crate) fn may_have_arrived(&self) -> bool {
        matches!(
            self.0.kind,
            ErrorKind::Lost { .. } | ErrorKind::TooLarge { .. } | ErrorKind::Http { status: 500.. }
        )
    }

    /// The client is [read-only](crate::Builder::read_only), and the call may change the server: nothing was sent.
    pub fn is_read_only(&self) -> bool {
        matches!(self.0.kind, ErrorKind::ReadOnly { .. })
    }

    /// The wait reached a limit, and [`task_token`](Self::task_token) resumes the call. Also true if the request to
    /// cancel the call at the limit [failed](Self::is_cancel_failure).
    pub fn is_wait_limit(&self) -> bool {
        self.wait_limit().is_some()
    }

    pub(crate) fn wait_limit(&self) -> Option<WaitLimit> {
        match (&self.0.kind, &self.0.stage) {
            (ErrorKind::WaitLimit { limit, .. }, _) | (_, Stage::CancelAtLimit(limit)) => Some(*limit),
            _ => None,
        }
    }

    /// The request to cancel the call failed. The function itself did not fail: the call may go on, and the error
    /// carries its token. [`kind`](Self::kind) and the other questions are about the request to cancel.
    pub fn is_cancel_failure(&self) -> bool {
        matches!(self.0.stage, Stage::Cancel | Stage::CancelAtLimit(_))
    }

    /// The call may have changed the server, and this error does not say whether it did. Do not just repeat it: if
    /// there is a [`task_token`](Self::task_token), resume it to learn how the call ended; otherwise look at the
    /// server.
    ///
    /// If it is false, the call only reads, was not carried out, or has ended in a known way
    /// ([`Failed`](ErrorKind::Failed), [`Decode`](ErrorKind::Decode)).
    ///
    /// | error | before the first answer | afterwards, of a running call |
    /// | --- | --- | --- |
    /// | `Configuration`, `Argument`, `Value`, `ReadOnly` | false: nothing was sent | `ReadOnly` of a cancel: true |
    /// | `Connect` | false: nothing was sent | true |
    /// | `OutcomeUnknown` | true | |
    /// | `Unauthorized`, `Forbidden`, `UnknownFunction`, HTTP 3xx and 4xx | false: the server refused the call | true |
    /// | HTTP 5xx, `Envelope`, `TooLarge` | true | true |
    /// | `Lost`, `TokenExpired`, `UnknownStatus`, `WaitLimit` | | true |
    /// | `Failed` | false: the call ended, and [`server_error`](Self::server_error) says how | false |
    /// | `Decode` | false: the call succeeded | false |
    ///
    /// What a resumed call may do is taken from the catalog of the client; a function that is not in it counts as one
    /// that may change the server.
    pub fn is_outcome_unknown(&self) -> bool {
        if !self.may_have_changed_anything() {
            return false;
        }
        match (&self.0.kind, self.0.stage) {
            (ErrorKind::Failed(_) | ErrorKind::Decode { .. }, _) => false,
            (
                ErrorKind::OutcomeUnknown { .. }
                | ErrorKind::Http { status: 500.. }
                | ErrorKind::Envelope { .. }
                | ErrorKind::TooLarge { .. },
                Stage::Start,
            ) => true,
            (_, stage) => stage != Stage::Start,
        }
    }

    fn may_have_changed_anything(&self) -> bool {
        self.0.effect.is_some_and(|effect| !effect.only_reads())
    }

    /// The server ended the call after it was asked to cancel it.
    pub fn is_cancelled(&self) -> bool {
        match &self.0.kind {
            ErrorKind::Failed(failure) => self.0.cancel_requested || failure.status == StatusCode::Cancelled,
            _ => false,
        }
    }

    /// The server no longer knows the running call. Whether it was carried out is
    /// [not known](Self::is_outcome_unknown), unless it only reads.
    pub fn is_token_expired(&self) -> bool {
        matches!(self.0.kind, ErrorKind::TokenExpired)
    }

    /// What the server said, if it carried the call out and the call failed.
    pub fn server_error(&self) -> Option<&ServerError> {
        match &self.0.kind {
            ErrorKind::Failed(failure) => failure.error.as_ref(),
            _ => None,
        }
    }

    /// The token of a call that may still be running: resume it with the client's `resume`.
    pub fn task_token(&self) -> Option<&StatusToken> {
        self.0.token.as_ref()
    }
}

impl From<Unsendable> for Error {
    fn from(problem: Unsendable) -> Self {
        Self::new(ErrorKind::Value(problem.to_string())).because(problem)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(function) = &self.0.function {
            write!(f, "{function}: ")?;
        }
        // These say themselves what they are about.
        let is_plain = matches!(
            self.0.kind,
            ErrorKind::ReadOnly { .. }
                | ErrorKind::TokenExpired
                | ErrorKind::UnknownStatus { .. }
                | ErrorKind::WaitLimit { .. }
                | ErrorKind::Failed(_)
        );
        match self.0.stage {
            _ if is_plain => {}
            Stage::Start => {}
            Stage::Status => f.write_str("the call was started, and a status request failed: ")?,
            Stage::Cancel => f.write_str("the request to cancel the call failed, so the call may go on: ")?,
            Stage::CancelAtLimit(limit) => write!(
                f,
                "{limit}, and the request to cancel it failed, so it may go on: "
            )?,
        }
        self.0.kind.fmt(f)?;
        let is_limit = matches!(self.0.kind, ErrorKind::WaitLimit { .. });
        if self.0.being_cancelled {
            f.write_str("; its task cancels on drop, so the server is being asked to stop the call")
        } else if is_limit && self.0.cancel_requested {
            f.write_str("; the server was asked to stop it and goes on, and its token resumes it")
        } else if is_limit {
            f.write_str("; it goes on at the server, and its token resumes it")
        } else {
            Ok(())
        }
    }
}

/// In words with all causes, as a `main` that returns the error prints it; with `{:#?}` member by member.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() {
            return f
                .debug_struct("Error")
                .field("function", &self.0.function)
                .field("kind", &self.0.kind)
                .field("token", &self.0.token)
                .field("cause", &self.0.cause)
                .finish();
        }
        fmt::Display::fmt(self, f)?;
        let mut cause = self.source();
        while let Some(error) = cause {
            write!(f, "\n  caused by: {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .cause
            .as_deref()
            .map(|cause| cause as &(dyn StdError + 'static))
    }
}
