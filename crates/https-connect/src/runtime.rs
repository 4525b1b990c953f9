//! The tokio runtime that a future runs on.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::runtime::Handle;
use tokio::sync::oneshot;

use crate::no_runtime::NoRuntime;

/// Returns the runtime of the calling thread.
///
/// # Errors
/// There is no runtime.
pub fn current_runtime() -> Result<Handle, NoRuntime> {
    Handle::try_current().map_err(|_| NoRuntime)
}

/// Closed when the runtime is shut down: a task of the runtime holds the other end.
pub(crate) type Alive = Arc<oneshot::Sender<Infallible>>;

/// Starts to watch whether the runtime is shut down.
pub(crate) fn watch(runtime: &Handle) -> Alive {
    let (alive, ended) = oneshot::channel();
    // Ends with the runtime, or after the last `Alive` is dropped.
    runtime.spawn(async move {
        let _ = ended.await;
    });
    Arc::new(alive)
}

/// A future that is polled inside a runtime, on any thread. [`Pool::inside`](crate::Pool::inside) returns it.
///
/// Its output is [`RuntimeEnded`] if the runtime is shut down. Dropping it drops the future.
pub struct Inside<F> {
    runtime: Handle,
    alive: Alive,
    future: Pin<Box<F>>,
}

impl<F> Inside<F> {
    pub(crate) fn new(runtime: Handle, alive: Alive, future: F) -> Self {
        Self {
            runtime,
            alive,
            future: Box::pin(future),
        }
    }
}

impl<F: Future> Future for Inside<F> {
    type Output = Result<F::Output, RuntimeEnded>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Self {
            runtime,
            alive,
            future,
        } = &mut *self;
        if alive.is_closed() {
            return Poll::Ready(Err(RuntimeEnded));
        }
        let _entered = runtime.enter();
        future.as_mut().poll(context).map(Ok)
    }
}

/// The runtime was shut down, so its sockets and timers no longer work.
#[derive(Debug)]
pub struct RuntimeEnded;

impl fmt::Display for RuntimeEnded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the tokio runtime of the request was shut down")
    }
}

impl std::error::Error for RuntimeEnded {}
