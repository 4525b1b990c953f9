//! The folder of a client.
//!
//! Its layout is that of the Python client. That client fails on unknown files in `objz` (observed), so everything else
//! is in `.oaio-client`.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use crate::error::{Error, ErrorKind};
use crate::folders;
use crate::local_state::LocalState;
use crate::object::Object;
use crate::object_id::ObjectId;
use crate::record_file::{self, Unreadable};
use crate::stamp::Stamp;

pub(crate) mod atomic;
mod copies;
mod damaged;
mod incoming;
mod lock;
#[cfg(test)]
mod tests;

pub(crate) use incoming::Incoming;

/// The file with the time of the last complete synchronization.
const LAST_SYNC: &str = "last_sync_stamp.txt";

/// The folder of a client. Only one `Store` can have a folder open.
#[derive(Debug)]
pub(crate) struct Store {
    root: PathBuf,
    is_read_only: bool,
    /// Holds the lock until it is closed.
    _lock: File,
}

/// What [`Store::load`] found.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    pub(crate) objects: BTreeMap<ObjectId, Object>,
    pub(crate) damaged: Vec<Damaged>,
    pub(crate) unsupported: Vec<Unsupported>,
}

/// A file that is not a record.
#[derive(Debug)]
pub(crate) struct Damaged {
    pub(crate) name: String,
    pub(crate) problem: String,
    /// Where it is now. `None` if it was left in place.
    pub(crate) kept_as: Option<PathBuf>,
}

/// A record that the Python client can read, but this client cannot send.
#[derive(Debug)]
pub(crate) struct Unsupported {
    pub(crate) name: String,
    pub(crate) problem: String,
}

impl Store {
    /// Opens the folder, and creates what is missing. Damaged files are not moved if `is_read_only`.
    ///
    /// # Errors
    /// The folder cannot be written, or another client uses it.
    pub(crate) fn open(root: &Path, is_read_only: bool) -> Result<Self, Error> {
        let own = root.join(".oaio-client");
        for folder in [root.join("objz"), root.join("filez"), own.join("tmp")] {
            atomic::create_folder(&folder)?;
        }
        let lock = lock::lock(root, &own.join("lock"))?;
        let store = Self {
            root: root.to_owned(),
            is_read_only,
            _lock: lock,
        };
        // Temporary files of a process that ended early.
        atomic::remove_folder(&store.own("tmp"))?;
        atomic::create_folder(&store.own("tmp"))?;
        if !store.root.join(LAST_SYNC).exists() {
            store.set_last_sync_stamp(Stamp::OLDEST)?;
        }
        Ok(store)
    }

    /// Reads all records. Damaged files are moved aside, so that they are neither lost nor in the way.
    pub(crate) fn load(&self) -> Result<Loaded, Error> {
        let folder = self.root.join("objz");
        let failed = |cause| Error::file(&folder, "cannot read the folder", cause);
        let mut loaded = Loaded::default();
        for entry in fs::read_dir(&folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let found = match self.read_record(&entry.path(), &name) {
                Ok(found) => found,
                // The file may be readable later, so it stays in its place.
                Err(error) => {
                    loaded.damaged.push(Damaged {
                        name,
                        problem: error.to_string(),
                        kept_as: None,
                    });
                    continue;
                }
            };
            match found {
                Ok(object) => _ = loaded.objects.insert(object.id.clone(), object),
                Err(Unreadable::Unsupported(problem)) => {
                    loaded.unsupported.push(Unsupported { name, problem })
                }
                Err(Unreadable::Damaged(problem)) => {
                    loaded.damaged.push(self.set_aside(&entry.path(), name, problem))
                }
            }
        }
        Ok(loaded)
    }

    /// Returns an object.
    ///
    /// # Errors
    /// Its file is damaged or unsupported.
    pub(crate) fn object(&self, id: &ObjectId) -> Result<Option<Object>, Error> {
        let path = self.record_place(id);
        match fs::symlink_metadata(&path) {
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(None),
            _ => {}
        }
        match self.read_record(&path, id.as_str())? {
            Ok(object) => Ok(Some(object)),
            Err(Unreadable::Damaged(problem) | Unreadable::Unsupported(problem)) => {
                Err(Error::new(ErrorKind::Damaged { path, problem }))
            }
        }
    }

    /// Saves an object.
    ///
    /// # Errors
    /// Python cannot hold a value of the object, or the file cannot be written. The old record stays.
    pub(crate) fn save(&self, object: &Object) -> Result<(), Error> {
        let text = record_text(object)?;
        atomic::write(&self.record_place(&object.id), text.as_bytes(), &self.own("tmp"))
    }

    /// Removes an object, its local state and its unfinished download.
    pub(crate) fn remove(&self, id: &ObjectId) -> Result<(), Error> {
        atomic::remove_folder(&self.own("incoming").join(id.as_str()))?;
        atomic::remove(&self.record_place(id))?;
        atomic::remove(&self.state_place(id))
    }

    /// Removes an object, its local state and its files in `filez`. Other files stay. The record is removed last, so that an
    /// interrupted removal can be repeated.
    pub(crate) fn remove_with_files(&self, id: &ObjectId, paths: &[String]) -> Result<(), Error> {
        let folder = self.root.join("filez").join(id.as_str());
        match fs::symlink_metadata(&folder) {
            Ok(found) if found.is_dir() => remove_files(&folder, paths)?,
            Ok(_) => atomic::remove(&folder)?,
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => {}
            Err(cause) => return Err(Error::file(folder, "cannot remove the folder", cause)),
        }
        self.remove(id)
    }

    pub(crate) fn last_sync_stamp(&self) -> Result<Stamp, Error> {
        let path = self.root.join(LAST_SYNC);
        let Some(content) = atomic::read(&path)? else {
            return Ok(Stamp::OLDEST);
        };
        let stamp = String::from_utf8_lossy(&content).trim().parse();
        stamp.map_err(|problem: crate::invalid::Invalid| {
            Error::new(ErrorKind::Damaged {
                path,
                problem: problem.to_string(),
            })
        })
    }

    pub(crate) fn set_last_sync_stamp(&self, stamp: Stamp) -> Result<(), Error> {
        atomic::write(
            &self.root.join(LAST_SYNC),
            stamp.as_str().as_bytes(),
            &self.own("tmp"),
        )
    }

    /// Returns the local state of an object. A damaged file counts as missing, because the state is only a help.
    pub(crate) fn local_state(&self, id: &ObjectId) -> Result<LocalState, Error> {
        let content = atomic::read(&self.state_place(id))?;
        Ok(content.map_or_else(LocalState::default, |content| {
            LocalState::read(&String::from_utf8_lossy(&content))
        }))
    }

    pub(crate) fn save_local_state(&self, id: &ObjectId, state: &LocalState) -> Result<(), Error> {
        if self.local_state(id)? == *state {
            return Ok(());
        }
        if let Some(folder) = state.folder.as_ref().filter(|folder| folder.to_str().is_none()) {
            return Err(Error::invalid(format!(
                "the folder {} cannot be kept, because its path is not UTF-8",
                folder.display()
            )));
        }
        let path = self.state_place(id);
        match *state == LocalState::default() {
            true => atomic::remove(&path),
            false => {
                atomic::create_folder(&self.own("state"))?;
                atomic::write(&path, state.write().as_bytes(), &self.own("tmp"))
            }
        }
    }

    /// Returns the folder for the download of a version. Folders of other versions of the object are removed.
    pub(crate) fn incoming(&self, id: &ObjectId, stamp: Stamp) -> Result<Incoming, Error> {
        let of_object = self.own("incoming").join(id.as_str());
        let folder = of_object.join(stamp.as_str());
        for other in folders_in(&of_object)? {
            if other != folder {
                atomic::remove_folder(&other)?;
            }
        }
        Incoming::open(folder)
    }

    fn read_record(&self, path: &Path, name: &str) -> Result<Result<Object, Unreadable>, Error> {
        let found = fs::symlink_metadata(path);
        let found = found.map_err(|cause| Error::file(path, "cannot read the file", cause))?;
        if !found.is_file() {
            return Ok(Err(Unreadable::Damaged("it is not a regular file".to_owned())));
        }
        let content = atomic::read(path)?.unwrap_or_default();
        let Ok(text) = String::from_utf8(content) else {
            return Ok(Err(Unreadable::Damaged("it is not UTF-8".to_owned())));
        };
        Ok(
            record_file::read(&text).and_then(|object| match object.id.as_str() == name {
                true => Ok(object),
                // The Python client reads it as an object with the name of the file.
                false => Err(Unreadable::Unsupported(format!(
                    "it is the record of the object `{}`",
                    object.id
                ))),
            }),
        )
    }

    fn own(&self, name: &str) -> PathBuf {
        self.root.join(".oaio-client").join(name)
    }

    fn record_place(&self, id: &ObjectId) -> PathBuf {
        self.root.join("objz").join(id.as_str())
    }

    fn state_place(&self, id: &ObjectId) -> PathBuf {
        self.own("state").join(id.as_str())
    }
}

/// Removes files, and the folders that are empty then.
fn remove_files(folder: &Path, paths: &[String]) -> Result<(), Error> {
    for path in paths {
        folders::remove(folder, path)?;
        let place = folder.join(path);
        let parents = place.ancestors().skip(1);
        for parent in parents.take_while(|parent| parent.starts_with(folder)) {
            atomic::remove_empty(Some(parent));
        }
    }
    Ok(())
}

/// Returns the text of a record.
///
/// # Errors
/// Python cannot hold a value of the object.
fn record_text(object: &Object) -> Result<String, Error> {
    let text = record_file::write(object);
    // A record that cannot be read back would be lost for both clients.
    match record_file::read(&text) {
        Ok(_) => Ok(text),
        Err(Unreadable::Damaged(problem) | Unreadable::Unsupported(problem)) => Err(Error::invalid(format!(
            "Python cannot hold a value of the object `{}`: {problem}",
            object.id
        ))),
    }
}

/// Returns the folders in a folder. None if it does not exist.
fn folders_in(folder: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |cause| Error::file(folder, "cannot read the folder", cause);
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(failed(cause)),
    };
    let mut folders = Vec::new();
    for entry in entries {
        let entry = entry.map_err(failed)?;
        if entry.file_type().map_err(failed)?.is_dir() {
            folders.push(entry.path());
        }
    }
    Ok(folders)
}
