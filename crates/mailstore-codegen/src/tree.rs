//! Generated files in memory, and how they compare with those on disk.

use std::collections::{BTreeMap, BTreeSet};
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

    /// Compares with the files below `folder`. Writes nothing.
    ///
    /// # Errors
    /// A file or folder cannot be read.
    pub fn compare(&self, folder: &Path) -> io::Result<Vec<Difference>> {
        let mut differences = Vec::new();
        for (name, text) in &self.files {
            let path = folder.join(name);
            match fs::read_to_string(&path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    differences.push(Difference::Missing { path });
                }
                Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                    let diff = "the file is no text\n".to_owned();
                    differences.push(Difference::Changed { path, diff });
                }
                Err(error) => return Err(at(&path, error)),
                // A checkout may have turned the line ends.
                Ok(found) if found.replace("\r\n", "\n") == *text => {}
                Ok(found) => {
                    let diff = unified_diff(&path, &found, text);
                    differences.push(Difference::Changed { path, diff });
                }
            }
        }
        let stale = self.stale(folder)?;
        differences.extend(stale.into_iter().map(|path| Difference::Stale { path }));
        Ok(differences)
    }

    /// Makes the files below `folder` these and no others. Files that are right already are not touched.
    ///
    /// # Errors
    /// A file cannot be read, written or removed.
    pub fn write(&self, folder: &Path) -> io::Result<Vec<Difference>> {
        let differences = self.compare(folder)?;
        for difference in &differences {
            match difference {
                Difference::Stale { path } => fs::remove_file(path).map_err(|error| at(path, error))?,
                Difference::Missing { path } | Difference::Changed { path, .. } => {
                    let name = path.strip_prefix(folder).unwrap_or(path);
                    let text = self.get(&slashes(name)).unwrap_or_default();
                    if let Some(parent) = path.parent() {
                        fs::create_dir_all(parent).map_err(|error| at(parent, error))?;
                    }
                    fs::write(path, text).map_err(|error| at(path, error))?;
                }
            }
        }
        Ok(differences)
    }

    /// Files below `folder` that are not of this tree.
    fn stale(&self, folder: &Path) -> io::Result<BTreeSet<PathBuf>> {
        let mut stale = BTreeSet::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(current) = folders.pop() {
            let entries = match fs::read_dir(&current) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                entries => entries.map_err(|error| at(&current, error))?,
            };
            for entry in entries {
                let path = entry.map_err(|error| at(&current, error))?.path();
                if path.is_dir() {
                    folders.push(path);
                } else if !self
                    .files
                    .contains_key(&slashes(path.strip_prefix(folder).unwrap_or(&path)))
                {
                    stale.insert(path);
                }
            }
        }
        Ok(stale)
    }
}

fn unified_diff(path: &Path, found: &str, wanted: &str) -> String {
    let path = path.display().to_string();
    TextDiff::from_lines(found, wanted)
        .unified_diff()
        .header(&format!("{path} (as it is)"), &format!("{path} (as generated)"))
        .to_string()
}

fn slashes(path: &Path) -> String {
    path.components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
}

fn at(path: &Path, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
