//! Writes an export into a folder.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::folder::{manifest_in, path_of};
use super::lock::{self, Staging};
use super::manifest::{self, Manifest, NotRead};
use super::place::Place;
use super::{Export, ExportError};

/// What [`Export::write`] did.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Written {
    /// The number of documents in the folder.
    pub documents: usize,
    /// How many of them are new or changed.
    pub changed: usize,
    /// How many of them an earlier export read, because this one could not.
    pub kept: usize,
    /// The number of files that were removed, because the server does not have their objects any more.
    pub removed: usize,
}

/// The files to write and to remove.
struct Work {
    /// The documents that differ from their files, as numbers of files in the staging folder.
    changed: Vec<Place>,
    stale: Vec<Place>,
}

impl Export {
    /// Writes the export into a folder, which is created. An earlier export of the same server in it is replaced.
    /// Afterwards, the [`manifest`](Self::manifest) also lists the files that were kept.
    ///
    /// - What could not be read keeps the file of the earlier export. The manifest says so, with the time of that
    ///   export.
    /// - Files of objects that the server does not have any more are removed. Files that are not part of the export,
    ///   such as those of git, stay.
    /// - Files that have not changed are not written.
    /// - All changed files are written to the disk before the first one is replaced. A failure before that point, such
    ///   as a full disk, changes nothing. The manifest is written last. If the process is killed while files are
    ///   replaced, [`open`](Self::open) refuses the export, and the next call completes it.
    ///
    /// `replace_other` allows to replace the export of another server.
    ///
    /// # Errors
    /// The folder is not empty and not an export, it has the export of another server, another process writes into it,
    /// or a file cannot be written.
    pub fn write(&mut self, folder: &Path, replace_other: bool) -> Result<Written, ExportError> {
        fs::create_dir_all(folder).map_err(ExportError::file("create", folder))?;
        check_that_it_may_be_replaced(folder)?;
        let staging = Staging::create(folder)?;
        let previous = manifest_in(folder)?;
        if let Some(previous) = previous.as_ref().filter(|_| !replace_other) {
            self.check_that_it_is_the_same_server(folder, previous)?;
        }
        let same_server = previous
            .as_ref()
            .filter(|previous| self.is_of_the_server_of(previous));
        let kept = self.keep(folder, same_server);
        let files: BTreeSet<&Place> = self.manifest.files.iter().collect();
        let old_files = previous.as_ref().map_or(&[][..], |previous| &previous.files);
        let stale = old_files
            .iter()
            .filter(|place| !files.contains(place))
            .cloned()
            .collect();
        let work = Work {
            changed: self.stage(folder, &staging)?,
            stale,
        };
        self.replace(folder, &staging, previous.as_ref(), &work)?;
        Ok(Written {
            documents: self.manifest.files.len(),
            changed: work.changed.len(),
            kept,
            removed: work.stale.len(),
        })
    }

    fn is_of_the_server_of(&self, previous: &Manifest) -> bool {
        self.manifest.server == previous.server && self.manifest.edition() == previous.edition()
    }

    fn check_that_it_is_the_same_server(
        &self,
        folder: &Path,
        previous: &Manifest,
    ) -> Result<(), ExportError> {
        if self.is_of_the_server_of(previous) {
            return Ok(());
        }
        Err(ExportError::OtherServer {
            folder: folder.to_owned(),
            server: previous.server.clone(),
        })
    }

    /// Completes the manifest with the files that are kept. Returns their number.
    fn keep(&mut self, folder: &Path, previous: Option<&Manifest>) -> usize {
        let mut files: BTreeSet<Place> = self.documents.keys().cloned().collect();
        let read = files.len();
        for missing in &mut self.manifest.not_read {
            let Some(previous) = previous else { continue };
            let covered = previous.files.iter().filter(|place| missing.path.covers(place));
            let kept: Vec<&Place> = covered.filter(|place| path_of(folder, place).is_file()).collect();
            if !kept.is_empty() {
                let related = |earlier: &&NotRead| {
                    earlier.path.covers(&missing.path) || missing.path.covers(&earlier.path)
                };
                let earlier = previous.not_read.iter().filter(related);
                // Files of several exports are as old as the oldest one.
                let time = earlier.filter_map(|earlier| earlier.kept_from.clone()).min();
                missing.kept_from = Some(time.unwrap_or_else(|| previous.time.clone()));
                files.extend(kept.into_iter().cloned());
            }
        }
        let kept = files.len() - read;
        self.manifest.files = files.into_iter().collect();
        kept
    }

    /// Writes the documents that differ from their files into the staging folder.
    fn stage(&self, folder: &Path, staging: &Staging) -> Result<Vec<Place>, ExportError> {
        let mut changed = Vec::new();
        for (place, text) in &self.documents {
            let path = path_of(folder, place);
            let is_same = fs::read(&path).is_ok_and(|old| old == text.as_bytes());
            if !is_same {
                let staged = staging.file(changed.len());
                fs::write(&staged, text).map_err(ExportError::file("write", path))?;
                changed.push(place.clone());
            }
        }
        let staged = (0..changed.len()).map(|number| staging.file(number));
        write_all_to_disk(folder, staged).map_err(ExportError::file("write", folder))?;
        Ok(changed)
    }

    /// Replaces the files. The manifest says that the export is incomplete until all files are replaced.
    fn replace(
        &self,
        folder: &Path,
        staging: &Staging,
        previous: Option<&Manifest>,
        work: &Work,
    ) -> Result<(), ExportError> {
        let manifest_file = staging.file(work.changed.len());
        if !work.changed.is_empty() || !work.stale.is_empty() {
            let mut unfinished = previous.unwrap_or(&self.manifest).clone();
            unfinished.complete = false;
            let files = self.manifest.files.iter().chain(&unfinished.files);
            unfinished.files = files.cloned().collect::<BTreeSet<Place>>().into_iter().collect();
            write_manifest(folder, &manifest_file, &unfinished)?;
        }
        for (number, place) in work.changed.iter().enumerate() {
            let path = path_of(folder, place);
            let parent = path.parent().unwrap_or(folder);
            fs::create_dir_all(parent).map_err(ExportError::file("create", parent))?;
            fs::rename(staging.file(number), &path).map_err(ExportError::file("replace", &path))?;
        }
        for place in &work.stale {
            remove(folder, place)?;
        }
        write_manifest(folder, &manifest_file, &self.manifest)
    }
}

/// An export, an empty folder, and a folder with nothing but the files of git may be replaced.
fn check_that_it_may_be_replaced(folder: &Path) -> Result<(), ExportError> {
    if manifest_in(folder)?.is_some() {
        return Ok(());
    }
    for entry in fs::read_dir(folder).map_err(ExportError::file("read", folder))? {
        let name = entry.map_err(ExportError::file("read", folder))?.file_name();
        let name = name.to_string_lossy();
        if !name.starts_with(".git") && name != lock::FOLDER {
            return Err(ExportError::NotAnExport(folder.to_owned()));
        }
    }
    Ok(())
}

fn write_manifest(folder: &Path, staged: &Path, manifest: &Manifest) -> Result<(), ExportError> {
    let path = folder.join(manifest::FILE);
    let text = manifest
        .text()
        .map_err(|error| ExportError::file("write", &path)(error.into()))?;
    write_to_disk(staged, text.as_bytes()).map_err(ExportError::file("write", &path))?;
    fs::rename(staged, &path).map_err(ExportError::file("replace", &path))?;
    sync_folder(folder).map_err(ExportError::file("write", folder))
}

fn write_to_disk(path: &Path, contents: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(contents)?;
    file.sync_all()
}

/// Waits until the files are on the disk. Waiting for each of many files takes minutes, so Linux is asked once.
#[cfg(target_os = "linux")]
fn write_all_to_disk(folder: &Path, files: impl ExactSizeIterator<Item = PathBuf>) -> io::Result<()> {
    if files.len() == 0 {
        return Ok(());
    }
    Ok(rustix::fs::syncfs(File::open(folder)?)?)
}

/// Waits until the files are on the disk.
#[cfg(not(target_os = "linux"))]
fn write_all_to_disk(_: &Path, mut files: impl ExactSizeIterator<Item = PathBuf>) -> io::Result<()> {
    files.try_for_each(|file| File::options().write(true).open(file)?.sync_all())
}

/// Writes the names in a folder to the disk. Windows cannot open a folder like a file.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(folder)?.sync_all()
    } else {
        Ok(())
    }
}

/// Removes a file of the export, and the folders that are empty then.
fn remove(folder: &Path, place: &Place) -> Result<(), ExportError> {
    let path = path_of(folder, place);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            return Err(ExportError::file("remove", path)(error));
        }
        _ => {}
    }
    let parents = path.ancestors().skip(1).take_while(|parent| *parent != folder);
    let parents: Vec<PathBuf> = parents.map(Path::to_owned).collect();
    // A folder with other files stays.
    let _ = parents.iter().try_for_each(fs::remove_dir);
    Ok(())
}
