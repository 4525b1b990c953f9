//! The request to restart a simulated server.

use std::sync::mpsc::SyncSender;
use std::time::Duration;

/// A requested restart.
pub(crate) struct Restart {
    /// How long the port refuses connections.
    pub(crate) away: Duration,
    /// Whether long calls and their tokens survive.
    pub(crate) keep: bool,
    /// Notified when the server has closed its connections.
    pub(crate) done: Option<SyncSender<()>>,
}
