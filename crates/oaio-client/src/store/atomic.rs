//! Writes files as a whole: a temporary file, sync, rename.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use crate::error::Error;

/// Replaces the content of a file, or creates it. If anything fails, the old content stays.
///
/// `temporary` is a folder on the same file system.
pub(crate) fn write(path: &Path, content: &[u8], temporary: &Path) -> Result<(), Error> {
    let failed = |cause: io::Error| Error::file(path, "cannot write the file", cause);
    let mut file = tempfile::NamedTempFile::new_in(temporary).map_err(failed)?;
    file.write_all(content).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    tracing::trace!("temporary file written");
    file.persist(path).map_err(|error| failed(error.error))?;
    sync_folder_of(path).map_err(failed)?;
    tracing::trace!("file replaced");
    Ok(())
}

/// Removes a file. A missing file is not an error.
pub(crate) fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Ok(()) => {
            sync_folder_of(path).map_err(|cause| Error::file(path, "cannot remove the file", cause))?;
            tracing::trace!("file removed");
            Ok(())
        }
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(cause) => Err(Error::file(path, "cannot remove the file", cause)),
    }
}

/// Removes a folder with everything in it. A missing folder is not an error. Symbolic links are removed and not followed.
pub(crate) fn remove_folder(path: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(path) {
        Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
            Err(Error::file(path, "cannot remove the folder", cause))
        }
        _ => Ok(()),
    }
}

/// Removes a folder if it is empty. Nothing depends on this, so errors do not matter.
pub(crate) fn remove_empty(folder: Option<&Path>) {
    if let Some(folder) = folder {
        let _ = fs::remove_dir(folder);
    }
}

/// Creates a folder and its parents.
pub(crate) fn create_folder(path: &Path) -> Result<(), Error> {
    create_all(path).map_err(|cause| Error::file(path, "cannot create the folder", cause))
}

/// Creates a folder and its parents so that they survive a loss of power.
pub(crate) fn create_all(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        create_all(parent)?;
    }
    match fs::create_dir(path) {
        Err(cause) if cause.kind() != io::ErrorKind::AlreadyExists || !path.is_dir() => Err(cause),
        _ => sync_folder_of(path),
    }
}

/// Reads a file. Returns `None` if there is none.
pub(crate) fn read(path: &Path) -> Result<Option<Vec<u8>>, Error> {
    match fs::read(path) {
        Ok(content) => Ok(Some(content)),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(Error::file(path, "cannot read the file", cause)),
    }
}

/// Makes the creation, a rename or the removal of a file durable. Only Unix can sync folders.
pub(crate) fn sync_folder_of(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(folder) if cfg!(unix) => {
            let folder = match folder.as_os_str().is_empty() {
                true => Path::new("."),
                false => folder,
            };
            ignore_unsupported(File::open(folder).and_then(|folder| folder.sync_all()))
        }
        _ => Ok(()),
    }
}

/// Ignores that a folder cannot be synced: some file systems cannot do this, and some folders cannot be opened although
/// files can be created in them.
pub(crate) fn ignore_unsupported(synced: io::Result<()>) -> io::Result<()> {
    use io::ErrorKind::{InvalidInput, PermissionDenied, Unsupported};

    match synced {
        Err(cause) if matches!(cause.kind(), InvalidInput | PermissionDenied | Unsupported) => Ok(()),
        synced => synced,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_old_content_stays_if_a_write_fails() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        write(&path, b"old", folder.path()).unwrap();
        let missing = folder.path().join("missing");
        let error = write(&path, b"new", &missing).unwrap_err().to_string();
        assert!(error.contains("cannot write the file"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), b"old");
        write(&path, b"new", folder.path()).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
    }

    /// `/dev/full` accepts no byte, like a full disk.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_reported() {
        let error = File::options()
            .write(true)
            .open("/dev/full")
            .unwrap()
            .write_all(b"x")
            .unwrap_err();
        let text = Error::file("/dev/full", "cannot write the file", error).to_string();
        assert!(text.contains("No space left"), "{text}");
    }

    #[test]
    fn removing_is_idempotent() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        write(&path, b"x", folder.path()).unwrap();
        remove(&path).unwrap();
        remove(&path).unwrap();
        assert!(read(&path).unwrap().is_none());
    }
}
