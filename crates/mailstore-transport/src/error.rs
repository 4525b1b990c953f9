//! The error of a call, with methods that classify it.

use std::error::Error as StdError;
use std::fmt::{self, Write as _};
use std::time::Duration;

use https_connect::{Cause, NoRuntime, SettingsError};
use wire_values::{Lines, Problem, Unsendable, printable};

use crate::envelope::ServerError;
pub use crate::error_kind::ErrorKind;
use crate::function::Effect;
use crate::secrets::Secrets;
use crate::status::StatusCode;
use crate::token::StatusToken;
use crate::wait::WaitLimit;

/// The error of a call.
///
/// These methods help to decide what to do next: [`is_auth`](Self::is_auth), [`is_transient`](Self::is_transient),
/// [`server_error`](Self::server_error) and [`task_token`](Self::task_token). For other decisions, match on
/// [`kind`](Self::kind).
///
/// `Display` and `Debug` never show credentials, arguments, tokens or results. `source()` returns the cause.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    function: Option<String>,
    /// The effect of the function; `None` if the request cannot have had an effect.
    effect: Option<Effect>,
    stage: Stage,
    token: Option<StatusToken>,
    cancel_requested: bool,
    /// Whether the task is dropped with this error and sends a cancel request.
    being_cancelled: bool,
    /// The pause that the server requires before the next request (`Retry-After`).
    retry_after: Option<Duration>,
    /// Whether the request was not sent because the edition of the server could not be verified.
    unverified: bool,
    cause: Option<Cause>,
}

/// Which request of a call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// The request that starts a call, or a request that does not belong to a running call.
    Start,
    /// A status request. The call was started.
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

    pub(crate) fn decode(problem: &Problem, secrets: &Secrets) -> Self {
        let mut problem = problem.to_string();
        secrets.mask(&mut problem);
        Self::new(ErrorKind::Decode { problem })
    }

    /// Replaces the kind of this error with a more exact one.
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

    /// Marks the error of a call that was not sent because the edition of the server could not be verified.
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

    /// The kind of this error.
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Wire name of the function that was called; `None` if the client could not be built.
    pub fn function(&self) -> Option<&str> {
        self.0.function.as_deref()
    }

    /// Whether the server rejected the credentials or denied access. Do not retry with the same credentials.
    pub fn is_auth(&self) -> bool {
        matches!(self.0.kind, ErrorKind::Unauthorized | ErrorKind::Forbidden)
    }

    /// Whether the same call may succeed a little later and repeating it is safe.
    ///
    /// True in these cases:
    /// - No connection could be opened, for a [transient reason](crate::ConnectCause::is_transient).
    /// - The response to a read-only call was lost.
    /// - The server returned HTTP 408, 429, 500, 502, 503 or 504 in response to a read-only call.
    ///
    /// Never true if [`is_outcome_unknown`](Self::is_outcome_unknown) is true. For errors of running calls, see
    /// [`is_resumable`](Self::is_resumable).
    pub fn is_transient(&self) -> bool {
        let nothing_sent = matches!(self.0.kind, ErrorKind::Connect { .. }) && self.0.stage == Stage::Start;
        self.may_pass() && (nothing_sent || !self.may_have_changed_anything())
    }

    /// Whether the call was started, may still be running, and can be resumed from [`task_token`](Self::task_token) a
    /// little later.
    ///
    /// False if the cause must be repaired first, such as rejected credentials. The error still contains the token.
    pub fn is_resumable(&self) -> bool {
        self.0.token.is_some() && (self.may_pass() || self.is_wait_limit())
    }

    /// Whether the same request may succeed a little later.
    pub(crate) fn may_pass(&self) -> bool {
        match &self.0.kind {
            ErrorKind::Connect { cause, .. } => cause.is_transient(),
            ErrorKind::Lost { .. } => true,
            ErrorKind::Http { status } => matches!(status, 408 | 429 | 500 | 502 | 503 | 504),
            _ => false,
        }
    }

    /// The pause that the server requires before the next request (`Retry-After` of HTTP 429 or 503).
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    pub(crate) fn with_retry_after(mut self, pause: Option<Duration>) -> Self {
        self.0.retry_after = pause;
        self
    }

    /// Whether the server may have received the request, although it returned no valid response.
    pub(crate) fn may_have_arrived(&self) -> bool {
        matches!(
            self.0.kind,
            ErrorKind::Lost { .. }
                | ErrorKind::InvalidHttp { .. }
                | ErrorKind::TooLarge { .. }
                | ErrorKind::Http { status: 500.. }
        )
    }

    /// Whether the client is [read-only](crate::Builder::read_only) and rejected the request. Nothing was sent.
    pub fn is_read_only(&self) -> bool {
        matches!(self.0.kind, ErrorKind::ReadOnly { .. })
    }

    /// Whether the wait reached a limit. The call can be resumed from [`task_token`](Self::task_token).
    ///
    /// Also true if the cancel request at the limit [failed](Self::is_cancel_failure).
    pub fn is_wait_limit(&self) -> bool {
        self.wait_limit().is_some()
    }

    pub(crate) fn wait_limit(&self) -> Option<WaitLimit> {
        match (&self.0.kind, &self.0.stage) {
            (ErrorKind::WaitLimit { limit, .. }, _) | (_, Stage::CancelAtLimit(limit)) => Some(*limit),
            _ => None,
        }
    }

    /// Whether a cancel request failed.
    ///
    /// The call itself did not fail. It may continue, and the error contains its token. [`kind`](Self::kind) and the
    /// other methods describe the failure of the cancel request.
    pub fn is_cancel_failure(&self) -> bool {
        matches!(self.0.stage, Stage::Cancel | Stage::CancelAtLimit(_))
    }

    /// Whether the call may have changed the server and its outcome is unknown. Do not simply repeat the call.
    ///
    /// If there is a [`task_token`](Self::task_token), resume it to get the outcome. Otherwise check the server.
    ///
    /// False if the call is read-only, was not executed, or has a known outcome ([`Failed`](ErrorKind::Failed),
    /// [`Decode`](ErrorKind::Decode)).
    ///
    /// | error | before the first response | after it, while the call is running |
    /// | --- | --- | --- |
    /// | `Configuration`, `Argument`, `Value`, `ReadOnly` | false: nothing was sent | true for a cancel request |
    /// | `Connect` | false: nothing was sent | true |
    /// | `OutcomeUnknown` | true | |
    /// | `Unauthorized`, `Forbidden`, `UnknownFunction`, HTTP 3xx, 4xx | false: the server rejected the call | true |
    /// | HTTP 5xx, `InvalidHttp`, `Envelope`, `TooLarge` | true | true |
    /// | `Lost`, `TokenExpired`, `UnknownStatus`, `WaitLimit` | | true |
    /// | `Failed` | false: the call ended, and [`server_error`](Self::server_error) returns the reason | false |
    /// | `Decode` | false: the call succeeded | false |
    ///
    /// The effect of a resumed call is looked up in the catalog of the client. A function that is not in the catalog is
    /// treated as one that may change the server.
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
                | ErrorKind::InvalidHttp { .. }
                | ErrorKind::TooLarge { .. },
                Stage::Start,
            ) => true,
            (_, stage) => stage != Stage::Start,
        }
    }

    fn may_have_changed_anything(&self) -> bool {
        self.0.effect.is_some_and(|effect| !effect.only_reads())
    }

    /// Whether the call failed after a cancel request, or the server reports that it was cancelled.
    pub fn is_cancelled(&self) -> bool {
        match &self.0.kind {
            ErrorKind::Failed(failure) => self.0.cancel_requested || failure.status == StatusCode::Cancelled,
            _ => false,
        }
    }

    /// Whether the status token is no longer valid. Unless the call is read-only, its outcome is
    /// [unknown](Self::is_outcome_unknown).
    pub fn is_token_expired(&self) -> bool {
        matches!(self.0.kind, ErrorKind::TokenExpired)
    }

    /// The error that the server returned, if it executed the call and the call failed.
    pub fn server_error(&self) -> Option<&ServerError> {
        match &self.0.kind {
            ErrorKind::Failed(failure) => failure.error.as_ref(),
            _ => None,
        }
    }

    /// The token of a call that may still be running. Resume the call with the `resume` method of the client.
    pub fn task_token(&self) -> Option<&StatusToken> {
        self.0.token.as_ref()
    }
}

impl From<Unsendable> for Error {
    fn from(problem: Unsendable) -> Self {
        Self::new(ErrorKind::Value(problem.to_string())).because(problem)
    }
}

impl From<SettingsError> for Error {
    fn from(problem: SettingsError) -> Self {
        let (message, cause) = problem.into_parts();
        let mut error = Self::configuration(message);
        error.0.cause = cause;
        error
    }
}

impl From<NoRuntime> for Error {
    fn from(cause: NoRuntime) -> Self {
        Self::new(ErrorKind::NoRuntime).because(cause)
    }
}

/// Text from the server is [printable](wire_values::printable()), and cut after 2,000 characters.
/// [`server_error`](Error::server_error) and [`kind`](Error::kind) return the text itself. Only the values that the
/// request sent as secrets are replaced in it.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Lines(f), "{}", Message(self))
    }
}

/// The message of an error.
struct Message<'a>(&'a Error);

impl fmt::Display for Message<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(error) = self;
        if let Some(function) = &error.0.function {
            write!(f, "{}: ", printable(function))?;
        }
        // These messages do not need the stage.
        let is_plain = match error.0.kind {
            ErrorKind::TokenExpired => !error.is_cancel_failure(),
            ErrorKind::ReadOnly { .. }
            | ErrorKind::UnknownStatus { .. }
            | ErrorKind::WaitLimit { .. }
            | ErrorKind::Failed(_) => true,
            _ => false,
        };
        match error.0.stage {
            _ if is_plain => {}
            Stage::Start => {}
            Stage::Status => f.write_str("the call was started, but a status request failed: ")?,
            Stage::Cancel => f.write_str("the cancel request failed, so the call may continue: ")?,
            Stage::CancelAtLimit(limit) => write!(
                f,
                "{limit}, and the cancel request failed, so the call may continue: "
            )?,
        }
        // Without a connection or valid credentials, the call itself would have failed in the same way.
        let would_fail = matches!(error.0.kind, ErrorKind::Connect { .. } | ErrorKind::Unauthorized);
        if error.0.unverified && !would_fail {
            write!(
                f,
                "not sent, because the edition of the server could not be verified (get-metadata: {}). \
                 `assume_edition` on the builder sends calls without this check",
                error.0.kind
            )?;
        } else {
            error.0.kind.fmt(f)?;
        }
        let says_so = matches!(error.0.kind, ErrorKind::OutcomeUnknown { .. });
        if error.0.stage == Stage::Start && error.is_outcome_unknown() && !says_so {
            f.write_str(". The server may have executed the call: check the server before you repeat it")?;
        }
        let is_limit = matches!(error.0.kind, ErrorKind::WaitLimit { .. });
        if error.0.being_cancelled {
            f.write_str("; its task cancels on drop, so a cancel request is being sent")
        } else if is_limit && error.0.cancel_requested {
            f.write_str(
                "; a cancel request was sent, but the call has not stopped yet: resume it with its token",
            )
        } else if is_limit {
            f.write_str("; it continues on the server: resume it with its token")
        } else {
            Ok(())
        }
    }
}

/// `{:?}` shows the message and all causes, because a `main` that returns the error prints it in this way. `{:#?}`
/// shows the fields.
impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() {
            return f
                .debug_struct("Error")
                .field("function", &self.0.function.as_deref().map(printable))
                .field("kind", &self.0.kind)
                .field("token", &self.0.token)
                .field("cause", &self.0.cause)
                .finish();
        }
        fmt::Display::fmt(self, f)?;
        let mut cause = self.source();
        while let Some(error) = cause {
            write!(f, "\n  caused by: {}", printable(&error.to_string()))?;
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
