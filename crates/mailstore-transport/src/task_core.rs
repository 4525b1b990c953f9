//! A task without its result type: drives the [`Poller`] over a connection, on tokio's clock.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use tracing::Instrument;

#[cfg(feature = "blocking")]
use crate::blocking::is_blocking;
use crate::call::Ended;
use crate::connection::{Connection, Polled};
use crate::error::Error;
use crate::exchange::BoxFuture;
use crate::poller::{Poller, Step};
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

/// A status request under way. It outlives a dropped `next`: a caller who looks in every few milliseconds would
/// otherwise break the connection and make a new one each time.
struct Polling {
    /// When the request counts as lost; not set while it waits for its turn.
    over: Arc<OnceLock<Instant>>,
    /// Whether a blocking call asked: the answer comes by a connection of its runtime.
    blocking: bool,
    /// Never locked: the mutex only makes the task `Sync`, which the future is not.
    answer: Mutex<BoxFuture<Result<Polled, Error>>>,
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
        let blocking = is_blocking();
        // After a long absence of the caller, the answer is old or timed out: better ask anew. So is it if it would
        // come by a runtime that this very wait may keep from working.
        self.polling.take_if(|polling| {
            polling.over.get().is_some_and(|over| *over <= Instant::now()) || polling.blocking != blocking
        });
        let deadline = self.poller.deadline().map(|(time, _)| self.at(time));
        let polling = self.polling.get_or_insert_with(|| {
            let span = trace::poll(token, hold);
            let over = Arc::new(OnceLock::new());
            let answer = self.connection.status(token, hold, Arc::clone(&over));
            Polling {
                over,
                blocking,
                answer: Mutex::new(Box::pin(answer.instrument(span))),
            }
        });
        let answer = polling
            .answer
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .as_mut();
        let answer = match deadline {
            None => answer.await,
            Some(deadline) => match tokio::time::timeout_at(deadline, answer).await {
                Ok(answer) => answer,
                // The limit is reached, which the next step finds out. A later wait goes on with this request.
                Err(_) => return Ok(()),
            },
        };
        self.polling = None;
        let now = self.now();
        match answer {
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

#[cfg(not(feature = "blocking"))]
fn is_blocking() -> bool {
    false
}
