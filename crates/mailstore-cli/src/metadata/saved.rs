//! Reads saved dumps: `<edition>-<version>.json`.

use std::fmt;
use std::fs;
use std::path::Path;

use mailstore_codegen::input::Input;
use mailstore_metadata::Dump;
use miette::{Context as _, IntoDiagnostic as _};

use crate::built_in;

/// A saved dump with its edition and version.
#[derive(Debug)]
pub(super) struct SavedDump {
    /// The edition, such as `server` or `spe`.
    pub(super) edition: String,
    pub(super) version: Version,
    /// The name of the file.
    pub(super) file: String,
    pub(super) dump: Dump,
}

/// The version of a server: numbers with dots, such as `9` or `25.1`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version(Vec<u32>);

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

/// The dumps of this program, sorted by edition and then from the oldest version to the newest.
pub(super) fn built_in() -> miette::Result<Vec<SavedDump>> {
    let dumps = built_in::lists().map(|(file, text)| SavedDump::parse(Path::new(file), text.as_bytes()));
    Ok(sorted(dumps.collect::<miette::Result<_>>()?))
}

/// The dumps in a folder, in the same order.
pub(super) fn in_folder(folder: &Path) -> miette::Result<Vec<SavedDump>> {
    let mut dumps = Vec::new();
    for entry in fs::read_dir(folder)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot read {}", folder.display()))?
    {
        let path = entry.into_diagnostic()?.path();
        if path.is_dir() || path.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let text = Input::read(&path)
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot read {}", path.display()))?
            .text;
        dumps.push(SavedDump::parse(&path, text.as_bytes())?);
    }
    if dumps.is_empty() {
        miette::bail!(
            help = "Their names are <edition>-<version>.json, such as server-24.json.",
            "{} contains no function lists",
            folder.display()
        );
    }
    Ok(sorted(dumps))
}

fn sorted(mut dumps: Vec<SavedDump>) -> Vec<SavedDump> {
    dumps.sort_by(|a, b| (&a.edition, &a.version).cmp(&(&b.edition, &b.version)));
    dumps
}

impl SavedDump {
    fn parse(path: &Path, text: &[u8]) -> miette::Result<Self> {
        let Some((edition, version)) = name_parts(path) else {
            miette::bail!(
                help =
                    "Rename the file to <edition>-<version>.json, such as server-24.json or spe-25.1.json.",
                "the name of {} does not contain an edition and a version",
                path.display()
            );
        };
        Ok(Self {
            edition,
            version,
            file: path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            dump: Dump::parse(&path.display().to_string(), text)?,
        })
    }
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
    pub(super) fn sample(edition: &str, version: &str, text: &str) -> Self {
        let name = format!("{edition}-{version}.json");
        Self::parse(Path::new(&name), text.as_bytes()).expect("a dump")
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
        assert!(dumps[0].file == "server-9.json");
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
    fn the_dumps_of_this_program_are_found() {
        let dumps = built_in().expect("all files are valid");
        assert!(
            dumps
                .iter()
                .any(|saved| saved.edition == "server" && saved.version == Version(vec![9]))
        );
    }
}
