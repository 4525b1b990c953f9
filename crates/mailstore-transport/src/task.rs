//! A call that was started: follow it, await it, cancel it, keep its token.

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use crate::call::{CallFuture, Ended};
use crate::connection::Connection;
use crate::decode::FromJson;
use crate::envelope::Reply;
use crate::error::{Error, ErrorKind};
use crate::exchange::BoxFuture;
use crate::poller::{Poller, Step};
use crate::token::StatusToken;
use crate::update::Update;

/// A call that was started; it may have ended already, and nobody need care.
///
/// Awaiting the task waits for its end and gives the result. [`next`](Self::next) follows it on the way.
/// Dropping the task stops the asking and nothing else: the server goes on, and a saved [`token`](Self::token) finds
/// the call again.
#[must_use = "a dropped task goes on at the server, but nobody learns how it ends"]
pub struct Task<T> {
    core: TaskCore,
    output: PhantomData<fn() -> T>,
}

impl<T: FromJson> Task<T> {
    pub(crate) fn new(core: TaskCore) -> Self {
        Self {
            core,
            output: PhantomData,
        }
    }

    /// Goes on with a call that was started earlier, perhaps by another process.
    ///
    /// `T` is the result of the function that the token names; [`Json`](crate::Json) takes any.
    ///
    /// # Errors
    /// The token belongs to another server or edition. Nothing is sent yet.
    pub fn resume(connection: &Connection, token: StatusToken) -> Result<Self, Error> {
        let describe = |origin: &str, surface: &str| format!("{origin} ({surface})");
        if token.origin != connection.origin() || token.surface != connection.surface().name {
            let error = Error::new(ErrorKind::ForeignToken {
                expected: describe(&token.origin, &token.surface),
                actual: describe(connection.origin(), connection.surface().name),
            });
            return Err(error.of(&token.function));
        }
        let poller = Poller::resumed(token, connection.limits().poll_wait);
        Ok(Self::new(TaskCore::new(connection.clone(), poller)))
    }

    /// Waits for news. `None` when the call has ended, whether well or not: await the task for its outcome.
    ///
    /// The last update has another status than `running`.
    ///
    /// Cancel-safe, and cheaply so: if the future is dropped, for example by `select!`, nothing is lost, and the next
    /// call goes on waiting for the same answer instead of asking anew.
    ///
    /// # Errors
    /// The status cannot be had: credentials are refused, the token expired, or the connection stayed broken over
    /// many attempts. Short breaks are not errors. The error carries the token where the call may still be running;
    /// calling `next` again goes on.
    pub async fn next(&mut self) -> Result<Option<Update>, Error> {
        self.core.next().await
    }

    /// Asks the server to stop the call, then waits for its end.
    ///
    /// The server decides whether and when to stop. A call that ended well before it could be stopped gives its
    /// result; one that was stopped gives an error for which [`Error::is_cancelled`] is true.
    ///
    /// # Errors
    /// As for awaiting the task; and the request to cancel may itself fail.
    pub async fn cancel(mut self) -> Result<T, Error> {
        self.request_cancel().await?;
        self.await
    }

    /// Asks the server to stop the call and does not wait for the end. Follow the task to learn it.
    ///
    /// # Errors
    /// The server could not be asked. The error carries the token; asking again does no harm.
    pub async fn request_cancel(&mut self) -> Result<(), Error> {
        self.core.request_cancel().await
    }

    /// The token of the call, to be saved for [`resume`](Self::resume); `None` if the call ended in its first answer.
    ///
    /// It moves on with each update that [`next`](Self::next) gives: a task resumed from it continues the log after
    /// the last of them.
    pub fn token(&self) -> Option<&StatusToken> {
        self.core.poller.token()
    }

    /// Whether the call has ended.
    pub fn is_finished(&self) -> bool {
        self.core.poller.is_finished()
    }

    /// Wire name of the function.
    pub fn function(&self) -> &str {
        self.core.poller.function()
    }
}

/// Waits for the end of the call and reads its result. Updates that nobody took are skipped.
impl<T: FromJson> IntoFuture for Task<T> {
    type Output = Result<T, Error>;
    type IntoFuture = CallFuture<T>;

    fn into_future(self) -> CallFuture<T> {
        CallFuture::new(Box::pin(self.core.finish(None)))
    }
}

impl<T> fmt::Debug for Task<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task")
            .field("function", &self.core.poller.function())
            .field("finished", &self.core.poller.is_finished())
            .field("token", &self.core.poller.token())
            .finish()
    }
}

/// Called with each update of a call.
pub(crate) type OnUpdate = Box<dyn FnMut(&Update) + Send>;

/// A task without its result type: drives the [`Poller`] over a connection on tokio's clock.
pub(crate) struct TaskCore {
    connection: Connection,
    poller: Poller,
    made: Instant,
    polling: Option<Polling>,
}

/// A status request under way. It outlives a dropped `next`: a caller who looks in every few milliseconds would
/// otherwise break the connection and make a new one each time.
struct Polling {
    asked_at: Duration,
    /// Never locked: the mutex only makes the task `Sync`, which the future is not.
    answer: Mutex<BoxFuture<Result<Reply, Error>>>,
}

impl TaskCore {
    pub(crate) fn new(connection: Connection, poller: Poller) -> Self {
        Self {
            connection,
            poller,
            made: Instant::now(),
            polling: None,
        }
    }

    async fn next(&mut self) -> Result<Option<Update>, Error> {
        loop {
            match self.poller.next(self.now()) {
                Step::Yield(update) => return Ok(Some(update)),
                Step::Finished => return Ok(None),
                Step::SleepUntil(time) => tokio::time::sleep_until(self.made + time).await,
                Step::Poll(token) => self.poll(&token).await?,
            }
        }
    }

    async fn poll(&mut self, token: &StatusToken) -> Result<(), Error> {
        let now = self.now();
        // After a long absence of the caller, the answer is old or timed out: better ask anew.
        let patience = self.connection.poll_timeout();
        self.polling
            .take_if(|polling| now.saturating_sub(polling.asked_at) >= patience);
        let polling = self.polling.get_or_insert_with(|| Polling {
            asked_at: now,
            answer: Mutex::new(self.connection.status(token)),
        });
        let asked_at = polling.asked_at;
        let answer = polling
            .answer
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .as_mut()
            .await;
        self.polling = None;
        let now = self.now();
        match answer {
            Ok(reply) => {
                self.poller.on_reply(reply, now.saturating_sub(asked_at), now);
                Ok(())
            }
            Err(error) => self.poller.on_error(error, now),
        }
    }

    async fn request_cancel(&mut self) -> Result<(), Error> {
        if self.poller.is_finished() {
            return Ok(());
        }
        let Some(token) = self.poller.token().cloned() else {
            return Ok(());
        };
        // Noted before it is sent, as the server may hear of it although this future is dropped or the answer lost.
        let noted_before = std::mem::replace(&mut self.poller.cancel_requested, true);
        self.connection.cancel(&token).await.map_err(|error| {
            if !matches!(error.kind(), ErrorKind::Lost { .. }) {
                self.poller.cancel_requested = noted_before;
            }
            self.poller.attribute(error)
        })
    }

    /// Follows the call to its end.
    pub(crate) async fn finish(mut self, mut on_update: Option<OnUpdate>) -> Result<Ended, Error> {
        while let Some(update) = self.next().await? {
            if let Some(on_update) = &mut on_update {
                on_update(&update);
            }
        }
        let function = self.poller.function().to_owned();
        match self.poller.outcome() {
            Some(outcome) => outcome.map(|reply| Ended { function, reply }),
            None => unreachable!("`next` gives `None` only after the end"),
        }
    }

    fn now(&self) -> Duration {
        self.made.elapsed()
    }
}

#[cfg(test)]
mod tests;
