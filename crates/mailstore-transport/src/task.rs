//! A call that was started: follow it, await it, cancel it, keep its token.

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;

use tokio::time::Instant;

#[cfg(feature = "blocking")]
use crate::blocking::block_on;
use crate::call_future::CallFuture;
use crate::connection::Connection;
use crate::error::{Error, ErrorKind};
use crate::function::Effect;
use crate::poller::Poller;
use crate::task_core::TaskCore;
use crate::token::StatusToken;
use crate::update::Update;
use crate::updates::Updates;
use crate::wait::WaitOptions;
use wire_values::FromJson;

/// A started call. It may already have ended; it is used in the same way.
///
/// Awaiting the task waits for the end of the call and returns its result. [`next`](Self::next) returns the next update.
/// Dropping the task only stops the polling: the call continues on the server, and a saved [`token`](Self::token) finds
/// the call again.
#[must_use = "the call of a dropped task continues on the server, but its outcome is lost"]
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
        let function = connection.surface().function(&token.function);
        let effect = function.map_or(Effect::Unknown, |function| function.effect);
        let poller = Poller::resumed(token, effect, &connection.limits());
        Ok(Self::new(TaskCore::new(
            connection.clone(),
            poller,
            Instant::now(),
        )))
    }

    /// Waits for news. `None` when the call has ended, whether well or not: await the task for its outcome.
    ///
    /// The last update has another status than `running`.
    ///
    /// Cancel-safe: if the future is dropped, for example by `select!`, nothing is lost. The status request continues in
    /// the background, and the next call of `next` waits for the same answer.
    ///
    /// # Errors
    /// The status request failed: credentials are refused, the token expired, or the connection stayed broken over
    /// many attempts. Short breaks are not errors. The error carries the token if the call may still be running.
    ///
    /// Calling `next` again goes on, after a pause: up to 5 seconds and more if the connection is broken; 1 second if
    /// another request is unlikely to help, and 30 seconds if credentials or rights are refused, each doubled with
    /// every further error up to 10 minutes. So a loop that ignores errors does not lock the account.
    pub async fn next(&mut self) -> Result<Option<Update>, Error> {
        self.core.next().await
    }

    /// The updates as a stream, until the call ends. Cancel-safe as [`next`](Self::next) is.
    ///
    /// It borrows the task, which is awaited afterwards for its outcome.
    pub fn updates(&mut self) -> Updates<'_> {
        Updates::new(&mut self.core)
    }

    /// Waits for the end of the call as awaiting the task does, within limits.
    ///
    /// # Errors
    /// As for awaiting the task. At a limit, an error for which [`Error::is_wait_limit`] is true and which carries
    /// the token: the call continues on the server, unless the task [cancels on drop](Self::cancel_on_drop). With
    /// [`cancel_at_limit`](WaitOptions::cancel_at_limit), what the server finally says; or, if the client is
    /// [read-only](crate::Builder::read_only) and may not cancel the call, at the limit the error that says so, caused
    /// by that of the limit.
    pub async fn wait(self, options: WaitOptions) -> Result<T, Error> {
        CallFuture::new(Box::pin(self.core.finish(options, None))).await
    }

    /// Asks the server to stop the call, then waits for its end.
    ///
    /// The server decides whether and when to stop. A call that ended well before it could be stopped gives its
    /// result; one that was stopped gives an error for which [`Error::is_cancelled`] is true.
    ///
    /// # Errors
    /// As for awaiting the task; and as for [`request_cancel`](Self::request_cancel).
    pub async fn cancel(mut self) -> Result<T, Error> {
        if let Err(error) = self.request_cancel().await {
            return Err(self.core.left_behind(error));
        }
        self.await
    }

    /// Asks the server to stop the call and does not wait for the end. Follow the task to learn it.
    ///
    /// # Errors
    /// The request failed: [`Error::is_cancel_failure`]. The call may go on, and the error carries its token. It takes
    /// at most the client's `request_timeout`. Cancelling is idempotent, so it may be retried.
    ///
    /// Of a [read-only](crate::Builder::read_only) client, unless the function of the call only reads:
    /// [`Error::is_read_only`]. The call continues, the task can still be polled, and a client that is not read-only can
    /// resume the token and cancel it.
    pub async fn request_cancel(&mut self) -> Result<(), Error> {
        self.core.request_cancel().await
    }

    /// From now on, dropping the task before its end asks the server to stop the call.
    ///
    /// This includes a wait that ends with an error: awaiting, [`wait`](Self::wait) and [`cancel`](Self::cancel) drop
    /// the task, and their error says that the call is being cancelled. Once the last update was received, or the
    /// server said that it does not know the call, dropping sends nothing.
    ///
    /// A best effort: the request is sent by the tokio runtime that the task is dropped in, if there is one, and its
    /// result is not reported. Use [`cancel`](Self::cancel) to be sure. A [read-only](crate::Builder::read_only)
    /// client that may not cancel the call sends nothing.
    pub fn cancel_on_drop(mut self) -> Self {
        self.core.cancel_on_drop();
        self
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
        self.core.function()
    }

    /// Gives the task up and keeps its token; `None` if the call ended in its first answer.
    ///
    /// As dropping the task, this stops the asking and nothing else.
    pub fn detach(mut self) -> Option<StatusToken> {
        self.core.drop_guard.set_running(false);
        self.core.poller.token().cloned()
    }
}

/// The same without an async runtime: each blocks the thread until it is done.
#[cfg(feature = "blocking")]
impl<T: FromJson> Task<T> {
    /// [`next`](Self::next), blocking.
    ///
    /// # Errors
    /// As there.
    pub fn next_blocking(&mut self) -> Result<Option<Update>, Error> {
        block_on(self.next())
    }

    /// Waits for the end of the call and gives its result, as awaiting the task does.
    ///
    /// ```no_run
    /// # use mailstore_transport::{Call, Connection, Error};
    /// # fn example(connection: Connection) -> Result<(), Error> {
    /// let mut task = Call::<()>::new(&connection, "VerifyStore").arg("id", 3).start_blocking()?;
    /// while let Some(update) = task.next_blocking()? {
    ///     print!("{}", update.log());
    /// }
    /// task.finish_blocking()
    /// # }
    /// ```
    ///
    /// # Errors
    /// As for awaiting the task.
    pub fn finish_blocking(self) -> Result<T, Error> {
        block_on(self.into_future())
    }

    /// Waits for the end within limits: [`wait`](Self::wait), blocking.
    ///
    /// # Errors
    /// As there.
    pub fn wait_blocking(self, options: WaitOptions) -> Result<T, Error> {
        block_on(self.wait(options))
    }

    /// [`cancel`](Self::cancel), blocking.
    ///
    /// # Errors
    /// As there.
    pub fn cancel_blocking(self) -> Result<T, Error> {
        block_on(self.cancel())
    }

    /// [`request_cancel`](Self::request_cancel), blocking.
    ///
    /// # Errors
    /// As there.
    pub fn request_cancel_blocking(&mut self) -> Result<(), Error> {
        block_on(self.request_cancel())
    }
}

/// Waits for the end of the call and decodes its result. Skips updates that were not taken.
impl<T: FromJson> IntoFuture for Task<T> {
    type Output = Result<T, Error>;
    type IntoFuture = CallFuture<T>;

    fn into_future(self) -> CallFuture<T> {
        let options = self.core.default_options();
        CallFuture::new(Box::pin(self.core.finish(options, None)))
    }
}

impl<T> fmt::Debug for Task<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Task")
            .field("function", &self.core.function())
            .field("finished", &self.core.poller.is_finished())
            .field("token", &self.core.poller.token())
            .finish()
    }
}

#[cfg(test)]
mod tests;
