//! What happens when a task is dropped while its call runs.

use std::hash::{DefaultHasher, Hash, Hasher};

use tokio::runtime::Handle;
use tracing::Span;

use crate::connection::Connection;
use crate::token::StatusToken;
use crate::trace;

/// Logs that a task is dropped while its call runs, and asks the server to stop the call if that is wanted.
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

    /// Asks the server to stop the call when the task is dropped before its end, if this client may.
    pub(crate) fn cancel_on_drop(&mut self, connection: &Connection, token: Option<&StatusToken>) {
        self.cancel = token
            .filter(|token| connection.permit_cancel(token).is_ok())
            .map(|token| (connection.clone(), token.clone()));
    }

    /// Tells whether the call runs. If it does not, dropping the task neither logs nor cancels anything.
    pub(crate) fn set_running(&mut self, running: bool) {
        self.running = running;
    }

    /// Whether dropping the task now asks the server to stop the call.
    pub(crate) fn will_cancel(&self) -> bool {
        self.running && self.cancel.is_some() && Handle::try_current().is_ok()
    }
}

impl Drop for DropGuard {
    fn drop(&mut self) {
        if self.running {
            trace::dropped_task(&self.function, self.token_hash, self.cancel.is_some());
            // Without a runtime nothing can be sent.
            if let (Some((connection, token)), Ok(runtime)) = (self.cancel.take(), Handle::try_current()) {
                runtime.spawn(async move { connection.cancel(&token, None).await });
            }
        }
    }
}
