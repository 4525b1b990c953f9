//! The record of a saved dump: its server, date and origin. The record is a separate file, because a dump contains only
//! the function list.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use mailstore_codegen::input::Input;
use mailstore_metadata::Dump;
use miette::{Context, IntoDiagnostic, miette};
use serde::{Deserialize, Serialize};

use crate::{Edition, Live};

/// The recorded facts. The name of the server is left out, because it is private.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    edition: Edition,
    /// The version that the server returned. Missing if it returned none.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    origin: Origin,
    /// The date in UTC on which the dump was fetched or rebuilt.
    date: Date,
    /// Number of functions in the dump.
    functions: usize,
    /// SHA-256 of the canonical dump, in lower-case hexadecimal digits.
    sha256: String,
}

/// The origin of a dump.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Origin {
    #[serde(rename = "fetched from a server")]
    Fetched,
    #[serde(rename = "rebuilt from public material")]
    Rebuilt,
}

impl Record {
    /// Creates the record of a function list that was just fetched.
    pub fn of(live: &Live) -> Self {
        Self {
            edition: live.edition,
            version: live.version.as_ref().ok().cloned(),
            origin: Origin::Fetched,
            date: Timestamp::now().to_zoned(TimeZone::UTC).date(),
            functions: live.dump.functions().len(),
            sha256: live.dump.digest().to_string(),
        }
    }

    /// Reads a record from a file. `None` if the file does not exist.
    ///
    /// # Errors
    /// The file cannot be read or is not a record.
    pub fn read(path: &Path) -> miette::Result<Option<Self>> {
        let text = match Input::read(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            input => {
                input
                    .into_diagnostic()
                    .wrap_err_with(|| format!("cannot read {}", path.display()))?
                    .text
            }
        };
        let record = toml::from_str(&text)
            .into_diagnostic()
            .wrap_err_with(|| format!("{} is not the record of a dump", path.display()))?;
        Ok(Some(record))
    }

    /// The text of the record's file for the dump with this path.
    ///
    /// # Errors
    /// The record cannot be written as TOML.
    pub fn text(&self, dump: &Path) -> miette::Result<String> {
        let name = dump.file_name().unwrap_or_default().to_string_lossy();
        let members = toml::to_string(self).into_diagnostic()?;
        Ok(format!(
            "# The record of {name}, as `mailstore metadata fetch` writes it.\n{members}"
        ))
    }

    /// Whether both records are the same except for the date.
    pub fn agrees(&self, other: &Self) -> bool {
        let date = self.date;
        *self
            == Self {
                date,
                ..other.clone()
            }
    }

    /// The reason why this is not the record of a dump. `None` if it is.
    fn fault(&self, dump: &Dump) -> Option<String> {
        let (functions, sha256) = (dump.functions().len(), dump.digest().to_string());
        if self.sha256 != sha256 {
            return Some(format!(
                "is the record of another dump: its sha256 is {}, but the dump has {sha256}",
                self.sha256
            ));
        }
        (self.functions != functions)
            .then(|| format!("has {} functions, but the dump has {functions}", self.functions))
    }
}

/// The path of the record of a dump: the path of the dump with the extension `toml`.
pub fn record_path(dump: &Path) -> PathBuf {
    dump.with_extension("toml")
}

/// Fails if the dump with this path has no matching record.
///
/// # Errors
/// The record is missing, cannot be read, or belongs to another dump.
pub fn check_record(path: &Path, dump: &Dump) -> miette::Result<()> {
    let beside = record_path(path);
    let fault = match Record::read(&beside)? {
        None => Some(format!("is missing: the record of {}", path.display())),
        Some(record) => record.fault(dump),
    };
    fault.map_or(Ok(()), |fault| {
        Err(miette!(
            help = format!(
                "If the dump is right, write these lines into its record:\n\nfunctions = {}\nsha256 = \"{}\"\n\n\
                 A record also contains `edition = \"server\"` or `edition = \"spe\"`, a date such as `date = \"2026-01-31\"`, \
                 and `origin = \"rebuilt from public material\"` or `origin = \"fetched from a server\"`. \
                 `mailstore metadata fetch` saves a dump together with its record.",
                dump.functions().len(),
                dump.digest()
            ),
            "{} {fault}",
            beside.display()
        ))
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn live() -> Live {
        let dump = Dump::parse("test.json", br#"[{"name": "A"}, {"name": "B"}]"#).expect("a dump");
        Live {
            dump,
            edition: Edition::Spe,
            version: Ok("24.4".to_owned()),
        }
    }

    /// Checks a dump in a new folder with this record.
    fn check_with(text: Option<&str>) -> Result<(), String> {
        let folder = tempfile::tempdir().expect("a folder");
        let saved = folder.path().join("spe-24.json");
        if let Some(text) = text {
            fs::write(record_path(&saved), text).expect("written");
        }
        check_record(&saved, &live().dump).map_err(|error| format!("{error:?}"))
    }

    fn text() -> String {
        let record = Record::of(&live());
        record
            .text(Path::new("metadata/mailstore/spe-24.json"))
            .expect("it is TOML")
    }

    #[test]
    fn a_record_describes_its_dump() {
        let text = text();
        for part in [
            "# The record of spe-24.json,",
            "edition = \"spe\"",
            "version = \"24.4\"",
            "origin = \"fetched from a server\"",
            "functions = 2",
        ] {
            assert!(text.contains(part), "{part} is missing in {text}");
        }
        assert_eq!(check_with(Some(&text)), Ok(()));
    }

    #[test]
    fn a_record_that_does_not_match_is_rejected() {
        let text = text();
        for (wrong, part) in [
            (None, "is missing"),
            (Some(text.replace("sha256 = \"", "sha256 = \"0")), "another dump"),
            (
                Some(text.replace("functions = 2", "functions = 3")),
                "3 functions",
            ),
            (Some(text.replace("spe\"", "server 8\"")), "not the record"),
            (
                Some(text + "host = \"mailstore.example.com\"\n"),
                "not the record",
            ),
        ] {
            let error = check_with(wrong.as_deref()).expect_err(part);
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn records_with_different_dates_agree() {
        let record = Record::of(&live());
        let earlier = Record {
            date: Date::constant(2020, 1, 1),
            ..record.clone()
        };
        assert!(record.agrees(&earlier));
        let other = Record {
            version: None,
            ..record.clone()
        };
        assert!(!record.agrees(&other));
    }
}
