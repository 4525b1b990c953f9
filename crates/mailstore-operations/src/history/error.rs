//! The errors of histories.

use std::io;
use std::path::PathBuf;

/// A history cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HistoryError {
    /// The file does not exist.
    #[error("{} does not exist; the first snapshot creates it", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be opened.
    #[error("cannot open {}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The file cannot be written. Its earlier lines are as before.
    #[error("cannot write {}, whose earlier lines are unchanged", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// Another process is writing the file.
    #[error("another process is writing {}", path.display())]
    Locked {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be locked.
    #[error("cannot lock {}", path.display())]
    Lock {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: io::Error,
    },
    /// The file does not begin with a snapshot, so it is another file.
    #[error("{} is not a history of snapshots: its first line is not a snapshot", path.display())]
    OtherFormat {
        /// The file.
        path: PathBuf,
        /// Why the line is not a snapshot. `None` if the file has no whole line.
        source: Option<serde_json::Error>,
    },
    /// A newer version of this program wrote the line.
    #[error("line {line} of {} has version {version}, and this program reads version {}", path.display(), super::line::VERSION)]
    Newer {
        /// The file.
        path: PathBuf,
        /// The number of the line.
        line: u64,
        /// The version.
        version: u32,
    },
}
