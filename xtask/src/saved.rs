//! Reads the saved dumps: `metadata/mailstore/<edition>-<version>.json`.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use mailstore_metadata::Dump;
use miette::{Context, IntoDiagnostic};

use crate::workspace;

/// A saved dump with its edition and version.
#[derive(Debug)]
pub(crate) struct SavedDump {
    /// The edition, such as `server` or `spe`.
    pub(crate) edition: String,
    pub(crate) version: Version,
    pub(crate) path: PathBuf,
    pub(crate) dump: Dump,
}

/// The version of a server: numbers with dots, such as `9` or `25.1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version(Vec<u32>);

impl Version {
    /// Parses a version. `None` if the text is not a version.
    fn parse(text: &str) -> Option<Self> {
        let numbers = text.split('.').map(|number| number.parse().ok());
        numbers.collect::<Option<Vec<u32>>>().map(Self)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<String> = self.0.iter().map(u32::to_string).collect();
        f.pad(&numbers.join("."))
    }
}

/// All saved dumps of the workspace, sorted by edition and then from the oldest version to the newest.
pub(crate) fn all() -> miette::Result<Vec<SavedDump>> {
    in_folder(&workspace::path("metadata/mailstore"))
}

fn in_folder(folder: &Path) -> miette::Result<Vec<SavedDump>> {
    let mut dumps = Vec::new();
    for entry in fs::read_dir(folder)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot read {}", folder.display()))?
    {
        let path = entry.into_diagnostic()?.path();
        if path.is_dir() || path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let Some((edition, version)) = name_parts(&path) else {
            miette::bail!(
                help =
                    "Rename the file to <edition>-<version>.json, such as server-24.json or spe-25.1.json.",
                "the name of {} does not contain an edition and a version",
                path.display()
            );
        };
        let dump = workspace::read_dump(&path)?;
        dumps.push(SavedDump {
            edition,
            version,
            path,
            dump,
        });
    }
    dumps.sort_by(|a, b| (&a.edition, &a.version).cmp(&(&b.edition, &b.version)));
    Ok(dumps)
}

/// The edition and version in a file name, such as `server` and 24 in `server-24.json`.
fn name_parts(path: &Path) -> Option<(String, Version)> {
    let (edition, version) = path.file_stem()?.to_str()?.rsplit_once('-')?;
    let is_word = !edition.is_empty() && edition.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    is_word.then_some(())?;
    Some((edition.to_owned(), Version::parse(version)?))
}

#[cfg(test)]
impl SavedDump {
    /// A saved dump without a file, for tests.
    pub(crate) fn sample(edition: &str, version: &str, text: &str) -> Self {
        let name = format!("{edition}-{version}.json");
        Self {
            edition: edition.to_owned(),
            version: Version::parse(version).expect("a version"),
            dump: Dump::parse(&name, text.as_bytes()).expect("a dump"),
            path: name.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(names: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for name in names {
            fs::write(folder.path().join(name), "[]").expect("written");
        }
        folder
    }

    #[test]
    fn dumps_are_sorted_by_edition_and_version() {
        let names = [
            "spe-24.json",
            "server-24.json",
            "server-9.json",
            "server-24.10.json",
            "server-24.2.json",
        ];
        let folder = folder(&names);
        fs::write(folder.path().join("notes.txt"), "").expect("written");
        let dumps = in_folder(folder.path()).expect("all are dumps");
        let found: Vec<String> = dumps
            .iter()
            .map(|saved| format!("{} {}", saved.edition, saved.version))
            .collect();
        assert_eq!(
            found,
            ["server 9", "server 24", "server 24.2", "server 24.10", "spe 24"]
        );
        assert!(dumps[0].path.ends_with("server-9.json"));
    }

    #[test]
    fn a_file_name_must_contain_edition_and_version() {
        for name in [
            "server.json",
            "server-.json",
            "-24.json",
            "server-new.json",
            "server-24..1.json",
        ] {
            let error = in_folder(folder(&[name]).path()).expect_err("the name is incomplete");
            assert!(error.to_string().contains(name), "{error}");
        }
    }

    #[test]
    fn the_dumps_of_the_workspace_are_found() {
        let dumps = all().expect("all files are valid");
        assert!(
            dumps
                .iter()
                .any(|saved| saved.edition == "server" && saved.version == Version(vec![9]))
        );
    }
}
