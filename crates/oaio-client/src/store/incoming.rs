//! Files of a download that are not all complete yet.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::folders;
use crate::store::atomic;

/// The folder with the files of an unfinished download. File `index` belongs to the path with this index in the list of
/// attached files.
#[derive(Clone, Debug)]
pub(crate) struct Incoming {
    folder: PathBuf,
}

impl Incoming {
    /// Opens the folder, which is created if it is missing.
    pub(crate) fn open(folder: PathBuf) -> Result<Self, Error> {
        atomic::create_folder(&folder)?;
        Ok(Self { folder })
    }

    /// Returns the place of a file that is not complete.
    pub(crate) fn part(&self, index: usize) -> PathBuf {
        self.folder.join(format!("{index}.part"))
    }

    /// Creates an empty file.
    pub(crate) fn create(&self, index: usize) -> Result<File, Error> {
        let part = self.part(index);
        File::create(&part).map_err(|cause| Error::file(part, "cannot create the file", cause))
    }

    /// Marks a file as complete. It must be synced.
    pub(crate) fn complete(&self, index: usize) -> Result<(), Error> {
        let (part, whole) = (self.part(index), self.whole(index));
        fs::rename(&part, &whole)
            .and_then(|()| atomic::sync_folder_of(&whole))
            .map_err(|cause| Error::file(part, "cannot rename the file", cause))?;
        tracing::trace!("file complete");
        Ok(())
    }

    /// Returns whether a file is complete.
    pub(crate) fn is_complete(&self, index: usize) -> bool {
        self.whole(index).is_file()
    }

    /// Moves all files to their places below `folder`, and removes the folder of the download.
    ///
    /// If it is interrupted, the files that were moved are downloaded again.
    pub(crate) fn move_to(&self, folder: &Path, paths: &[String]) -> Result<(), Error> {
        for (index, path) in paths.iter().enumerate() {
            folders::move_in(&self.whole(index), folder, path)?;
            tracing::trace!("file moved");
        }
        atomic::remove_folder(&self.folder)?;
        atomic::remove_empty(self.folder.parent());
        Ok(())
    }

    fn whole(&self, index: usize) -> PathBuf {
        self.folder.join(index.to_string())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn complete_files_survive_an_interruption() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Incoming::open(folder.path().join("incoming")).unwrap();
        let incoming = open();
        incoming.create(0).unwrap().write_all(b"zero").unwrap();
        incoming.complete(0).unwrap();
        incoming.create(1).unwrap().write_all(b"on").unwrap();
        let incoming = open();
        assert!(incoming.is_complete(0));
        assert!(!incoming.is_complete(1));
        incoming.create(1).unwrap().write_all(b"one").unwrap();
        incoming.complete(1).unwrap();
        let target = folder.path().join("target");
        incoming
            .move_to(&target, &["a/zero".to_owned(), "one".to_owned()])
            .unwrap();
        assert_eq!(fs::read(target.join("a/zero")).unwrap(), b"zero");
        assert_eq!(fs::read(target.join("one")).unwrap(), b"one");
        assert!(!folder.path().join("incoming").exists());
    }

    #[test]
    fn files_that_an_interrupted_move_left_are_not_downloaded_again() {
        let folder = tempfile::tempdir().unwrap();
        let incoming = Incoming::open(folder.path().join("incoming")).unwrap();
        for index in 0..2 {
            incoming.create(index).unwrap();
            incoming.complete(index).unwrap();
        }
        let target = folder.path().join("target");
        fs::create_dir_all(target.join("b")).unwrap();
        let paths = ["a".to_owned(), "b".to_owned()];
        // The second file cannot replace a folder.
        incoming.move_to(&target, &paths).unwrap_err();
        assert!(!incoming.is_complete(0));
        assert!(incoming.is_complete(1));
        fs::remove_dir(target.join("b")).unwrap();
        incoming.create(0).unwrap();
        incoming.complete(0).unwrap();
        incoming.move_to(&target, &paths).unwrap();
        assert_eq!(folders::list(&target).unwrap(), paths);
    }
}
