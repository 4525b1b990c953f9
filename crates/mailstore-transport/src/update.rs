//! One update of a running call.

use std::fmt;

use wire_values::printable;

use crate::envelope::Reply;
use crate::status::StatusCode;

/// The changes of a call since its last update.
///
/// A response of the server with more than 128 KiB of log is returned in several updates with the same version.
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
    pub(crate) fn new(reply: &Reply, status: &StatusCode, log: String, lines: Vec<String>) -> Self {
        Self {
            status: status.clone(),
            version: reply.version.unwrap_or(0),
            percent: reply.percent,
            text: reply.text.clone(),
            log,
            lines,
        }
    }

    /// The status of the call. The last update of a call has another status than `running`.
    pub fn status(&self) -> &StatusCode {
        &self.status
    }

    /// The server's version number of this status; 0 if it is missing. It grows with each change, except that the last
    /// status may have an old version.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Progress from 0 to 100 for display, if the server returns it. It may reach 100 before the end of the call.
    pub fn percent(&self) -> Option<f64> {
        self.percent
            .filter(|percent| !percent.is_nan())
            .map(|percent| percent.clamp(0.0, 100.0))
    }

    /// Progress as the server returned it: any finite number.
    pub fn raw_percent(&self) -> Option<f64> {
        self.percent
    }

    /// A line that describes the current step, if the server returns one.
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// New text of the log as the server sent it, including `\r\n`. The strings of all updates together are exactly the
    /// server's log.
    ///
    /// Nothing is cut out or escaped. It contains what the server echoed, which may be secret arguments of the call, and
    /// may contain characters that control a terminal.
    pub fn log(&self) -> &str {
        &self.log
    }

    /// New complete lines of the log, without line ends. The last update also contains a last line without a line end.
    /// A line of more than 64 KiB may be split.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }
}

/// Omits the log, because it may be long and may contain personal data.
impl fmt::Debug for Update {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Update")
            .field("status", &self.status)
            .field("version", &self.version)
            .field("percent", &self.percent)
            .field("text", &self.text.as_deref().map(printable))
            .field("lines", &self.lines.len())
            .finish_non_exhaustive()
    }
}
