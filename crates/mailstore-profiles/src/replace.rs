//! Replaces a file as a whole.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// Writes a file that only this user can read. After a failure, the file is as before. A device or a pipe gets the
/// contents.
///
/// # Errors
/// The file cannot be written.
pub fn replace(path: &Path, contents: &[u8]) -> io::Result<()> {
    let path = &target(path)?;
    // The name of a device or a pipe must not become the name of a file.
    if fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        return fs::write(path, contents);
    }
    let mut file = temporary(path)?;
    file.write_all(contents)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    // The new name is on the disk, too. Windows cannot open a folder like a file.
    #[cfg(unix)]
    fs::File::open(folder(path))?.sync_all()?;
    Ok(())
}

/// Returns the error that [`replace`] would return because of its folder. The folder is created.
pub(crate) fn check(path: &Path) -> io::Result<()> {
    temporary(&target(path)?)?.close()
}

/// Returns the target of a link, which is replaced in place of the link.
fn target(path: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(path.to_owned()),
        target => target,
    }
}

/// Returns the folder of a file. A name alone is in the current folder.
fn folder(path: &Path) -> &Path {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    parent.unwrap_or(Path::new("."))
}

/// Creates a temporary file beside a file, with access for this user alone.
fn temporary(path: &Path) -> io::Result<NamedTempFile> {
    create(folder(path))?;
    tempfile::Builder::new()
        .prefix(".config-")
        .tempfile_in(folder(path))
}

/// Creates a folder that only this user can read.
fn create(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_and_nothing_else_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/config.toml");
        for text in ["a", "b"] {
            replace(&path, text.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        assert_eq!(path.parent().unwrap().read_dir().unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::{PermissionsExt as _, symlink};
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
            let link = folder.path().join("link");
            symlink(&path, &link).unwrap();
            replace(&link, b"c").unwrap();
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
            assert_eq!(fs::read_to_string(&path).unwrap(), "c");
        }
    }
}
