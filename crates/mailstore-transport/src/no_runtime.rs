//! The error outside of a tokio runtime.

use std::fmt;

/// No tokio runtime: timers and sockets do not work here.
#[derive(Debug)]
pub(crate) struct NoRuntime;

impl fmt::Display for NoRuntime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "the future is polled outside a tokio runtime, so nothing was sent. Run it inside a tokio runtime \
             (`#[tokio::main]` or `Runtime::block_on`), or switch on the feature `blocking` and use the methods that \
             end in `_blocking`",
        )
    }
}

impl std::error::Error for NoRuntime {}
