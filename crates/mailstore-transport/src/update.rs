//! One piece of news of a running call.

use std::fmt;

use crate::envelope::Reply;
use crate::status::StatusCode;

/// What a call has done since the last update.
#[derive(Clone)]
#[non_exhaustive]
pub struct Update {
    status: StatusCode,
    version: u64,
    percent: Option<f64>,
    text: Option<String>,
    log: String,
    lines: Vec<String>,
}

impl Update {
    pub(crate) fn new(reply: &Reply, log: String, lines: Vec<String>) -> Self {
        Self {
            status: reply.status.clone(),
            version: reply.version.unwrap_or(0),
            percent: reply.percent,
            text: reply.text.clone(),
            log,
            lines,
        }
    }

    /// How far the call is. The last update of a call has another status than `running`.
    pub fn status(&self) -> &StatusCode {
        &self.status
    }

    /// The server's number of this status, 0 if it gave none; grows with each change, except that the end may come under an old one.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Progress from 0 to 100 for display, if the server gives any. Says nothing about the end: 100 may come early.
    pub fn percent(&self) -> Option<f64> {
        self.percent
            .filter(|percent| !percent.is_nan())
            .map(|percent| percent.clamp(0.0, 100.0))
    }

    /// Progress as the server gave it: any finite number.
    pub fn raw_percent(&self) -> Option<f64> {
        self.percent
    }

    /// A line about what is being done, if the server gives one.
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// New text of the log as the server sent it, `\r\n` and all. Printed one after the other, the texts of all
    /// updates are exactly the server's log.
    pub fn log(&self) -> &str {
        &self.log
    }

    /// Lines of the log that are complete by now, without their ends. The last update also has the line that was
    /// never ended; a line of more than 64 KiB may come in parts.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }
}

/// Without the log, which may be long.
impl fmt::Debug for Update {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Update")
            .field("status", &self.status)
            .field("version", &self.version)
            .field("percent", &self.percent)
            .field("text", &self.text)
            .field("lines", &self.lines.len())
            .finish_non_exhaustive()
    }
}
