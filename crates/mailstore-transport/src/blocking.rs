//! Calls from programs without an async runtime: the same futures, driven by the thread that waits for them.
//!
//! One runtime of this crate's own, with one thread, serves the sockets and timers of all of them. The future itself
//! is polled on the calling thread, so it needs to be neither `Send` nor `'static`.

use std::future::Future;
use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};

use crate::error::Error;

/// Runs a future to its end.
///
/// Called from async code it blocks that thread, as any blocking call does, and works all the same.
///
/// # Errors
/// The runtime cannot be started: the system gives no thread or no event queue.
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
