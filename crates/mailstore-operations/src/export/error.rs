//! The error of exports.

use std::io;
use std::path::PathBuf;

use mailstore_api::printable;

/// Why a configuration cannot be exported, or an export cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// The folder is not empty and not an export. Nothing was changed.
    #[error("`{}` is not empty and is not an export", shown(.0))]
    NotAnExport(PathBuf),
    /// The folder cannot be read as an export.
    #[error("`{}` is not an export: there is no manifest of an export in it", shown(.0))]
    NoManifest(PathBuf),
    /// The export was interrupted. Another export into the same folder completes it.
    #[error("the export in `{}` was interrupted", shown(.0))]
    Incomplete(PathBuf),
    /// A newer version of this program wrote the export.
    #[error("the export in `{}` has the format version {version}, which this program does not know", shown(.folder))]
    Newer {
        /// The folder of the export.
        folder: PathBuf,
        /// The version of its format.
        version: u32,
    },
    /// The folder has the export of another server. Nothing was changed.
    #[error("`{}` has the export of another server: {}", shown(.folder), printable(.server))]
    OtherServer {
        /// The folder of the export.
        folder: PathBuf,
        /// The address of the other server.
        server: String,
    },
    /// Another process writes an export into the same folder. Nothing was changed.
    #[error("another process writes an export into `{}`", shown(.0))]
    Busy(PathBuf),
    /// A file cannot be read or written.
    #[error("cannot {action} `{}`", shown(.path))]
    File {
        /// What failed, such as `write`.
        action: &'static str,
        /// The path of the file.
        path: PathBuf,
        /// The cause.
        #[source]
        cause: io::Error,
    },
    /// A file of an export is not JSON.
    #[error("the file `{}` is damaged", shown(.path))]
    Damaged {
        /// The path of the file.
        path: PathBuf,
        /// The cause, with the place in the file.
        #[source]
        cause: serde_json::Error,
    },
}

impl ExportError {
    /// Makes an error of an I/O error.
    pub(crate) fn file(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |cause| Self::File { action, path, cause }
    }
}

fn shown(path: &std::path::Path) -> String {
    printable(&path.display().to_string()).to_string()
}
