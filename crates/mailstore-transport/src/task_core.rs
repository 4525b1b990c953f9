//! A task without its result type: drives the [`Poller`] over a connection, on tokio's clock.

use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::runtime::{Handle, Id};
use tokio::task::{JoinError, JoinHandle};
use tokio::time::Instant;
use tracing::Instrument;
use tracing::instrument::WithSubscriber;

use crate::call_future::Ended;
use crate::connection::{Connection, Polled};
use crate::drop_guard::DropGuard;
use crate::error::{Error, ErrorKind, Stage};
use crate::poller::{Poller, Step};
use crate::runtime;
use crate::slots::Place;
use crate::token::StatusToken;
use crate::trace;
use crate::update::Update;
use crate::wait::WaitOptions;

/// Called with each update of a call. Shared by the clones of a request.
pub(crate) type OnUpdate = Arc<Mutex<dyn FnMut(&Update) + Send>>;

pub(crate) struct TaskCore {
    connection: Connection,
    pub(crate) poller: Poller,
    made: Instant,
    polling: Option<Polling>,
    pub(crate) drop_guard: DropGuard,
}

/// A status request that waits for its slot or its response.
///
/// It runs as a task of the runtime. It therefore continues if `next` is dropped, and releases its slot in time even if
/// the caller does something else. Dropping it aborts the request.
struct Polling {
    runtime: Id,
    place: Arc<Place>,
    answer: JoinHandle<Result<Polled, Error>>,
}

impl Polling {
    fn start(connection: &Connection, token: &StatusToken, hold: Duration, runtime: &Handle) -> Self {
        let place = connection.place(runtime.id());
        let answer = connection
            .status(token, hold, Arc::clone(&place))
            .instrument(trace::poll(token, hold));
        Self {
            runtime: runtime.id(),
            place,
            answer: runtime.spawn(answer.with_current_subscriber()),
        }
    }
}

impl Drop for Polling {
    fn drop(&mut self) {
        self.answer.abort();
        // The current runtime is running, so it aborts the request, which then leaves its place. Another runtime may be
        // stopped, so the place is left here.
        if runtime::id().ok() != Some(self.runtime) {
            self.place.leave();
        }
    }
}

/// Returns the error of a request that its runtime aborted. Resumes a panic of the request.
fn ended_early(error: JoinError) -> Error {
    match error.try_into_panic() {
        Ok(panic) => resume_unwind(panic),
        Err(cancelled) => Error::new(ErrorKind::Lost { timeout: None }).because(cancelled),
    }
}

impl TaskCore {
    /// `began` is the start of the poller's clock.
    pub(crate) fn new(connection: Connection, poller: Poller, began: Instant) -> Self {
        let drop_guard = DropGuard::new(poller.function(), poller.token(), poller.is_finished());
        Self {
            connection,
            poller,
            made: began,
            polling: None,
            drop_guard,
        }
    }

    pub(crate) fn function(&self) -> &str {
        self.poller.function()
    }

    /// Returns the next update, or `None` after the end of the call.
    pub(crate) async fn next(&mut self) -> Result<Option<Update>, Error> {
        let span = self.drop_guard.span();
        self.step().instrument(span).await
    }

    async fn step(&mut self) -> Result<Option<Update>, Error> {
        runtime::current().map_err(|error| self.poller.attribute(error))?;
        loop {
            let now = self.now();
            match self.poller.next(now) {
                Step::Yield(update) => {
                    trace::update(&update);
                    return Ok(Some(update));
                }
                Step::Finished => return Ok(None),
                Step::Limit(limit) => return Err(self.poller.limit_error(limit, now)),
                Step::SleepUntil(time) => tokio::time::sleep_until(self.at(time)).await,
                Step::Poll { token, hold } => self.poll(&token, hold).await?,
            }
        }
    }

    async fn poll(&mut self, token: &StatusToken, hold: Duration) -> Result<(), Error> {
        let runtime = runtime::current()?;
        // A request on another runtime may never end, because that runtime may be stopped.
        self.polling.take_if(|polling| polling.runtime != runtime.id());
        let deadline = self.poller.deadline().map(|(time, _)| self.at(time));
        let polling = self
            .polling
            .get_or_insert_with(|| Polling::start(&self.connection, token, hold, &runtime));
        let answer = match deadline {
            None => (&mut polling.answer).await,
            Some(deadline) => match tokio::time::timeout_at(deadline, &mut polling.answer).await {
                Ok(answer) => answer,
                // The next step reports the limit. A later wait continues with this request.
                Err(_) => return Ok(()),
            },
        };
        self.polling = None;
        let now = self.now();
        match answer.map_err(ended_early).and_then(|answer| answer) {
            Ok(polled) => {
                self.poller.on_reply(polled, now);
                self.drop_guard.set_running(!self.poller.is_over());
                Ok(())
            }
            Err(error) => {
                trace::failed_poll(&error);
                if error.is_token_expired() {
                    self.drop_guard.set_running(false);
                }
                self.poller.on_error(error, now)
            }
        }
    }

    pub(crate) fn cancel_on_drop(&mut self) {
        self.drop_guard
            .cancel_on_drop(&self.connection, self.poller.token());
    }

    pub(crate) async fn request_cancel(&mut self) -> Result<(), Error> {
        self.request_cancel_within(None).await
    }

    /// Without `timeout`, the timeout of the client applies.
    async fn request_cancel_within(&mut self, timeout: Option<Duration>) -> Result<(), Error> {
        if self.poller.is_over() {
            return Ok(());
        }
        let Some(token) = self.poller.token().cloned() else {
            return Ok(());
        };
        // Recorded before sending, because the server may receive the request even if this future is dropped or the
        // response is lost.
        let noted_before = std::mem::replace(&mut self.poller.cancel_requested, true);
        let cancel = self.connection.cancel(&token, timeout);
        let asked = cancel.instrument(self.drop_guard.span()).await;
        asked.map_err(|(error, heard)| {
            self.poller.cancel_requested = noted_before || heard;
            if error.is_token_expired() {
                self.drop_guard.set_running(false);
            }
            self.poller.attribute(error).at(Stage::Cancel)
        })
    }

    /// The default limits of a wait.
    pub(crate) fn default_options(&self) -> WaitOptions {
        self.connection.limits().wait
    }

    /// Polls the call until its end or a limit. The time of the limits starts now.
    pub(crate) async fn finish(
        self,
        options: WaitOptions,
        on_update: Option<OnUpdate>,
    ) -> Result<Ended, Error> {
        let began = self.now();
        self.finish_since(began, options, on_update).await
    }

    /// Polls the call until its end or a limit. The time of the limits starts at `began`.
    pub(crate) async fn finish_since(
        mut self,
        began: Duration,
        options: WaitOptions,
        on_update: Option<OnUpdate>,
    ) -> Result<Ended, Error> {
        self.poller.limit(&options, began);
        loop {
            match self.next().await {
                Ok(Some(update)) => {
                    if let Some(on_update) = &on_update {
                        // A closure that panicked earlier is called again.
                        let mut on_update = on_update.lock().unwrap_or_else(PoisonError::into_inner);
                        on_update(&update);
                    }
                }
                Ok(None) => return self.outcome(),
                Err(limit) if limit.is_wait_limit() && options.cancel && !self.poller.cancel_requested => {
                    if let Err(error) = self.cancel_at_limit(&options, limit).await {
                        return Err(self.left_behind(error));
                    }
                }
                Err(error) => return Err(self.left_behind(error)),
            }
        }
    }

    /// Sends a cancel request and restarts the limits for the wait for the end of the call.
    async fn cancel_at_limit(&mut self, options: &WaitOptions, limit: Error) -> Result<(), Error> {
        let now = self.now();
        self.poller.limit(options, now);
        let left = self.poller.deadline().map(|(time, _)| time.saturating_sub(now));
        let asked = self.request_cancel_within(left).await;
        asked.map_err(|error| match limit.wait_limit() {
            _ if error.is_read_only() => error.because(limit),
            Some(reached) => error.at(Stage::CancelAtLimit(reached)),
            None => error,
        })
    }

    /// Returns the outcome of the call.
    fn outcome(self) -> Result<Ended, Error> {
        let will_cancel = self.drop_guard.will_cancel();
        let function = self.poller.function().to_owned();
        match self.poller.outcome() {
            Some(Ok(reply)) => Ok(Ended { function, reply }),
            Some(Err(error)) => Err(error.being_cancelled(will_cancel)),
            None => unreachable!("`next` returns `None` only after the end"),
        }
    }

    /// Adds to an error whether dropping the task sends a cancel request.
    pub(crate) fn left_behind(&self, error: Error) -> Error {
        error.being_cancelled(self.drop_guard.will_cancel())
    }

    #[cfg(test)]
    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(crate) fn now(&self) -> Duration {
        self.made.elapsed()
    }

    /// Converts a time of the poller to tokio's clock.
    fn at(&self, time: Duration) -> Instant {
        // A limit that the clock cannot represent is no limit. It is checked again after a year.
        const FAR: Duration = Duration::from_secs(365 * 24 * 3600);
        self.made
            .checked_add(time)
            .unwrap_or_else(|| Instant::now() + FAR)
    }
}
