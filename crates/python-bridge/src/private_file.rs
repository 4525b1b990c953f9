//! Opens a file that only the user of this process can read and write.

use std::fs::{File, OpenOptions};
use std::path::Path;

use crate::error::Error;

/// Opens a file to read it. What is checked is the opened file, and not another file that has its name later.
///
/// # Errors
/// The file cannot be opened, it is no regular file, it belongs to another user, or other users can read it. Windows has no
/// such modes. There, only the kind of the file is checked, and the folder of a user's profile keeps other users away.
pub(crate) fn open(path: &Path) -> Result<File, Error> {
    let cannot_read =
        |error| Error::start(format!("{} cannot be read: {error}", path.display())).because(error);
    let mut options = OpenOptions::new();
    options.read(true);
    do_not_block(&mut options);
    let file = options.open(path).map_err(cannot_read)?;
    match problem(&file).map_err(cannot_read)? {
        None => Ok(file),
        Some(problem) => Err(Error::configuration(format!("{}: {problem}", path.display()))),
    }
}

/// Opening a pipe without a writer would block.
#[cfg(unix)]
fn do_not_block(options: &mut OpenOptions) {
    use std::os::unix::fs::OpenOptionsExt;

    use rustix::fs::OFlags;

    if let Ok(flags) = i32::try_from(OFlags::NONBLOCK.bits()) {
        options.custom_flags(flags);
    }
}

#[cfg(not(unix))]
fn do_not_block(_options: &mut OpenOptions) {}

#[cfg(unix)]
fn problem(file: &File) -> std::io::Result<Option<&'static str>> {
    use std::os::unix::fs::MetadataExt;

    let metadata = file.metadata()?;
    Ok(if !metadata.is_file() {
        Some("this is not a regular file")
    } else if metadata.uid() != rustix::process::geteuid().as_raw() {
        Some("the file belongs to another user. Create it as the user of this program")
    } else if metadata.mode() & 0o077 != 0 {
        Some("other users can read the token. Set the mode of the file to 0600")
    } else {
        None
    })
}

#[cfg(not(unix))]
fn problem(file: &File) -> std::io::Result<Option<&'static str>> {
    let is_file = file.metadata()?.is_file();
    Ok((!is_file).then_some("this is not a regular file"))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn problem_of(path: &Path) -> String {
        open(path).map(drop).unwrap_err().to_string()
    }

    #[test]
    fn a_pipe_is_refused_and_does_not_block() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        rustix::fs::mkfifoat(rustix::fs::CWD, &path, rustix::fs::Mode::from(0o600)).unwrap();
        assert!(problem_of(&path).contains("this is not a regular file"));
    }

    #[test]
    fn a_folder_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(problem_of(folder.path()).contains("this is not a regular file"));
    }

    #[test]
    fn a_file_of_another_user_is_refused() {
        let (own, path) = (rustix::process::geteuid(), Path::new("/etc/passwd"));
        let file = tempfile::NamedTempFile::new().unwrap();
        if own.is_root() {
            let other = rustix::process::Uid::from_raw(65_534);
            rustix::fs::chown(file.path(), Some(other), None).unwrap();
            assert!(problem_of(file.path()).contains("belongs to another user"));
        } else {
            assert!(problem_of(path).contains("belongs to another user"));
        }
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::set_permissions(file.path(), PermissionsExt::from_mode(0o640)).unwrap();
        assert!(problem_of(file.path()).contains("Set the mode of the file to 0600"));
        std::fs::set_permissions(file.path(), PermissionsExt::from_mode(0o600)).unwrap();
        assert!(open(file.path()).is_ok());
    }
}
