//! A started call, which can be polled, awaited, cancelled and saved.

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;

use tokio::time::Instant;
use wire_values::{FromJson, printable};

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

/// A started call. It may already have ended, and is used in the same way.
///
/// Awaiting the task waits for the end of the call and returns its result. [`next`](Self::next) returns the next
/// update. Dropping the task only stops the polling: the call continues on the server, and a saved
/// [`token`](Self::token) can resume it.
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

    /// Resumes a call that was started earlier, possibly by another process. Sends nothing.
    ///
    /// `T` is the result type of the function of the token. [`Json`](crate::Json) accepts any result.
    ///
    /// # Errors
    /// The token belongs to another server or edition.
    pub fn resume(connection: &Connection, token: StatusToken) -> Result<Self, Error> {
        let describe = |origin: &str, surface: &str| format!("{origin} ({surface})");
        if token.origin != connection.origin() || token.surface != connection.surface().name {
            let error = Error::new(ErrorKind::ForeignToken {
                expected: printable(&describe(&token.origin, &token.surface)).to_string(),
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

    /// Waits for the next update. Returns `None` after the call has succeeded or failed: await the task for its
    /// outcome.
    ///
    /// The last update has another status than `running`.
    ///
    /// Cancel-safe: if the future is dropped, for example by `select!`, nothing is lost. The status request continues
    /// in the background, and the next call of `next` waits for the same response.
    ///
    /// # Errors
    /// A status request failed: the server rejected the credentials, the token expired, or the connection failed in
    /// many consecutive attempts. Short failures are retried and are not errors. The error contains the token if the
    /// call may still be running.
    ///
    /// After an error, `next` can be called again. It waits before it sends the next request:
    /// - after connection failures, up to 5 seconds and a random addition;
    /// - after the server rejected the credentials or denied access, 30 seconds;
    /// - after other errors that a retry is unlikely to fix, 1 second.
    ///
    /// The last two pauses double with every consecutive error, up to 10 minutes. A loop that ignores errors therefore
    /// does not lock the account.
    pub async fn next(&mut self) -> Result<Option<Update>, Error> {
        self.core.next().await
    }

    /// Returns a stream of the updates until the call ends. It is cancel-safe, as [`next`](Self::next) is.
    ///
    /// The stream borrows the task. Await the task afterwards for its outcome.
    pub fn updates(&mut self) -> Updates<'_> {
        Updates::new(&mut self.core)
    }

    /// Waits for the end of the call within limits, and returns its result.
    ///
    /// # Errors
    /// The errors of awaiting the task, and these:
    /// - At a limit, an error that contains the token and for which [`Error::is_wait_limit`] is true. The call
    ///   continues on the server, unless the task [cancels on drop](Self::cancel_on_drop).
    /// - With [`cancel_at_limit`](WaitOptions::cancel_at_limit), the outcome of the cancelled call. If the client is
    ///   [read-only](crate::Builder::read_only) and may not cancel the call, an error for which [`Error::is_read_only`]
    ///   is true. Its `source()` is the error of the limit.
    pub async fn wait(self, options: WaitOptions) -> Result<T, Error> {
        CallFuture::new(Box::pin(self.core.finish(options, None))).await
    }

    /// Sends a cancel request, then waits for the end of the call.
    ///
    /// The server decides whether and when to stop the call. If the call succeeds before it is stopped, its result is
    /// returned. If it is stopped, the error is one for which [`Error::is_cancelled`] is true.
    ///
    /// # Errors
    /// The errors of awaiting the task and of [`request_cancel`](Self::request_cancel).
    pub async fn cancel(mut self) -> Result<T, Error> {
        if let Err(error) = self.request_cancel().await {
            return Err(self.core.left_behind(error));
        }
        self.await
    }

    /// Sends a cancel request and does not wait for the end of the call. Poll or await the task for its outcome.
    ///
    /// Takes at most the client's `request_timeout`. Cancelling is idempotent, so it may be retried.
    ///
    /// # Errors
    /// - The cancel request failed: [`Error::is_cancel_failure`] is true. The call may continue, and the error contains
    ///   its token.
    /// - The client is [read-only](crate::Builder::read_only), and the function of the call is not:
    ///   [`Error::is_read_only`] is true. The call continues, and the task can still be polled. A client that is not
    ///   read-only can resume the token and cancel the call.
    pub async fn request_cancel(&mut self) -> Result<(), Error> {
        self.core.request_cancel().await
    }

    /// Sends a cancel request if the task is dropped before its end.
    ///
    /// This includes a wait that ends with an error: awaiting, [`wait`](Self::wait) and [`cancel`](Self::cancel) drop
    /// the task, and the message of their error says that a cancel request is being sent. Nothing is sent after the
    /// last update was received, or after the server reported that the token is no longer valid.
    ///
    /// The request may fail: it is sent on the tokio runtime in which the task is dropped, if there is one, and its
    /// result is not reported. Use [`cancel`](Self::cancel) to get the result. A [read-only](crate::Builder::read_only)
    /// client that may not cancel the call sends nothing.
    pub fn cancel_on_drop(mut self) -> Self {
        self.core.cancel_on_drop();
        self
    }

    /// Returns the token of the call, which can be saved for [`resume`](Self::resume). `None` if the call ended with
    /// its first response.
    ///
    /// The token changes with each update that [`next`](Self::next) returns. A task that is resumed from it continues
    /// the log after the last returned update.
    pub fn token(&self) -> Option<&StatusToken> {
        self.core.poller.token()
    }

    /// Returns whether the call has ended.
    pub fn is_finished(&self) -> bool {
        self.core.poller.is_finished()
    }

    /// Returns the wire name of the function.
    pub fn function(&self) -> &str {
        self.core.function()
    }

    /// Drops the task and returns its token, or `None` if the call ended with its first response.
    ///
    /// This stops the polling. The call continues on the server, even after [`cancel_on_drop`](Self::cancel_on_drop).
    pub fn detach(mut self) -> Option<StatusToken> {
        self.core.drop_guard.set_running(false);
        self.core.poller.token().cloned()
    }
}

/// The blocking methods, for programs without an async runtime.
#[cfg(feature = "blocking")]
impl<T: FromJson> Task<T> {
    /// Like [`next`](Self::next), but blocks the thread.
    ///
    /// # Errors
    /// Those of [`next`](Self::next).
    pub fn next_blocking(&mut self) -> Result<Option<Update>, Error> {
        block_on(self.next())
    }

    /// Waits for the end of the call and returns its result, as awaiting the task does.
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
    /// Those of awaiting the task.
    pub fn finish_blocking(self) -> Result<T, Error> {
        block_on(self.into_future())
    }

    /// Like [`wait`](Self::wait), but blocks the thread.
    ///
    /// # Errors
    /// Those of [`wait`](Self::wait).
    pub fn wait_blocking(self, options: WaitOptions) -> Result<T, Error> {
        block_on(self.wait(options))
    }

    /// Like [`cancel`](Self::cancel), but blocks the thread.
    ///
    /// # Errors
    /// Those of [`cancel`](Self::cancel).
    pub fn cancel_blocking(self) -> Result<T, Error> {
        block_on(self.cancel())
    }

    /// Like [`request_cancel`](Self::request_cancel), but blocks the thread.
    ///
    /// # Errors
    /// Those of [`request_cancel`](Self::request_cancel).
    pub fn request_cancel_blocking(&mut self) -> Result<(), Error> {
        block_on(self.request_cancel())
    }
}

/// Waits for the end of the call and decodes its result. Skips updates that were not returned yet.
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
