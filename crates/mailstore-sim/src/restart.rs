//! The request to restart a simulated server.

use std::sync::mpsc::SyncSender;
use std::time::Duration;

/// A requested restart.
pub(crate) struct Restart {
    /// The time for which the port refuses connections.
    pub(crate) away: Duration,
    /// Whether long calls and their tokens persist.
    pub(crate) keep: bool,
    /// Notified after the server has closed its connections.
    pub(crate) done: Option<SyncSender<()>>,
}
