//! The connection to one server, and the requests of the protocol.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use https_connect::{ConnectCause, ConnectError, NoRuntime, find, innermost};
use sync_wrapper::SyncFuture;
use tokio::runtime::Id;
use tokio::time::Instant;
use url::Url;

use crate::address;
use crate::envelope::Reply;
use crate::error::{Error, ErrorKind};
use crate::excerpt::excerpt;
use crate::exchange::{Answer, BoxFuture, Exchange, Kept, Post, PostError};
use crate::function::{Effect, Surface};
use crate::known_edition::KnownEdition;
use crate::retry::retry;
use crate::runtime;
use crate::secrets::Secrets;
use crate::slots::{Place, Slots};
use crate::token::StatusToken;
use crate::wait::{Patience, WaitOptions};

/// Time for the response to a status request, in addition to the time that the server holds the request.
const POLL_SLACK: Duration = Duration::from_secs(15);

/// A connection to one server with one account.
///
/// Cloning is cheap. Clones share their network connections.
#[derive(Clone)]
pub struct Connection(Arc<Inner>);

struct Inner {
    surface: &'static Surface,
    origin: String,
    exchange: Box<dyn Exchange>,
    limits: Limits,
    slots: Arc<Slots>,
    known_edition: KnownEdition,
    /// The password of the client.
    secrets: Secrets,
}

/// The timeouts, the retries and the restrictions of a client.
#[derive(Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) request_timeout: Duration,
    pub(crate) retries: usize,
    /// The default limits of a wait.
    pub(crate) wait: WaitOptions,
    pub(crate) poll_wait: Duration,
    pub(crate) poll_patience: Patience,
    pub(crate) polls_at_once: usize,
    /// Whether requests that may change the server are rejected.
    pub(crate) read_only: bool,
    /// Whether calls are sent without verifying the edition of the server.
    pub(crate) assume_edition: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            request_timeout: Duration::from_secs(120),
            retries: 3,
            wait: WaitOptions::new(),
            poll_wait: Duration::from_secs(10),
            poll_patience: Patience::default(),
            polls_at_once: 16,
            read_only: false,
            assume_edition: false,
        }
    }
}

/// The response to a status request, with its timing.
pub(crate) struct Polled {
    pub(crate) reply: Reply,
    /// The maximum time to hold the request that was sent to the server.
    pub(crate) hold: Duration,
    /// The time until the response.
    pub(crate) took: Duration,
}

impl Connection {
    #[cfg(test)]
    pub(crate) fn new(
        surface: &'static Surface,
        base: &Url,
        exchange: Box<dyn Exchange>,
        limits: Limits,
    ) -> Self {
        Self::concealing(surface, base, exchange, limits, Secrets::default())
    }

    /// Creates a connection that cuts these secrets out of text from the server.
    pub(crate) fn concealing(
        surface: &'static Surface,
        base: &Url,
        exchange: Box<dyn Exchange>,
        limits: Limits,
        secrets: Secrets,
    ) -> Self {
        Self(Arc::new(Inner {
            surface,
            secrets,
            origin: address::origin(base),
            exchange,
            slots: Slots::new(limits.polls_at_once),
            known_edition: KnownEdition::new(surface.edition().filter(|_| !limits.assume_edition)),
            limits,
        }))
    }

    /// The functions that the program was compiled for.
    pub fn surface(&self) -> &'static Surface {
        self.0.surface
    }

    /// The server, as `https://host:port`.
    pub fn origin(&self) -> &str {
        &self.0.origin
    }

    /// Whether calls that may change the server are rejected: see [`Builder::read_only`](crate::Builder::read_only).
    pub fn is_read_only(&self) -> bool {
        self.0.limits.read_only
    }

    /// Requests the function list of the server (`get-metadata`) and returns the response unchanged: a JSON array
    /// without an envelope.
    ///
    /// The Administration API returns it without credentials, so a response does not prove that the credentials are
    /// valid.
    ///
    /// # Errors
    /// The server cannot be reached or rejects the request.
    pub async fn metadata(&self) -> Result<Vec<u8>, Error> {
        self.metadata_within(self.0.limits.request_timeout).await
    }

    /// The same as [`metadata`](Self::metadata), with a timeout.
    pub(crate) async fn metadata_within(&self, timeout: Duration) -> Result<Vec<u8>, Error> {
        const NAME: &str = "get-metadata";
        let post = Post::new(format!("api/{NAME}"), "", timeout);
        let answer = self.send(post, Effect::Read).await.and_then(|answer| {
            check_status(&answer, self.unknown_function(None))?;
            Ok(answer.body)
        });
        answer.map_err(|error| error.of(NAME))
    }

    pub(crate) fn known_edition(&self) -> &KnownEdition {
        &self.0.known_edition
    }

    pub(crate) fn limits(&self) -> Limits {
        self.0.limits
    }

    /// Starts a call.
    ///
    /// The request is retried only if nothing was sent, because no connection could be opened, or if the call is
    /// read-only. A call that may change the server is therefore never started twice.
    pub(crate) async fn start(&self, call: &Kept, effect: Effect) -> Result<Reply, Error> {
        self.permit(effect, false)?;
        let left = self.verify_edition(effect, call.timeout).await?;
        let attempt = |timeout| async move {
            let answer = self.send(call.post(timeout), effect).await;
            answer
                .and_then(|answer| self.read(answer, self.unknown_function(None)))
                .map_err(|error| error.affecting(effect))
        };
        retry(self.0.limits.retries, left, attempt).await
    }

    /// Sends a request like [`start`](Self::start), and returns the response whatever its HTTP status is. A request that
    /// cancels a call with this effect may be repeated.
    pub(crate) async fn relay(&self, request: &Kept, effect: Effect, cancels: bool) -> Result<Answer, Error> {
        self.permit(effect, cancels)?;
        let left = self.verify_edition(effect, request.timeout).await?;
        let effect = if cancels { Effect::Read } else { effect };
        let attempt = |timeout| async move {
            let answer = self.send(request.post(timeout), effect).await;
            answer.map_err(|error| error.affecting(effect))
        };
        retry(self.0.limits.retries, left, attempt).await
    }

    /// Returns the largest response of a function in bytes, if the function has its own limit.
    pub(crate) fn response_limit(&self, function: &str) -> Option<u64> {
        self.surface().function(function)?.response_limit
    }

    /// Creates the place of a status request that this runtime will run.
    pub(crate) fn place(&self, runtime: Id) -> Arc<Place> {
        self.0.slots.place(runtime)
    }

    /// Waits until `place` has a slot, then requests the status of a call. The server holds the request until there is
    /// a newer status than the token's version, for at most `longest`. The time is shorter if many calls share the
    /// connection.
    pub(crate) fn status(
        &self,
        token: &StatusToken,
        longest: Duration,
        place: Arc<Place>,
    ) -> BoxFuture<Result<Polled, Error>> {
        let connection = self.clone();
        // The last status contains the result.
        let response_limit = self.response_limit(&token.function);
        let (token, version) = (token.token.clone(), token.version);
        Box::pin(async move {
            let turn = place.turn(longest, POLL_SLACK).await;
            let hold = turn.hold;
            let body = form_urlencoded::Serializer::new(String::new())
                .append_pair("token", &token)
                .append_pair("lastKnownStatusVersion", &version.to_string())
                .append_pair("millisecondsTimeout", &hold.as_millis().to_string())
                .finish();
            let post = Post {
                path: "api/get-status".to_owned(),
                body,
                timeout: hold + POLL_SLACK,
                response_limit,
            };
            let asked_at = Instant::now();
            // A status request is read-only, so it may be repeated.
            let answer = connection.send(post, Effect::Read).await?;
            let reply = connection.read(answer, ErrorKind::TokenExpired)?;
            let took = asked_at.elapsed();
            Ok(Polled { reply, hold, took })
        })
    }

    /// Sends a cancel request. The content of the response is not published, so only its HTTP status is checked.
    /// `timeout` shortens the client's `request_timeout`, which includes retries.
    ///
    /// # Errors
    /// The error, and whether the server may have received a cancel request nevertheless.
    pub(crate) async fn cancel(
        &self,
        token: &StatusToken,
        timeout: Option<Duration>,
    ) -> Result<(), (Error, bool)> {
        let effect = self.permit_cancel(token).map_err(|error| (error, false))?;
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("token", &token.token)
            .finish();
        let Limits {
            request_timeout,
            retries,
            ..
        } = self.0.limits;
        let timeout = timeout.map_or(request_timeout, |timeout| timeout.min(request_timeout));
        let verified = self.verify_edition(effect, timeout).await;
        let timeout = verified.map_err(|error| (error, false))?;
        let (heard, body) = (AtomicBool::new(false), &body);
        let heard_of = &heard;
        let attempt = |timeout| async move {
            let post = Post::new("api/cancel-async", body.as_str(), timeout);
            // Cancelling is idempotent, so it may be retried.
            let answer = self.send(post, Effect::Read).await;
            let done = answer.and_then(|answer| check_status(&answer, ErrorKind::TokenExpired));
            done.inspect_err(|error| {
                heard_of.fetch_or(error.may_have_arrived(), Ordering::Relaxed);
            })
        };
        let asked = retry(retries, timeout, attempt).await;
        asked.map_err(|error| (error, heard.into_inner()))
    }

    /// Returns the effect of the call.
    ///
    /// # Errors
    /// The client is read-only, and the call is not.
    pub(crate) fn permit_cancel(&self, token: &StatusToken) -> Result<Effect, Error> {
        let function = self.0.surface.function(&token.function);
        let effect = function.map_or(Effect::Unknown, |function| function.effect);
        self.permit(effect, true)?;
        Ok(effect)
    }

    fn permit(&self, effect: Effect, cancelling: bool) -> Result<(), Error> {
        if self.is_read_only() && !effect.only_reads() {
            return Err(Error::new(ErrorKind::ReadOnly { effect, cancelling }));
        }
        Ok(())
    }

    /// Sends a request once, unless the client is read-only and the request may change the server. `effect` also
    /// determines the error of a lost response.
    async fn send(&self, post: Post, effect: Effect) -> Result<Answer, Error> {
        self.permit(effect, false)?;
        runtime::id()?;
        let answer = SyncFuture::new(self.0.exchange.post(post)).await;
        answer.map_err(|error| self.explain(error, effect))
    }

    fn read(&self, answer: Answer, not_found: ErrorKind) -> Result<Reply, Error> {
        let mut reply = read(answer, not_found)?;
        reply.conceal(&self.0.secrets);
        reply.secrets = self.0.secrets.clone();
        Ok(reply)
    }

    fn explain(&self, error: PostError, effect: Effect) -> Error {
        match error {
            PostError::NotSent { cause, .. } if cause.is::<NoRuntime>() => {
                Error::new(ErrorKind::NoRuntime).because(cause)
            }
            PostError::NotSent { timeout, cause } => {
                let (kind, reason) = match (find::<ConnectError>(&*cause), timeout) {
                    (Some(error), _) => (error.cause(), error.to_string()),
                    (None, Some(timeout)) => (
                        ConnectCause::Timeout,
                        format!("the request could not be sent within {timeout:?}"),
                    ),
                    (None, None) => (ConnectCause::Other, innermost(&*cause)),
                };
                let kind = ErrorKind::Connect {
                    origin: self.0.origin.clone(),
                    cause: kind,
                    reason,
                };
                Error::new(kind).because(cause)
            }
            PostError::Lost { timeout, cause } if effect.only_reads() => {
                Error::new(ErrorKind::Lost { timeout }).because(cause)
            }
            PostError::Lost { timeout, cause } => {
                Error::new(ErrorKind::OutcomeUnknown { timeout }).because(cause)
            }
            PostError::InvalidHttp { problem, cause } => {
                Error::new(ErrorKind::InvalidHttp { problem }).because(cause)
            }
            PostError::TooLarge { limit } => Error::new(ErrorKind::TooLarge { limit }),
        }
    }
}

impl StatusToken {
    /// Returns a token for the same call, after the server has moved to another name or port.
    ///
    /// A client rejects a token of another origin, because sending the token would disclose it to another server. Call
    /// this method only if both addresses are of the same server.
    pub fn moved_to(mut self, connection: &Connection) -> Self {
        connection.origin().clone_into(&mut self.origin);
        self
    }
}

fn read(answer: Answer, not_found: ErrorKind) -> Result<Reply, Error> {
    check_status(&answer, not_found)?;
    Reply::parse(answer.body).map_err(|refused| {
        Error::new(ErrorKind::Envelope {
            problem: refused.problem,
            excerpt: excerpt(&refused.body),
        })
    })
}

fn check_status(answer: &Answer, not_found: ErrorKind) -> Result<(), Error> {
    let kind = match answer.status {
        200..=299 => return Ok(()),
        401 => ErrorKind::Unauthorized,
        403 => ErrorKind::Forbidden,
        404 => not_found,
        status => ErrorKind::Http { status },
    };
    // With other statuses, the header has another meaning or none.
    let retry_after = answer.retry_after.filter(|_| matches!(answer.status, 429 | 503));
    Err(Error::new(kind).with_retry_after(retry_after))
}

/// Shows no credentials.
impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("origin", &self.0.origin)
            .field("surface", &self.0.surface.name)
            .field("read_only", &self.0.limits.read_only)
            .finish_non_exhaustive()
    }
}
