//! The tokio runtime that a future runs on.

use https_connect::current_runtime;
use tokio::runtime::{Handle, Id};

use crate::error::Error;

/// Returns the runtime of the calling thread.
///
/// # Errors
/// There is no runtime: [`ErrorKind::NoRuntime`](crate::ErrorKind::NoRuntime).
pub(crate) fn current() -> Result<Handle, Error> {
    Ok(current_runtime()?)
}

/// Returns the id of the runtime of the calling thread. Connections only work on the runtime that opened them.
///
/// # Errors
/// Those of [`current`].
pub(crate) fn id() -> Result<Id, Error> {
    Ok(current()?.id())
}
