//! The request to restart a simulated server.

use std::sync::mpsc::SyncSender;
use std::time::Duration;

/// A restart that is asked for.
pub(crate) struct Restart {
    /// How long the port refuses connections.
    pub(crate) away: Duration,
    /// Whether the long calls and their tokens survive.
    pub(crate) keep: bool,
    /// Told when the server is away.
    pub(crate) done: Option<SyncSender<()>>,
}
