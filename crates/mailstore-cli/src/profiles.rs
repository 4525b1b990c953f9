//! The file with the profiles.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use mailstore_reach::find;
use miette::{Context as _, IntoDiagnostic as _, miette};
use serde::Deserialize;
use toml_edit::{DocumentMut, Item, Table};

use crate::exit::{Code, Failed};
use crate::profile::Profile;
use crate::{access, replace};

/// The name of the file in its folder.
const NAME: &str = "config.toml";

/// The profiles of the user.
pub(crate) struct Profiles {
    path: PathBuf,
    /// The text of the file, with the comments of the user.
    document: DocumentMut,
    contents: Contents,
}

/// The contents of the file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Contents {
    current: Option<String>,
    #[serde(default)]
    profile: BTreeMap<String, Profile>,
}

/// The folder of the file: `MAILSTORE_CONFIG`, or the folder for configuration of this user.
fn folder() -> Result<PathBuf, Failed> {
    if let Some(folder) = std::env::var_os("MAILSTORE_CONFIG").filter(|folder| !folder.is_empty()) {
        return Ok(folder.into());
    }
    let folders = etcetera::choose_base_strategy()
        .into_diagnostic()
        .map_err(Failed::work)?;
    Ok(folders.config_dir().join("mailstore"))
}

impl Profiles {
    /// Reads the file. A missing file has no profiles.
    ///
    /// # Errors
    /// The file cannot be read, is damaged, or other users may change it. It stays as it is.
    pub(crate) fn read() -> Result<Self, Failed> {
        Self::in_folder(&folder()?)
    }

    /// Reads the file in a folder.
    ///
    /// # Errors
    /// Those of [`read`](Self::read).
    pub(crate) fn in_folder(folder: &Path) -> Result<Self, Failed> {
        Self::read_from(folder.join(NAME))
    }

    fn read_from(path: PathBuf) -> Result<Self, Failed> {
        let shown = path.display();
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                String::new()
            }
            Err(error) => {
                return Err(error)
                    .into_diagnostic()
                    .wrap_err_with(|| format!("cannot read {shown}"))
                    .map_err(Failed::usage);
            }
        };
        // An empty file in place of a missing one needs no check.
        if !text.is_empty() {
            access::check_that_only_the_user_may_write(&path)?;
        }
        let contents: Contents = toml::from_str(&text)
            .map_err(|error| damaged(&path, &text, error.span().map(|span| span.start), error.message()))?;
        let document = text
            .parse::<DocumentMut>()
            .map_err(|error| damaged(&path, &text, error.span().map(|span| span.start), error.message()))?;
        let has_command = |profile: &Profile| profile.password_command.is_some();
        if contents.profile.values().any(has_command) {
            access::warn_if_others_may_read(&path);
        }
        Ok(Self {
            path,
            document,
            contents,
        })
    }

    /// The names and the profiles, sorted.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&str, &Profile)> {
        self.contents
            .profile
            .iter()
            .map(|(name, profile)| (name.as_str(), profile))
    }

    /// Returns the profile with this exact name.
    pub(crate) fn get(&self, name: &str) -> Option<&Profile> {
        self.contents.profile.get(name)
    }

    /// Returns the path of the file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns an error if the file cannot be written. Nothing changes, except that the folder is created.
    pub(crate) fn check_that_it_can_be_written(&self) -> Result<(), Failed> {
        replace::check(&self.path).map_err(|error| self.not_written(&error))
    }

    /// Returns a profile by a name that the user typed.
    ///
    /// # Errors
    /// There is no such profile. The error suggests a similar one.
    pub(crate) fn find(&self, name: &str) -> Result<(&str, &Profile), Failed> {
        if let Some((name, profile)) = self.contents.profile.get_key_value(name) {
            return Ok((name, profile));
        }
        let all: Vec<(&str, &Profile)> = self.all().collect();
        if all.is_empty() {
            let report = miette!(
                help = "`mailstore login` creates a profile.",
                "there are no profiles in {}",
                self.path.display()
            );
            return Err(Failed::usage(report));
        }
        find("profile", &all, |(name, _)| name, name)
            .copied()
            .map_err(Failed::usage)
    }

    /// Returns the name of the current profile.
    pub(crate) fn current_name(&self) -> Option<&str> {
        self.contents.current.as_deref().filter(|name| !name.is_empty())
    }

    /// Returns the current profile, or `None` if no profile is current.
    ///
    /// # Errors
    /// The current profile does not exist.
    pub(crate) fn current(&self) -> Result<Option<(&str, &Profile)>, Failed> {
        let Some(current) = self.current_name() else {
            return Ok(None);
        };
        self.find(current).map(Some).map_err(|failed| {
            let report = failed
                .report
                .wrap_err(format!("{}: the current profile is wrong", self.path.display()));
            Failed::usage(report)
        })
    }

    /// Stores a profile and makes it the current one. Returns the path of the file.
    pub(crate) fn store(mut self, name: &str, profile: &Profile) -> Result<PathBuf, Failed> {
        let table = toml_edit::ser::to_document(profile)
            .into_diagnostic()
            .map_err(Failed::work)?;
        let profiles = self.document.entry("profile").or_insert_with(|| {
            let mut profiles = Table::new();
            // Only the tables of the profiles have a line of their own.
            profiles.set_implicit(true);
            Item::Table(profiles)
        });
        if let Some(profiles) = profiles.as_table_like_mut() {
            profiles.insert(name, Item::Table(table.as_table().clone()));
        }
        self.document["current"] = toml_edit::value(name);
        self.write()
    }

    /// Makes a profile the current one.
    pub(crate) fn set_current(mut self, name: &str) -> Result<PathBuf, Failed> {
        self.document["current"] = toml_edit::value(name);
        self.write()
    }

    /// Removes a profile. Returns the others.
    pub(crate) fn remove(mut self, name: &str) -> Result<Vec<Profile>, Failed> {
        if let Some(profiles) = self.document.get_mut("profile").and_then(Item::as_table_like_mut) {
            profiles.remove(name);
        }
        if self.current_name() == Some(name) {
            // The comments at the beginning of the file belong to this line.
            self.document["current"] = toml_edit::value("");
        }
        self.contents.profile.remove(name);
        let others = self.contents.profile.values().cloned().collect();
        self.write()?;
        Ok(others)
    }

    fn write(self) -> Result<PathBuf, Failed> {
        replace::replace(&self.path, self.document.to_string().as_bytes())
            .map_err(|error| self.not_written(&error))?;
        Ok(self.path)
    }

    fn not_written(&self, error: &io::Error) -> Failed {
        Failed::work(miette!(
            help = "Nothing was changed. MAILSTORE_CONFIG chooses another folder.",
            "cannot write {}: {error}",
            self.path.display()
        ))
    }
}

/// The error for a file that cannot be parsed. It does not show the line, because it may contain something private.
fn damaged(path: &Path, text: &str, at: Option<usize>, message: &str) -> Failed {
    let before = at.and_then(|at| text.get(..at));
    let line = before.map_or(1, |before| before.matches('\n').count() + 1);
    Failed::new(
        Code::Usage,
        miette!(
            help = "Correct the line, or move the file away and run `mailstore login` again. The file was not changed.",
            "{}, line {line}: {}",
            path.display(),
            mailstore_reach::printable(message)
        ),
    )
}
