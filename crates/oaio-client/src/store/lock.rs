//! The lock of the folder of a client.

use std::fs::File;
use std::path::Path;

use fs4::{FileExt, TryLockError};

use crate::error::{Error, ErrorKind};

/// Locks a folder with a file. The lock ends when the returned file is closed, or when the process ends.
///
/// # Errors
/// Another process or another client in this process has the lock, or the file system has no locks.
pub(super) fn lock(root: &Path, place: &Path) -> Result<File, Error> {
    let file = File::options()
        .create(true)
        .write(true)
        .truncate(false)
        .open(place);
    let file = file.map_err(|cause| Error::file(place, "cannot open the file", cause))?;
    // The method of the standard library with this name needs a newer compiler than this crate.
    match FileExt::try_lock(&file) {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::new(ErrorKind::Locked {
            root: root.to_owned(),
        })),
        Err(TryLockError::Error(cause)) => Err(Error::file(place, "cannot lock the file", cause)),
    }
}
