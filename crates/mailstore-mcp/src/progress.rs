//! Tells a client about the progress of a call.

use mailstore_transport::{SecretString, Update, printable};
use rmcp::model::{ProgressNotificationParam, ProgressToken};
use rmcp::service::{Peer, RoleServer};

use crate::shown;

/// How much the progress grows if the server has no higher percentage. The protocol requires that it grows.
const SMALLEST: f64 = 0.001;

/// The progress notifications of one call.
pub(crate) struct Progress<'a> {
    /// Nothing is sent to a client that did not ask for it.
    token: Option<ProgressToken>,
    peer: &'a Peer<RoleServer>,
    hidden: &'a [SecretString],
    last: f64,
}

impl<'a> Progress<'a> {
    pub(crate) fn new(
        token: Option<ProgressToken>,
        peer: &'a Peer<RoleServer>,
        hidden: &'a [SecretString],
    ) -> Self {
        Self {
            token,
            peer,
            hidden,
            last: 0.0,
        }
    }

    /// Sends a notification about an update. A client that is gone does not receive it.
    pub(crate) async fn show(&mut self, update: &Update) {
        let Some(token) = self.token.clone() else {
            return;
        };
        self.last = (self.last + SMALLEST).max(update.percent().unwrap_or(0.0));
        let mut notification = ProgressNotificationParam::new(token, self.last).with_total(100.0);
        let text = update.text().or(update.lines().last().map(String::as_str));
        if let Some(text) = text {
            let text = shown::text(text, self.hidden);
            notification = notification.with_message(format!("data from the server: {}", printable(&text)));
        }
        let _ = self.peer.notify_progress(notification).await;
    }

    /// Sends no more notifications.
    pub(crate) fn end(&mut self) {
        self.token = None;
    }
}
