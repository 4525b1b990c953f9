//! Handles a task that is dropped while its call runs.

use std::hash::{DefaultHasher, Hash, Hasher};

use tokio::runtime::Handle;
use tracing::Span;

use crate::connection::Connection;
use crate::token::StatusToken;
use crate::trace;

/// Logs that a task is dropped while its call runs. Sends a cancel request if the task cancels on drop.
pub(crate) struct DropGuard {
    cancel: Option<(Connection, StatusToken)>,
    function: String,
    token_hash: u64,
    running: bool,
}

impl DropGuard {
    pub(crate) fn new(function: &str, token: Option<&StatusToken>, finished: bool) -> Self {
        let mut hasher = DefaultHasher::new();
        token.map(|token| &token.token).hash(&mut hasher);
        Self {
            cancel: None,
            function: function.to_owned(),
            token_hash: hasher.finish(),
            running: !finished,
        }
    }

    pub(crate) fn span(&self) -> Span {
        trace::task(&self.function, self.token_hash)
    }

    /// Sends a cancel request if the task is dropped before its end, unless this client may not cancel the call.
    pub(crate) fn cancel_on_drop(&mut self, connection: &Connection, token: Option<&StatusToken>) {
        self.cancel = token
            .filter(|token| connection.permit_cancel(token).is_ok())
            .map(|token| (connection.clone(), token.clone()));
    }

    /// Sets whether the call runs. If it does not, dropping the task has no effect.
    pub(crate) fn set_running(&mut self, running: bool) {
        self.running = running;
    }

    /// Whether dropping the task now sends a cancel request.
    pub(crate) fn will_cancel(&self) -> bool {
        self.running && self.cancel.is_some() && Handle::try_current().is_ok()
    }
}

impl Drop for DropGuard {
    fn drop(&mut self) {
        if self.running {
            trace::dropped_task(&self.function, self.token_hash, self.cancel.is_some());
            // Without a runtime, nothing can be sent.
            if let (Some((connection, token)), Ok(runtime)) = (self.cancel.take(), Handle::try_current()) {
                runtime.spawn(async move { connection.cancel(&token, None).await });
            }
        }
    }
}
