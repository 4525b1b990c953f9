//! Blocking calls, for programs without an async runtime.
//!
//! The calling thread polls the future, so the future need not be `Send` or `'static`. One runtime with one thread
//! serves the sockets and timers of all blocking calls.

use std::future::Future;
use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};

use crate::error::Error;

/// Runs a future to its end.
///
/// It also works in async code, where it blocks the thread.
///
/// # Errors
/// The runtime cannot be started, because the system cannot create a thread or an event queue.
pub fn block_on<T>(future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let _entered = runtime()?.enter();
    pollster::block_on(future)
}

fn runtime() -> Result<&'static Runtime, Error> {
    static RUNTIME: OnceLock<std::io::Result<Runtime>> = OnceLock::new();
    let started = RUNTIME.get_or_init(|| {
        Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("mailstore-blocking")
            .enable_all()
            .build()
    });
    started.as_ref().map_err(|error| {
        Error::configuration(format!(
            "the runtime for blocking calls cannot be started: {error}"
        ))
    })
}
