//! The folder for unfinished files, which also keeps two processes from writing the same export.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use fs4::{FileExt, TryLockError};

use super::ExportError;

/// The name of the folder. It exists only while an export is written, or after a process was killed.
pub(super) const FOLDER: &str = ".mailstore-export";
const LOCK: &str = "lock";

/// The folder for unfinished files in the folder of an export. It is deleted when the value is dropped.
#[derive(Debug)]
pub(super) struct Staging {
    path: PathBuf,
    _lock: File,
}

impl Staging {
    /// Creates the folder without files. Files of a process that was killed are deleted.
    pub(super) fn create(export: &Path) -> Result<Self, ExportError> {
        let path = export.join(FOLDER);
        fs::create_dir_all(&path).map_err(ExportError::file("create", &path))?;
        let lock_path = path.join(LOCK);
        let lock = File::options()
            .create(true)
            .write(true)
            .truncate(false)
            .open(&lock_path)
            .map_err(ExportError::file("open", &lock_path))?;
        // The method of the standard library with this name needs a newer compiler than this crate.
        match FileExt::try_lock(&lock) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(ExportError::Busy(export.to_owned())),
            Err(TryLockError::Error(cause)) => return Err(ExportError::file("lock", &lock_path)(cause)),
        }
        let staging = Self { path, _lock: lock };
        staging
            .clear()
            .map_err(ExportError::file("clear", &staging.path))?;
        Ok(staging)
    }

    /// Returns the path of a file in the folder.
    pub(super) fn file(&self, number: usize) -> PathBuf {
        self.path.join(number.to_string())
    }

    fn clear(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            if entry.file_name() != LOCK {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // The next export deletes what stays.
        let _ = fs::remove_dir_all(&self.path);
    }
}
