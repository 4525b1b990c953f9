//! The error of a call, with methods for the questions of a caller.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use crate::cause::Cause;
use crate::envelope::ServerError;
pub use crate::error_kind::ErrorKind;
use crate::function::Effect;
use crate::no_runtime::NoRuntime;
use crate::status::StatusCode;
use crate::token::StatusToken;
use crate::wait::WaitLimit;
use wire_values::Problem;
use wire_values::Unsendable;

/// The error of a call.
///
/// These methods help to decide what to do next: [`is_auth`](Self::is_auth), [`is_transient`](Self::is_transient),
/// [`server_error`](Self::server_error), [`task_token`](Self::task_token); or match on [`kind`](Self::kind).
/// Neither `Display` nor `Debug` shows credentials, arguments, tokens or results; the causes are in `source()`.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    function: Option<String>,
    /// The effect that the request may have had; `None` if it has none.
    effect: Option<Effect>,
    stage: Stage,
    token: Option<StatusToken>,
    cancel_requested: bool,
    /// Whether the task that is dropped with this error asks the server to stop the call.
    being_cancelled: bool,
    /// The pause that the server asks for (`Retry-After`).
    retry_after: Option<Duration>,
    /// Whether the request was not sent because the edition of the server could not be verified.
    unverified: bool,
    cause: Option<Cause>,
}

/// Which request of a call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The start of a call, or a request that does not belong to a running call.
    Start,
    /// A status request: the call was started.
    Status,
    /// The cancel request.
    Cancel,
    /// A cancel request that was sent because a wait reached this limit.
    CancelAtLimit(WaitLimit),
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
            unverified: false,
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

    /// Marks the error of a request that was not sent because asking for the edition failed.
    pub(crate) fn unverified(mut self) -> Self {
        self.0.unverified = true;
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
    /// True if no connection came about for a [reason that may pass](crate::ConnectCause::is_transient), if the answer
    /// was lost, or for HTTP 408, 429, 500, 502, 503 and 504. Never true if
    /// [`is_outcome_unknown`](Self::is_outcome_unknown) is. The error of a running call that can be followed a little
    /// later is [resumable](Self::is_resumable).
    pub fn is_transient(&self) -> bool {
        let nothing_sent = matches!(self.0.kind, ErrorKind::Connect { .. }) && self.0.stage == Stage::Start;
        self.may_pass() && (nothing_sent || !self.may_have_changed_anything())
    }

    /// The call was started and may still be running, and its status request or the request to cancel it may work a
    /// little later: resume [`task_token`](Self::task_token).
    ///
    /// False if something has to be mended first, such as refused credentials; the token is there all the same.
    pub fn is_resumable(&self) -> bool {
        self.0.token.is_some() && (self.may_pass() || self.is_wait_limit())
    }

    /// The same request may work a little later.
    pub(crate) fn may_pass(&self) -> bool {
        match &self.0.kind {
            ErrorKind::Connect { cause, .. } => cause.is_transient(),
            ErrorKind::Lost { .. } => true,
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

impl From<NoRuntime> for Error {
    fn from(cause: NoRuntime) -> Self {
        Self::new(ErrorKind::NoRuntime).because(cause)
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
        // Without a connection, or with wrong credentials, the call itself would have failed in the same way.
        let would_fail = matches!(self.0.kind, ErrorKind::Connect { .. } | ErrorKind::Unauthorized);
        if self.0.unverified && !would_fail {
            write!(
                f,
                "not sent, because the edition of the server could not be verified (get-metadata: {}). \
                 `assume_edition` on the builder sends calls without this check",
                self.0.kind
            )?;
        } else {
            self.0.kind.fmt(f)?;
        }
        let is_limit = matches!(self.0.kind, ErrorKind::WaitLimit { .. });
        if self.0.being_cancelled {
            f.write_str("; its task cancels on drop, so the server is being asked to stop the call")
        } else if is_limit && self.0.cancel_requested {
            f.write_str(
                "; the server was asked to stop it but has not stopped it yet, and its token resumes it",
            )
        } else if is_limit {
            f.write_str("; it continues on the server, and its token resumes it")
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
