//! The error of a future that is polled outside a tokio runtime.

use std::fmt;

/// The future is polled outside a tokio runtime, where timers and sockets do not work.
#[derive(Debug)]
pub struct NoRuntime;

impl fmt::Display for NoRuntime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "the future is polled outside a tokio runtime, so nothing was sent. Run it inside a tokio runtime \
             (`#[tokio::main]` or `Runtime::block_on`), or enable the feature `blocking` and use the methods that \
             end in `_blocking`",
        )
    }
}

impl std::error::Error for NoRuntime {}
