//! Puts files into their places below a folder, as a whole.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};

use crate::store::atomic::{self, ignore_unsupported};

/// The hidden folder for temporary files. It exists only while a file is written, so no file can have this name.
pub(super) const TEMPORARY: &str = ".oaio-client-part";

/// Held while a file is written, because each write removes the folder for temporary files in the end.
static WRITING: Mutex<()> = Mutex::new(());

/// Writes a file as a whole: beside its place, synced, and renamed. Creates its folders.
pub(super) fn write(folder: &Path, path: &str, content: &mut dyn io::Read) -> io::Result<()> {
    let _one_at_a_time = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let (dir, name) = parent(folder, path)?;
    let temporary = Temporary::new(&dir)?;
    temporary.write(content)?;
    tracing::trace!("temporary file written");
    dir.rename(&temporary.path, &dir, name)?;
    sync(&dir)?;
    tracing::trace!("file replaced");
    Ok(())
}

/// Moves a complete file to its place. It is copied if its place is on another file system.
pub(super) fn move_in(whole: &Path, folder: &Path, path: &str) -> io::Result<()> {
    let (Some(from), Some(file)) = (whole.parent(), whole.file_name()) else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    let from = Dir::open_ambient_dir(from, ambient_authority())?;
    let (dir, name) = parent(folder, path)?;
    match from.rename(file, &dir, name) {
        Ok(()) => {
            sync(&dir)?;
            tracing::trace!("file replaced");
            Ok(())
        }
        Err(cause) if cause.kind() == io::ErrorKind::CrossesDevices => {
            write(folder, path, &mut from.open(file)?)?;
            remove(&from, file)
        }
        Err(cause) => Err(cause),
    }
}

/// Removes a file.
pub(super) fn remove(dir: &Dir, path: impl AsRef<Path>) -> io::Result<()> {
    dir.remove_file(path)?;
    tracing::trace!("file removed");
    Ok(())
}

/// Opens the folder of a file, which is created if it is missing. Returns it with the name of the file.
fn parent<'a>(folder: &Path, path: &'a str) -> io::Result<(Dir, &'a str)> {
    atomic::create_all(folder)?;
    let dir = Dir::open_ambient_dir(folder, ambient_authority())?;
    let Some((parent, name)) = path.rsplit_once('/') else {
        return Ok((dir, path));
    };
    if !dir.is_dir(parent) {
        dir.create_dir_all(parent)?;
        for created in Path::new(parent).ancestors().skip(1) {
            match created.as_os_str().is_empty() {
                true => sync(&dir)?,
                false => sync(&dir.open_dir(created)?)?,
            }
        }
    }
    Ok((dir.open_dir(parent)?, name))
}

/// Makes the changes of a folder durable. Only Unix can sync folders.
fn sync(dir: &Dir) -> io::Result<()> {
    match cfg!(unix) {
        true => ignore_unsupported(dir.open(".").and_then(|dir| dir.into_std().sync_all())),
        false => Ok(()),
    }
}

/// A file in a hidden folder beside its final place. The folder is removed when this is dropped.
///
/// Files in hidden folders are never registered. So a file that an interrupted write left is not registered either. The
/// next write to the same folder removes it.
struct Temporary<'a> {
    dir: &'a Dir,
    path: String,
}

impl<'a> Temporary<'a> {
    fn new(dir: &'a Dir) -> io::Result<Self> {
        dir.create_dir_all(TEMPORARY)?;
        // Another process may write to the same folder, so the name is random.
        let random = RandomState::new().build_hasher().finish();
        Ok(Self {
            dir,
            path: format!("{TEMPORARY}/{random:016x}"),
        })
    }

    fn write(&self, content: &mut dyn io::Read) -> io::Result<()> {
        let options = OpenOptions::new().create_new(true).write(true).clone();
        let mut file = self.dir.open_with(&self.path, &options)?.into_std();
        io::copy(content, &mut file)?;
        file.sync_all()
    }
}

impl Drop for Temporary<'_> {
    fn drop(&mut self) {
        // A folder that stays is used by the next write.
        let _ = self.dir.remove_dir_all(TEMPORARY);
    }
}
