//! Generated files in memory. They can be compared with the files on disk and written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use miette::Diagnostic;
use similar::TextDiff;

use crate::header::{generator_of, is_generated};
use crate::output::{Lock, Staged, at, check_writable, folder_of};

/// Generated files: their paths below a folder, with `/` as separator, and their texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    files: BTreeMap<String, String>,
}

/// The difference between a file on disk and the generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The file does not exist.
    Missing {
        /// The path of the file.
        path: PathBuf,
    },
    /// The file has another text.
    Changed {
        /// The path of the file.
        path: PathBuf,
        /// Unified diff from the file to the generated text.
        diff: String,
    },
    /// The file exists but is no longer generated.
    Stale {
        /// The path of the file.
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
    /// The generator that the marks of the files name. Files on disk with the same mark are replaced and removed.
    fn generator(&self) -> Option<String> {
        self.files.values().find_map(|text| generator_of(text.as_bytes()))
    }

    pub(crate) fn add(&mut self, path: &str, text: String) {
        self.files.insert(path.to_owned(), text);
    }

    /// The files: the path below the folder and the text.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The text of one file.
    pub fn get(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Compares the tree with the files below `folder`. The folder need not exist. Writes nothing.
    ///
    /// Different line ends are ignored, because a checkout may change them. Hidden files and leftovers of editors are
    /// ignored.
    ///
    /// # Errors
    /// [`TreeError::Foreign`] if another program wrote a file. [`TreeError::Io`] if a file or folder cannot be read, or if
    /// the folder contains anything but files and folders. Symbolic links are rejected, because writing would change
    /// their targets.
    pub fn compare(&self, folder: &Path) -> Result<Vec<Difference>, TreeError> {
        let found = found_files(folder)?;
        let generator = self.generator();
        let is_generated = |bytes: &[u8]| {
            generator
                .as_deref()
                .is_some_and(|generator| is_generated(bytes, generator))
        };
        let foreign = |path: PathBuf| TreeError::Foreign {
            path,
            generator: generator.clone(),
        };
        let mut differences = Vec::new();
        for (name, text) in &self.files {
            let path = folder.join(name);
            if !found.contains_key(name) {
                reject_folder(&path)?;
                differences.push(Difference::Missing { path });
                continue;
            }
            let bytes = fs::read(&path).map_err(|error| at(&path, error))?;
            let old = String::from_utf8_lossy(&bytes);
            if old.replace("\r\n", "\n") == *text {
                continue;
            }
            // If the generated text has no mark, as a copy of another file, the file is replaced because of its name.
            if is_generated(text.as_bytes()) && !is_generated(&bytes) && !bytes.trim_ascii().is_empty() {
                return Err(foreign(path));
            }
            let diff = unified_diff(&path, &old, text);
            differences.push(Difference::Changed { path, diff });
        }
        for (name, path) in found {
            if self.files.contains_key(&name) {
                continue;
            }
            let bytes = fs::read(&path).map_err(|error| at(&path, error))?;
            if !is_generated(&bytes) {
                return Err(foreign(path));
            }
            differences.push(Difference::Stale { path });
        }
        Ok(differences)
    }

    /// Writes the tree below `folder`, and removes generated files that do not belong to it. Returns the differences
    /// that were found. Files that are up to date, hidden files and leftovers of editors are not changed.
    ///
    /// All temporary files are written before the first file is replaced, so a full disk or an interrupt
    /// during writing leaves all files unchanged. On Unix, runs for the same folder wait for each other.
    ///
    /// # Errors
    /// Those of [`Tree::compare`], before anything is written. A file is read-only, or cannot be written or removed.
    pub fn write(&self, folder: &Path) -> Result<Vec<Difference>, TreeError> {
        // Compares before the folder is created, so that an error leaves no empty folder.
        self.compare(folder)?;
        fs::create_dir_all(folder).map_err(|error| at(folder, error))?;
        let _lock = Lock::of(folder);
        let differences = self.compare(folder)?;
        let mut staged = Vec::new();
        let mut stale = Vec::new();
        for difference in &differences {
            match difference {
                Difference::Stale { path } => {
                    let found = fs::metadata(path).map_err(|error| at(path, error))?;
                    check_writable(path, &found)?;
                    stale.push(path);
                }
                Difference::Missing { path } | Difference::Changed { path, .. } => {
                    let text = path.strip_prefix(folder).ok().and_then(|name| self.text_at(name));
                    staged.push((
                        path,
                        Staged::new(path, folder, text.unwrap_or_default().as_bytes())?,
                    ));
                }
            }
        }
        // Stale files are removed before new files are written: their names may differ only in case, and a stale file
        // may have the path of a new folder.
        for path in stale {
            fs::remove_file(path).map_err(|error| at(path, error))?;
            remove_empty_folders(path, folder);
        }
        for (path, text) in staged {
            let parent = folder_of(path);
            fs::create_dir_all(parent).map_err(|error| at(parent, error))?;
            text.finish()?;
        }
        Ok(differences)
    }

    /// The text of a file by its path with the separators of this system.
    fn text_at(&self, path: &Path) -> Option<&str> {
        let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
        self.get(&parts.join("/"))
    }
}

/// An error while a folder is compared or written.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[non_exhaustive]
pub enum TreeError {
    /// A file does not have the mark of the generator, so it is neither replaced nor removed.
    #[error("{}", not_generated(path, generator.as_deref()))]
    #[diagnostic(help("{ADVICE_FOREIGN}"))]
    Foreign {
        /// The file.
        path: PathBuf,
        /// The generator of the other files, if they carry a mark.
        generator: Option<String>,
    },
    /// A file or folder cannot be read or written. The error contains the path.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// That a file does not carry the mark of a generator.
pub(crate) fn not_generated(path: &Path, generator: Option<&str>) -> String {
    let generator = generator.unwrap_or("the program that writes this folder");
    format!("{} was not generated by {generator}", path.display())
}

pub(crate) const ADVICE_FOREIGN: &str =
    "nothing was changed; move the file or choose another folder, then run the command again";

/// All files below a folder, except leftovers: the path below the folder with `/` as separator, and the path.
fn found_files(folder: &Path) -> io::Result<BTreeMap<String, PathBuf>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![(String::new(), folder.to_owned())];
    while let Some((above, current)) = folders.pop() {
        let entries = match fs::read_dir(&current) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
                let reason = "it is a file, not a folder; choose another name";
                return Err(at(&current, io::Error::new(error.kind(), reason)));
            }
            entries => entries.map_err(|error| at(&current, error))?,
        };
        for entry in entries {
            let entry = entry.map_err(|error| at(&current, error))?;
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if is_litter(&name) {
                continue;
            }
            let kind = entry.file_type().map_err(|error| at(&path, error))?;
            let name = format!("{above}{name}");
            if kind.is_dir() {
                folders.push((name + "/", path));
            } else if kind.is_file() {
                files.insert(name, path);
            } else {
                let message =
                    "it is neither a file nor a folder; remove it, because generated code has no links";
                return Err(at(&path, io::Error::other(message)));
            }
        }
    }
    Ok(files)
}

/// Whether a file name belongs to a leftover of an editor, merge tool or file manager. Hidden files include the locks
/// of Emacs, which are links, and temporary files of this crate.
fn is_litter(name: &str) -> bool {
    let endings = [
        "~",
        ".swp",
        ".swo",
        ".orig",
        ".rej",
        ".bak",
        ".tmp",
        "___jb_tmp___",
        "___jb_old___",
    ];
    name.starts_with('.')
        || (name.starts_with('#') && name.ends_with('#'))
        || endings.iter().any(|ending| name.ends_with(ending))
        || ["4913", "Thumbs.db", "desktop.ini", "Icon\r"].contains(&name)
}

/// Checks that no folder has the path of a file. The folder is not removed, because its content is unknown.
fn reject_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Err(at(
            path,
            io::Error::other("it is a folder, not a file; remove it"),
        ));
    }
    Ok(())
}

/// Removes the empty folders between a removed file and `top`.
fn remove_empty_folders(file: &Path, top: &Path) {
    for folder in file.ancestors().skip(1).take_while(|folder| *folder != top) {
        // A folder that is not empty is kept, and so are the folders above it.
        if fs::remove_dir(folder).is_err() {
            return;
        }
    }
}

fn unified_diff(path: &Path, found: &str, wanted: &str) -> String {
    let path = path.display().to_string();
    TextDiff::from_lines(found, wanted)
        .unified_diff()
        .header(&format!("{path} (on disk)"), &format!("{path} (generated)"))
        .to_string()
}
