//! Writes files atomically: to a temporary file in the same folder, which is synced and then renamed.

use std::fs::{self, File, Metadata, OpenOptions, Permissions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// The prefix and suffix of temporary files.
const BEING_WRITTEN: (&str, &str) = (".clientgen-", ".tmp");

/// Replaces files in one folder. All temporary files are written before the first file is replaced, so a full disk or
/// an interrupt during writing leaves all files unchanged.
///
/// A symbolic link is kept, and its target is replaced. A file keeps its permissions. A hard link to the file keeps the
/// old text. A character device or a pipe is not replaced: the text is written to it.
///
/// # Errors
/// A path is a folder, a read-only file, a dangling link or a block device, or a file cannot be written. The error
/// contains the path.
pub fn write<T: AsRef<[u8]>>(files: &[(&Path, T)]) -> io::Result<()> {
    let Some((first, _)) = files.first() else {
        return Ok(());
    };
    let _lock = Lock::of(folder_of(first));
    let staged = files
        .iter()
        .map(|(path, text)| Staged::new(path, folder_of(&target(path)?), text.as_ref()))
        .collect::<io::Result<Vec<_>>>()?;
    staged.into_iter().try_for_each(Staged::finish)
}

/// The folder of a file. It is `.` for a path without a folder.
pub(crate) fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// A text that is ready to replace a file.
#[derive(Debug)]
pub(crate) enum Staged {
    /// A temporary file with the text.
    File {
        /// The file to replace.
        path: PathBuf,
        /// The temporary file.
        written: NamedTempFile,
    },
    /// A text for a character device or a pipe, which cannot be replaced. It is written last.
    Stream {
        /// The device.
        path: PathBuf,
        /// The text.
        text: Vec<u8>,
    },
}

impl Staged {
    /// Writes a text to a temporary file in `folder`. It must be in the same file system as `path`.
    pub(crate) fn new(path: &Path, folder: &Path, text: &[u8]) -> io::Result<Self> {
        let place = target(path)?;
        let found = fs::metadata(&place).ok();
        if found.as_ref().is_some_and(is_stream) {
            return Ok(Self::Stream {
                path: place,
                text: text.to_owned(),
            });
        }
        let write = || {
            let mut file = builder().tempfile_in(folder)?;
            file.write_all(text)?;
            if let Some(found) = &found {
                file.as_file().set_permissions(found.permissions())?;
            }
            file.as_file().sync_all()?;
            Ok(file)
        };
        let written = write().map_err(|error| at(path, error))?;
        Ok(Self::File { path: place, written })
    }

    /// Replaces the file, or writes the text to the device or pipe.
    pub(crate) fn finish(self) -> io::Result<()> {
        match self {
            Self::File { path, written } => {
                written.persist(&path).map_err(|error| at(&path, error.error))?;
                sync_folder(folder_of(&path));
                Ok(())
            }
            Self::Stream { path, text } => {
                let open = OpenOptions::new().write(true).open(&path);
                match open.and_then(|mut stream| stream.write_all(&text)) {
                    // It is not an error if the reader closes the pipe early.
                    Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(at(&path, error)),
                    _ => Ok(()),
                }
            }
        }
    }
}

/// The file to replace: the path itself, or the target of the link.
fn target(path: &Path) -> io::Result<PathBuf> {
    let Ok(itself) = fs::symlink_metadata(path) else {
        return Ok(path.to_owned());
    };
    let rejected = |reason: &str| at(path, io::Error::other(reason.to_owned()));
    let Ok(found) = fs::metadata(path) else {
        return Err(rejected(
            "it is a dangling link; remove it or choose another name",
        ));
    };
    if found.is_dir() {
        return Err(rejected(
            "it is a folder, not a file; remove it or choose another name",
        ));
    }
    if is_stream(&found) {
        return Ok(path.to_owned());
    }
    if !found.is_file() {
        return Err(rejected(
            "it is neither a file, a pipe nor a character device; choose another name",
        ));
    }
    check_writable(path, &found)?;
    if itself.is_symlink() {
        return fs::canonicalize(path).map_err(|error| at(path, error));
    }
    Ok(path.to_owned())
}

/// Checks that a file is not read-only. A rename would replace a read-only file.
pub(crate) fn check_writable(path: &Path, found: &Metadata) -> io::Result<()> {
    if found.permissions().readonly() {
        let reason = "it is read-only; make it writable or choose another name";
        return Err(at(path, io::Error::new(io::ErrorKind::PermissionDenied, reason)));
    }
    Ok(())
}

#[cfg(unix)]
fn is_stream(found: &Metadata) -> bool {
    use std::os::unix::fs::FileTypeExt;
    found.file_type().is_fifo() || found.file_type().is_char_device()
}

#[cfg(not(unix))]
fn is_stream(_: &Metadata) -> bool {
    false
}

/// By default, only the owner can read a temporary file. These files get the permissions that the umask allows.
fn builder() -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(BEING_WRITTEN.0).suffix(BEING_WRITTEN.1);
    if let Some(permissions) = readable_by_all() {
        builder.permissions(permissions);
    }
    builder
}

#[cfg(unix)]
fn readable_by_all() -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn readable_by_all() -> Option<Permissions> {
    None
}

/// Makes renames in a folder durable. Errors are ignored: not every file system supports it, and the file is complete.
fn sync_folder(folder: &Path) {
    if cfg!(unix) {
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

/// Prevents other runs of this program from writing to a folder at the same time, and removes temporary files of killed
/// runs.
///
/// A folder can be locked only on Unix. Without a lock, temporary files still have unique names, so every file contains
/// the complete text of one run.
#[derive(Debug)]
pub(crate) struct Lock {
    _folder: Option<File>,
}

impl Lock {
    pub(crate) fn of(folder: &Path) -> Self {
        let locked = lock(folder);
        if locked.is_some() {
            remove_leftovers(folder);
        }
        Self { _folder: locked }
    }
}

#[cfg(unix)]
fn lock(folder: &Path) -> Option<File> {
    use rustix::fs::{FlockOperation, flock};
    let folder = File::open(folder).ok()?;
    flock(&folder, FlockOperation::LockExclusive).ok()?;
    Some(folder)
}

#[cfg(not(unix))]
fn lock(_: &Path) -> Option<File> {
    None
}

/// Removes temporary files. The lock is held, so they belong to runs that were killed.
fn remove_leftovers(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries {
        let is_file = entry.file_type().is_ok_and(|kind| kind.is_file());
        if is_file && is_being_written(&entry.file_name().to_string_lossy()) {
            // A file that cannot be removed is harmless.
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn is_being_written(name: &str) -> bool {
    let (begin, end) = BEING_WRITTEN;
    let random = name.strip_prefix(begin).and_then(|rest| rest.strip_suffix(end));
    random.is_some_and(|random| random.len() == 6 && random.chars().all(|c| c.is_ascii_alphanumeric()))
}

/// Adds the path to an error.
pub(crate) fn at(path: &Path, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
