//! The copies of versions that lost a conflict.

use std::path::PathBuf;

use crate::copies::Copy;
use crate::error::{Error, ErrorKind};
use crate::object::Object;
use crate::object_id::ObjectId;
use crate::record_file::Unreadable;
use crate::stamp::Stamp;
use crate::store::{Store, atomic, folders_in, record_text};

/// The file of a copy that has the record.
const RECORD: &str = "record";

impl Store {
    /// Returns the folder for a copy of a version, and whether the copy is complete.
    pub(crate) fn copy_of(&self, object: &Object) -> (PathBuf, bool) {
        let folder = self.copy_place(&object.id, object.client_stamp);
        let is_complete = folder.join(RECORD).exists();
        (folder, is_complete)
    }

    /// Completes the copy of a version, after its files were copied. Returns its folder. Idempotent.
    pub(crate) fn keep_copy(&self, object: &Object) -> Result<PathBuf, Error> {
        let folder = self.copy_place(&object.id, object.client_stamp);
        let text = record_text(object)?;
        atomic::create_folder(&folder)?;
        atomic::write(&folder.join(RECORD), text.as_bytes(), &self.own("tmp"))?;
        Ok(folder)
    }

    /// Returns all copies, ordered by id and stamp.
    ///
    /// # Errors
    /// A folder cannot be read, or the record of a copy is damaged.
    pub(crate) fn copies(&self) -> Result<Vec<Copy>, Error> {
        let mut copies = Vec::new();
        for objects in folders_in(&self.own("copies"))? {
            let name = objects
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            for folder in folders_in(&objects)? {
                let path = folder.join(RECORD);
                // The process ended before the record was written, so nothing was replaced yet.
                if !path.exists() {
                    continue;
                }
                match self.read_record(&path, &name)? {
                    Ok(object) => copies.push(Copy { object, folder }),
                    Err(Unreadable::Damaged(problem) | Unreadable::Unsupported(problem)) => {
                        return Err(Error::new(ErrorKind::Damaged { path, problem }));
                    }
                }
            }
        }
        copies.sort_by(|one, other| {
            (&one.object.id, one.object.client_stamp).cmp(&(&other.object.id, other.object.client_stamp))
        });
        Ok(copies)
    }

    /// Removes a copy and its files. A missing copy is not an error.
    pub(crate) fn remove_copy(&self, id: &ObjectId, stamp: Stamp) -> Result<(), Error> {
        let folder = self.copy_place(id, stamp);
        // Without its record the rest is no copy, so an interrupted removal leaves no incomplete copy.
        atomic::remove(&folder.join(RECORD))?;
        atomic::remove_folder(&folder)?;
        atomic::remove_empty(folder.parent());
        Ok(())
    }

    fn copy_place(&self, id: &ObjectId, stamp: Stamp) -> PathBuf {
        self.own("copies").join(id.as_str()).join(stamp.as_str())
    }
}
