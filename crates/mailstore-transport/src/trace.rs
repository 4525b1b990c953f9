//! Spans and events: what is done when, without a token, argument, password or word of the log in them.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use mailstore_metadata::Edition;
use tokio::runtime::Handle;
use tracing::{Span, debug, debug_span, warn};

use crate::connection::Connection;
use crate::error::Error;
use crate::function::Effect;
use crate::token::StatusToken;
use crate::update::Update;

/// The span of the first request of a call.
pub(crate) fn call(function: &str, effect: Effect) -> Span {
    debug_span!("mailstore.call", function, effect = effect.as_str())
}

/// The span of one status request.
pub(crate) fn poll(token: &StatusToken, hold: Duration) -> Span {
    debug_span!("mailstore.poll", version = token.version, hold = ?hold)
}

pub(crate) fn update(update: &Update) {
    debug!(
        status = update.status().as_str(),
        version = update.version(),
        percent = update.raw_percent(),
        lines = update.lines().len(),
        "update"
    );
}

pub(crate) fn failed_poll(error: &Error) {
    debug!(%error, "status request failed");
}

pub(crate) fn edition(expected: Edition, found: Edition) {
    if expected == found {
        debug!(edition = found.title(), "edition verified");
    } else {
        warn!(
            expected = expected.title(),
            found = found.title(),
            "the server has the wrong edition: calls that may change it are not sent"
        );
    }
}

pub(crate) fn unverified(error: &Error) {
    debug!(%error, "edition not verified");
}

pub(crate) fn failed_lookup(error: &Error) {
    debug!(%error, "function list request failed");
}

/// Says so when a task is dropped while its call runs; asks the server to stop the call, if that is wanted.
pub(crate) struct Watch {
    cancel: Option<(Connection, StatusToken)>,
    function: String,
    token_hash: u64,
    running: bool,
}

impl Watch {
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

    /// The span of the task. The hash tells tasks apart, also in the logs of several processes.
    pub(crate) fn span(&self) -> Span {
        debug_span!(
            "mailstore.task",
            function = self.function,
            token_hash = format_args!("{:016x}", self.token_hash)
        )
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

impl Drop for Watch {
    fn drop(&mut self) {
        if self.running {
            debug!(
                function = self.function,
                token_hash = format_args!("{:016x}", self.token_hash),
                cancelling = self.cancel.is_some(),
                "task dropped while running"
            );
            // Without a runtime nothing can be sent.
            if let (Some((connection, token)), Ok(runtime)) = (self.cancel.take(), Handle::try_current()) {
                runtime.spawn(async move { connection.cancel(&token, None).await });
            }
        }
    }
}
