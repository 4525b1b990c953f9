//! The folders of attached files. No access leaves them.
//!
//! Paths come from servers, from records and from programs. `cap-std` opens a file below a folder without leaving the
//! folder, also if a symbolic link is put in its place at the same time. Links to places in the folder are followed.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use cap_std::ambient_authority;
use cap_std::fs::Dir;

use crate::error::Error;
use crate::local_state::LocalState;
use crate::object::Object;

mod placing;

/// Finds the folder of the files of an object.
#[derive(Clone, Debug)]
pub(crate) struct Folders {
    root: PathBuf,
    /// How a `_root_path` begins, and the folder that this stands for.
    allowed: Vec<(String, PathBuf)>,
}

impl Folders {
    pub(crate) fn new(root: PathBuf, allowed: Vec<(String, PathBuf)>) -> Self {
        Self { root, allowed }
    }

    /// Returns the folder of the client.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Returns the folder of the files of an object: the folder from which this machine registered them, the folder that
    /// the program allows for its `_root_path`, or its folder in `filez`.
    ///
    /// # Errors
    /// The `_root_path` leaves the allowed folder.
    pub(crate) fn folder_of(&self, object: &Object, state: &LocalState) -> Result<PathBuf, Error> {
        if let Some(folder) = &state.folder {
            return Ok(folder.clone());
        }
        let allowed = object
            .values
            .root_path()
            .map(|root| self.allowed(&root))
            .transpose()?;
        Ok(match allowed.flatten() {
            Some(folder) => folder,
            None => self.root.join("filez").join(object.id.as_str()),
        })
    }

    /// Returns the folder that a program means: an absolute path, or an allowed beginning and the rest.
    ///
    /// # Errors
    /// The path is relative, or it leaves the allowed folder.
    pub(crate) fn resolve(&self, root: &str) -> Result<PathBuf, Error> {
        if let Some(folder) = self.allowed(root)? {
            return Ok(folder);
        }
        match Path::new(root).is_absolute() {
            true => Ok(PathBuf::from(root)),
            false => Err(Error::invalid(format!(
                "the folder {root:?} is neither absolute nor does it begin with a name that `allow_root` defines"
            ))),
        }
    }

    fn allowed(&self, root: &str) -> Result<Option<PathBuf>, Error> {
        for (prefix, folder) in &self.allowed {
            let Some(rest) = root.strip_prefix(prefix.trim_end_matches('/')) else {
                continue;
            };
            match rest.trim_end_matches('/') {
                "" => return Ok(Some(folder.clone())),
                rest => {
                    if let Some(rest) = rest.strip_prefix('/') {
                        check_relative(rest)?;
                        return Ok(Some(folder.join(rest)));
                    }
                }
            }
        }
        Ok(None)
    }
}

/// Checks that a path stays in its folder on every operating system.
///
/// # Errors
/// The path is empty or absolute, or it has parts that are not names.
pub(crate) fn check_relative(path: &str) -> Result<(), Error> {
    let invalid = |problem: &str| {
        let expected = "Use a path relative to the folder, with `/` between its parts";
        Err(Error::invalid(format!(
            "the path {path:?} of a file is invalid: {problem}. {expected}"
        )))
    };
    for part in path.split('/') {
        match part {
            "" => return invalid("it is empty, absolute, or has an empty part"),
            "." | ".." => return invalid("it contains `.` or `..`"),
            part if part.len() > 255 => return invalid("a part is longer than 255 bytes"),
            part if part.eq_ignore_ascii_case(placing::TEMPORARY) => {
                return invalid("it contains the name of the folder for temporary files");
            }
            part if part.contains('\\') => return invalid("it contains a backslash"),
            part if is_on_drive(part) => return invalid("it begins with the letter of a drive"),
            // Windows takes the rest as the name of a stream of the file.
            part if cfg!(windows) && part.contains(':') => return invalid("it contains a colon"),
            part if part.contains(char::is_control) => return invalid("it contains a control character"),
            _ => {}
        }
    }
    Ok(())
}

/// Whether Windows takes the beginning as the letter of a drive.
fn is_on_drive(part: &str) -> bool {
    matches!(part.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic())
}

/// Opens a file for reading. Returns it with its length.
///
/// # Errors
/// The path is invalid, or there is no regular file.
pub(crate) fn open_for_reading(folder: &Path, path: &str) -> Result<(File, u64), Error> {
    check_relative(path)?;
    let failed = |cause| Error::file(folder.join(path), "cannot read the file", cause);
    let dir = open(folder).map_err(failed)?;
    let check = |is_file: bool| match is_file {
        true => Ok(()),
        false => Err(failed(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is not a regular file",
        ))),
    };
    // To open a pipe waits for its other end.
    check(dir.metadata(path).map_err(failed)?.is_file())?;
    let file = dir.open(path).map_err(failed)?;
    let found = file.metadata().map_err(failed)?;
    check(found.is_file())?;
    Ok((file.into_std(), found.len()))
}

/// Returns whether there is a regular file.
///
/// # Errors
/// The path is invalid, or the folder cannot be read.
pub(crate) fn exists(folder: &Path, path: &str) -> Result<bool, Error> {
    check_relative(path)?;
    match open(folder).and_then(|dir| dir.metadata(path)) {
        Ok(found) => Ok(found.is_file()),
        // Errors without a code of the operating system come from `cap-std`: the path leaves the folder.
        Err(cause) if is_missing(&cause) || cause.raw_os_error().is_none() => Ok(false),
        Err(cause) => Err(Error::file(folder.join(path), "cannot read the file", cause)),
    }
}

/// Writes a file as a whole. Creates its folders.
///
/// # Errors
/// The path is invalid or leaves the folder, or the file cannot be written. The old content then stays.
pub(crate) fn write(folder: &Path, path: &str, content: &[u8]) -> Result<(), Error> {
    put(folder, path, &mut io::Cursor::new(content))
}

/// Copies a file to another folder, under the same path.
///
/// # Errors
/// Those of [`open_for_reading`] and [`write`].
pub(crate) fn copy(from: &Path, path: &str, to: &Path) -> Result<(), Error> {
    let (mut file, _) = open_for_reading(from, path)?;
    put(to, path, &mut file)
}

/// Moves a complete file to its place below a folder, which may be on another file system.
///
/// # Errors
/// Those of [`write`].
pub(crate) fn move_in(whole: &Path, folder: &Path, path: &str) -> Result<(), Error> {
    check_relative(path)?;
    placing::move_in(whole, folder, path).map_err(|cause| {
        Error::file(
            folder.join(path),
            "cannot move the downloaded file to its place",
            cause,
        )
    })
}

/// Removes a file. A missing file is not an error.
///
/// # Errors
/// The path is invalid, or the file cannot be removed.
pub(crate) fn remove(folder: &Path, path: &str) -> Result<(), Error> {
    check_relative(path)?;
    match open(folder).and_then(|dir| placing::remove(&dir, path)) {
        Err(cause) if !is_missing(&cause) => {
            Err(Error::file(folder.join(path), "cannot remove the file", cause))
        }
        _ => Ok(()),
    }
}

/// Lists the regular files below a folder, sorted, with `/` between the parts of their paths. Hidden files are included.
/// Files in hidden folders are not, as in the Python client (observed). Symbolic links are left out.
///
/// # Errors
/// The folder cannot be read, or the name of a file is not UTF-8 or is invalid in a path.
pub(crate) fn list(folder: &Path) -> Result<Vec<String>, Error> {
    let mut files = Vec::new();
    let mut folders = vec![String::new()];
    let dir = open(folder).map_err(|cause| Error::file(folder, "cannot read the folder", cause))?;
    while let Some(prefix) = folders.pop() {
        let place = folder.join(&prefix);
        let failed = |cause| Error::file(&place, "cannot read the folder", cause);
        let entries = match prefix.as_str() {
            "" => dir.entries(),
            prefix => dir.read_dir(prefix.trim_end_matches('/')),
        };
        for entry in entries.map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().into_string().map_err(|name| {
                Error::invalid(format!(
                    "the name of the file {} is not UTF-8",
                    place.join(name).display()
                ))
            })?;
            let found = entry.file_type().map_err(failed)?;
            if found.is_dir() && !name.starts_with('.') {
                folders.push(format!("{prefix}{name}/"));
            } else if found.is_file() {
                let path = format!("{prefix}{name}");
                check_relative(&path)?;
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Whether a file does not exist, or one of its folders does not.
fn is_missing(cause: &io::Error) -> bool {
    matches!(
        cause.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

fn open(folder: &Path) -> io::Result<Dir> {
    Dir::open_ambient_dir(folder, ambient_authority())
}

fn put(folder: &Path, path: &str, content: &mut dyn io::Read) -> Result<(), Error> {
    check_relative(path)?;
    placing::write(folder, path, content)
        .map_err(|cause| Error::file(folder.join(path), "cannot write the file", cause))
}

#[cfg(test)]
mod tests;
