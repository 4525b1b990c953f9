//! A task without its result type: drives the [`Poller`] over a connection, on tokio's clock.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Handle, Id};
use tokio::task::{JoinError, JoinHandle};
use tokio::time::Instant;
use tracing::Instrument;
use tracing::instrument::WithSubscriber;

use crate::call::Ended;
use crate::connection::{Connection, Polled};
use crate::error::{Error, ErrorKind};
use crate::poller::{Poller, Step};
use crate::slots::Place;
use crate::token::StatusToken;
use crate::trace::{self, Watch};
use crate::update::Update;
use crate::wait::WaitOptions;

/// Called with each update of a call.
pub(crate) type OnUpdate = Box<dyn FnMut(&Update) + Send>;

pub(crate) struct TaskCore {
    connection: Connection,
    pub(crate) poller: Poller,
    made: Instant,
    polling: Option<Polling>,
    pub(crate) watch: Watch,
}

/// A status request that waits for its turn or for its answer.
///
/// The runtime drives it. It therefore outlives a dropped `next`, and it gives its slot back in time although the
/// caller does something else. Dropping it gives the request up.
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
        // A runtime that stands still drops nothing.
        self.place.leave();
    }
}

/// The error of a request that its runtime ended. Goes on with a panic.
fn ended_early(error: JoinError) -> Error {
    match error.try_into_panic() {
        Ok(panic) => resume_unwind(panic),
        Err(cancelled) => Error::new(ErrorKind::Lost { timeout: None }).because(cancelled),
    }
}

impl TaskCore {
    pub(crate) fn new(connection: Connection, poller: Poller) -> Self {
        let watch = Watch::new(poller.function(), poller.token(), poller.is_finished());
        Self {
            connection,
            poller,
            made: Instant::now(),
            polling: None,
            watch,
        }
    }

    pub(crate) fn function(&self) -> &str {
        self.poller.function()
    }

    /// The next update; `None` at the end of the call.
    pub(crate) async fn next(&mut self) -> Result<Option<Update>, Error> {
        let span = self.watch.span();
        self.step().instrument(span).await
    }

    async fn step(&mut self) -> Result<Option<Update>, Error> {
        loop {
            let now = self.now();
            match self.poller.next(now) {
                Step::Yield(update) => {
                    trace::update(&update);
                    return Ok(Some(update));
                }
                Step::Finished => {
                    self.watch.over();
                    return Ok(None);
                }
                Step::Limit(limit) => return Err(self.poller.limit_error(limit, now)),
                Step::SleepUntil(time) => tokio::time::sleep_until(self.at(time)).await,
                Step::Poll { token, hold } => self.poll(&token, hold).await?,
            }
        }
    }

    async fn poll(&mut self, token: &StatusToken, hold: Duration) -> Result<(), Error> {
        let runtime = Handle::current();
        // A request of another runtime may never end, if that runtime stands still.
        self.polling.take_if(|polling| polling.runtime != runtime.id());
        let deadline = self.poller.deadline().map(|(time, _)| self.at(time));
        let polling = self
            .polling
            .get_or_insert_with(|| Polling::start(&self.connection, token, hold, &runtime));
        let answer = match deadline {
            None => (&mut polling.answer).await,
            Some(deadline) => match tokio::time::timeout_at(deadline, &mut polling.answer).await {
                Ok(answer) => answer,
                // The limit is reached, which the next step finds out. A later wait goes on with this request.
                Err(_) => return Ok(()),
            },
        };
        self.polling = None;
        let now = self.now();
        match answer.map_err(ended_early).and_then(|answer| answer) {
            Ok(polled) => {
                self.poller.on_reply(polled, now);
                Ok(())
            }
            Err(error) => {
                trace::failed_poll(&error);
                self.poller.on_error(error, now)
            }
        }
    }

    pub(crate) fn cancel_on_drop(&mut self) {
        self.watch.cancel_on_drop(&self.connection, self.poller.token());
    }

    pub(crate) async fn request_cancel(&mut self) -> Result<(), Error> {
        if self.poller.is_finished() {
            return Ok(());
        }
        let Some(token) = self.poller.token().cloned() else {
            return Ok(());
        };
        // Noted before it is sent, as the server may hear of it although this future is dropped or the answer lost.
        let noted_before = std::mem::replace(&mut self.poller.cancel_requested, true);
        let asked = self.connection.cancel(&token).instrument(self.watch.span()).await;
        asked.map_err(|(error, heard)| {
            self.poller.cancel_requested = noted_before || heard;
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

    /// Follows the call to its end, or to a limit.
    pub(crate) async fn finish_within(mut self, options: WaitOptions) -> Result<Ended, Error> {
        self.poller.limit(&options, self.now());
        loop {
            match self.next().await {
                Ok(Some(_)) => {}
                Ok(None) => return self.finish(None).await,
                Err(error) if error.is_wait_limit() && options.cancel && !self.poller.cancel_requested => {
                    self.request_cancel().await.map_err(|refused| {
                        if refused.is_read_only() {
                            refused.because(error)
                        } else {
                            refused
                        }
                    })?;
                    self.poller.limit(&options, self.now());
                }
                Err(error) => return Err(error),
            }
        }
    }

    #[cfg(test)]
    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(crate) fn now(&self) -> Duration {
        self.made.elapsed()
    }

    /// A moment of the machine on tokio's clock.
    fn at(&self, time: Duration) -> Instant {
        // A limit beyond what the clock can count is none; a year is long enough to look again.
        const FAR: Duration = Duration::from_secs(365 * 24 * 3600);
        self.made
            .checked_add(time)
            .unwrap_or_else(|| Instant::now() + FAR)
    }
}
