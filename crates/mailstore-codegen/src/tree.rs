//! Generated files in memory, and how they compare with those on disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use similar::TextDiff;

/// Generated files: paths with `/` below some folder, and their text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    files: BTreeMap<String, String>,
}

/// How a file on disk differs from what would be generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The file is not there.
    Missing {
        /// Its path.
        path: PathBuf,
    },
    /// The file has another text.
    Changed {
        /// Its path.
        path: PathBuf,
        /// Unified diff from the file to what would be generated.
        diff: String,
    },
    /// The file is there and would not be generated.
    Stale {
        /// Its path.
        path: PathBuf,
    },
}

impl FromIterator<(String, String)> for Tree {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(files: I) -> Self {
        Self {
            files: files.into_iter().collect(),
        }
    }
}

impl Tree {
    pub(crate) fn add(&mut self, path: &str, text: String) {
        self.files.insert(path.to_owned(), text);
    }

    /// The files: path below the folder, and text.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The text of one file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Compares with the files below `folder`, which need not exist. Writes nothing.
    ///
    /// Line ends do not count: a checkout may have turned them.
    ///
    /// # Errors
    /// A file or folder cannot be read, or is of another kind than it should be: below `folder` there are files and
    /// folders only. Symbolic links are refused, because a change would reach what they point to.
    pub fn compare(&self, folder: &Path) -> io::Result<Vec<Difference>> {
        let found = found_files(folder)?;
        let mut differences = Vec::new();
        for (name, text) in &self.files {
            let path = folder.join(name);
            if !found.contains_key(name) {
                refuse_folder(&path)?;
                differences.push(Difference::Missing { path });
                continue;
            }
            let bytes = fs::read(&path).map_err(|error| at(&path, error))?;
            match String::from_utf8(bytes) {
                Ok(old) if old.replace("\r\n", "\n") == *text => {}
                Ok(old) => {
                    let diff = unified_diff(&path, &old, text);
                    differences.push(Difference::Changed { path, diff });
                }
                Err(_) => {
                    let diff = format!("{} is no text\n", path.display());
                    differences.push(Difference::Changed { path, diff });
                }
            }
        }
        let stale = found
            .into_iter()
            .filter(|(name, _)| !self.files.contains_key(name));
        differences.extend(stale.map(|(_, path)| Difference::Stale { path }));
        Ok(differences)
    }

    /// Makes the files below `folder` these and no others, and returns what differed. Files that are right already
    /// are not touched.
    ///
    /// # Errors
    /// Those of [`Tree::compare`], before anything is written; or a file cannot be written or removed.
    pub fn write(&self, folder: &Path) -> io::Result<Vec<Difference>> {
        let differences = self.compare(folder)?;
        for difference in &differences {
            if let Difference::Stale { path } = difference {
                fs::remove_file(path).map_err(|error| at(path, error))?;
                remove_empty_folders(path, folder);
            }
        }
        for (name, text) in &self.files {
            let path = folder.join(name);
            let is_this = |difference: &Difference| match difference {
                Difference::Missing { path: other } | Difference::Changed { path: other, .. } => {
                    *other == path
                }
                Difference::Stale { .. } => false,
            };
            if differences.iter().any(is_this) {
                if let Some(parent) = path.parent() {
                    fs::create_dir_all(parent).map_err(|error| at(parent, error))?;
                }
                fs::write(&path, text).map_err(|error| at(&path, error))?;
            }
        }
        Ok(differences)
    }
}

/// All files below a folder: path below it with `/`, and path.
fn found_files(folder: &Path) -> io::Result<BTreeMap<String, PathBuf>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![(String::new(), folder.to_owned())];
    while let Some((above, current)) = folders.pop() {
        let entries = match fs::read_dir(&current) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries.map_err(|error| at(&current, error))?,
        };
        for entry in entries {
            let entry = entry.map_err(|error| at(&current, error))?;
            let path = entry.path();
            let kind = entry.file_type().map_err(|error| at(&path, error))?;
            let name = format!("{above}{}", entry.file_name().to_string_lossy());
            if kind.is_dir() {
                folders.push((name + "/", path));
            } else if kind.is_file() {
                files.insert(name, path);
            } else {
                let message = "neither a file nor a folder; remove it, for generated code has no links";
                return Err(at(&path, io::Error::other(message)));
            }
        }
    }
    Ok(files)
}

/// A folder that stands where a file should be is not removed: nobody knows what is in it.
fn refuse_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Err(at(
            path,
            io::Error::other("a folder stands where a file belongs; remove it"),
        ));
    }
    Ok(())
}

/// Removes the folders between a removed file and `top` that have nothing left in them.
fn remove_empty_folders(file: &Path, top: &Path) {
    for folder in file.ancestors().skip(1).take_while(|folder| *folder != top) {
        // One that is not empty stays, and so do those above it.
        if fs::remove_dir(folder).is_err() {
            return;
        }
    }
}

fn unified_diff(path: &Path, found: &str, wanted: &str) -> String {
    let path = path.display().to_string();
    TextDiff::from_lines(found, wanted)
        .unified_diff()
        .header(&format!("{path} (as it is)"), &format!("{path} (as generated)"))
        .to_string()
}

fn at(path: &Path, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
