//! The file that describes an export.

use mailstore_api::{Edition, Timestamp};
use serde::{Deserialize, Serialize};

use super::place::Place;

/// The name of the file.
pub(crate) const FILE: &str = "manifest.json";
/// The mark of an export.
const FORMAT: &str = "mailstore-export";
/// The version of the layout. A change that older programs cannot read raises it.
const VERSION: u32 = 1;

/// What an export contains, and what it does not contain. It is the only file with the time and the version of the tool.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Manifest {
    format: String,
    format_version: u32,
    /// `false` while the files of an export are replaced. It stays `false` if this is interrupted.
    pub(crate) complete: bool,
    edition: String,
    /// The address of the server.
    pub(crate) server: String,
    pub(crate) server_version: Option<String>,
    pub(crate) time: String,
    pub(crate) tool: String,
    /// What could not be read, or was not chosen.
    pub(crate) not_read: Vec<NotRead>,
    /// The documents, sorted.
    pub(crate) files: Vec<Place>,
}

/// A part of the configuration that an export does not contain.
#[derive(Clone, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct NotRead {
    pub(crate) path: Place,
    pub(crate) cause: Cause,
    pub(crate) reason: String,
    /// The time of the export that read the files which are still there. `None` if there are no files.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub(crate) kept_from: Option<String>,
}

/// Why an export does not contain a part of the configuration.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The part could not be read.
    Failed,
    /// The server does not have the function.
    NotSupported,
    /// The instance was not chosen.
    NotChosen,
}

impl NotRead {
    pub(crate) fn new(path: Place, cause: Cause, reason: impl Into<String>) -> Self {
        Self {
            path,
            cause,
            reason: reason.into(),
            kept_from: None,
        }
    }

    /// Returns the place as a path in the export: a file, or a folder for all files in it.
    pub fn path(&self) -> String {
        self.path.to_string()
    }

    /// Returns why the part is missing.
    pub fn cause(&self) -> Cause {
        self.cause
    }

    /// Returns the reason for people. It may contain text from the server, without secrets.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Returns the time of the earlier export that read the files which are still there. Returns `None` if there are
    /// no files.
    pub fn kept_from(&self) -> Option<&str> {
        self.kept_from.as_deref()
    }
}

impl Manifest {
    pub(crate) fn new(edition: Edition, server: &str, now: Timestamp, tool: &str) -> Self {
        let seconds = Timestamp::from_second(now.as_second()).unwrap_or(now);
        Self {
            format: FORMAT.to_owned(),
            format_version: VERSION,
            complete: true,
            edition: edition.as_str().to_owned(),
            server: server.to_owned(),
            server_version: None,
            time: seconds.to_string(),
            tool: tool.to_owned(),
            not_read: Vec::new(),
            files: Vec::new(),
        }
    }

    /// Returns the edition of the server: `server` or `spe`.
    pub fn edition(&self) -> &str {
        &self.edition
    }

    /// Returns the address of the server.
    pub fn server(&self) -> &str {
        &self.server
    }

    /// Returns the version of the server, if it is known.
    pub fn server_version(&self) -> Option<&str> {
        self.server_version.as_deref()
    }

    /// Returns the time of the export in UTC, such as `2026-11-28T07:41:02Z`.
    pub fn time(&self) -> &str {
        &self.time
    }

    /// Returns what the export does not contain, sorted by path.
    pub fn not_read(&self) -> &[NotRead] {
        &self.not_read
    }

    /// Returns whether a part could not be read. Parts that the server does not have or that were not chosen do not
    /// count.
    pub fn is_partial(&self) -> bool {
        self.not_read.iter().any(|missing| missing.cause == Cause::Failed)
    }

    /// Returns whether the export contains a current document for this place.
    pub(crate) fn has_current(&self, place: &Place) -> bool {
        !self.not_read.iter().any(|missing| missing.path.covers(place))
    }

    /// Returns the text of the file.
    pub(crate) fn text(&self) -> Result<String, serde_json::Error> {
        Ok(mailstore_api::printable_json(&serde_json::to_string_pretty(self)?) + "\n")
    }

    /// Parses the text of the file. Returns `None` if it is not the manifest of an export, and the version of the
    /// layout if it is newer than that of this program.
    pub(crate) fn parse(text: &[u8]) -> Option<Result<Self, Unreadable>> {
        let mark: Mark = serde_json::from_slice(text).ok()?;
        if mark.format != FORMAT {
            return None;
        }
        if mark.format_version > VERSION {
            return Some(Err(Unreadable::Newer(mark.format_version)));
        }
        Some(serde_json::from_slice(text).map_err(Unreadable::Damaged))
    }
}

/// The members that every version of a manifest has.
#[derive(Deserialize)]
struct Mark {
    format: String,
    format_version: u32,
}

/// Why the manifest of an export cannot be used.
#[derive(Debug)]
pub(crate) enum Unreadable {
    /// The version of its layout is newer.
    Newer(u32),
    Damaged(serde_json::Error),
}
