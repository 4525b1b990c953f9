//! A stream of the updates of a call.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use crate::error::Error;
use crate::task_core::TaskCore;
use crate::update::Update;

type Next<'a> =
    Pin<Box<dyn Future<Output = (&'a mut TaskCore, Result<Option<Update>, Error>)> + Send + Sync + 'a>>;

/// A stream of the updates of a task until the call ends.
///
/// The stream borrows the task. Dropping the stream loses nothing. Await the task afterwards for its outcome.
///
/// An error is the last item, so a stream never repeats a rejected request. To continue after an error, create another
/// stream from the task, or call [`Task::next`](crate::Task::next). Both pause before they send the next request.
#[must_use = "streams do nothing unless polled"]
pub struct Updates<'a>(State<'a>);

enum State<'a> {
    Idle(&'a mut TaskCore),
    Asking(Next<'a>),
    Ended,
}

impl<'a> Updates<'a> {
    pub(crate) fn new(core: &'a mut TaskCore) -> Self {
        Self(State::Idle(core))
    }
}

impl Stream for Updates<'_> {
    type Item = Result<Update, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let mut next = match std::mem::replace(&mut self.0, State::Ended) {
            State::Ended => return Poll::Ready(None),
            State::Asking(next) => next,
            State::Idle(core) => Box::pin(async move {
                let update = core.next().await;
                (core, update)
            }),
        };
        match next.as_mut().poll(context) {
            Poll::Pending => {
                self.0 = State::Asking(next);
                Poll::Pending
            }
            Poll::Ready((core, update)) => {
                let update = update.transpose();
                if matches!(update, Some(Ok(_))) {
                    self.0 = State::Idle(core);
                }
                Poll::Ready(update)
            }
        }
    }
}

impl fmt::Debug for Updates<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Updates")
    }
}
