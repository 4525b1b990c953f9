//! The record beside a saved dump: what it is a dump of, and when and how it was had. The dump itself stays pure.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use mailstore_codegen::input::Input;
use mailstore_metadata::Dump;
use mailstore_reach::{Edition, Live};
use miette::{Context, IntoDiagnostic, miette};
use serde::{Deserialize, Serialize};

/// The recorded facts. The name of the server is left out, because it is private.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sidecar {
    edition: Edition,
    /// As the server says it; absent if it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    origin: Origin,
    /// The day, in UTC, on which the dump was fetched or rebuilt.
    date: Date,
    /// How many functions the dump lists.
    functions: usize,
    /// Of the canonical dump, in lower-case hex digits.
    sha256: String,
}

/// Where a dump comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Origin {
    #[serde(rename = "fetched from a server")]
    Fetched,
    #[serde(rename = "rebuilt from public material")]
    Rebuilt,
}

impl Sidecar {
    /// The record of what a server has just told.
    pub(crate) fn of(live: &Live) -> Self {
        Self {
            edition: live.edition,
            version: live.version.as_ref().ok().cloned(),
            origin: Origin::Fetched,
            date: Timestamp::now().to_zoned(TimeZone::UTC).date(),
            functions: live.dump.functions().len(),
            sha256: live.dump.digest().to_string(),
        }
    }

    /// Reads the record in a file; `None` if there is no such file.
    ///
    /// # Errors
    /// The file cannot be read, or is something else than a record.
    pub(crate) fn read(path: &Path) -> miette::Result<Option<Self>> {
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

    /// The record as a file for the dump with this path.
    pub(crate) fn text(&self, dump: &Path) -> miette::Result<String> {
        let name = dump.file_name().unwrap_or_default().to_string_lossy();
        let members = toml::to_string(self).into_diagnostic()?;
        Ok(format!(
            "# What {name} is; `cargo xtask codegen --check` compares the two.\n{members}"
        ))
    }

    /// Whether both say the same of a dump, be it on different days.
    pub(crate) fn agrees(&self, other: &Self) -> bool {
        let date = self.date;
        *self
            == Self {
                date,
                ..other.clone()
            }
    }

    /// What is wrong with it as the record of this dump.
    fn fault(&self, dump: &Dump) -> Option<String> {
        let (functions, sha256) = (dump.functions().len(), dump.digest().to_string());
        if self.sha256 != sha256 {
            return Some(format!(
                "is the record of another dump: its sha256 is {}, and that of the dump is {sha256}",
                self.sha256
            ));
        }
        (self.functions != functions).then(|| {
            format!(
                "says that there are {} functions, and the dump lists {functions}",
                self.functions
            )
        })
    }
}

/// Where the record of a dump is: beside it, with the extension `toml`.
pub(crate) fn path(dump: &Path) -> PathBuf {
    dump.with_extension("toml")
}

/// Fails unless the dump with this path has a record that fits.
pub(crate) fn check(path: &Path, dump: &Dump) -> miette::Result<()> {
    let beside = self::path(path);
    let fault = match Sidecar::read(&beside)? {
        None => Some(format!("is missing: the record of {}", path.display())),
        Some(record) => record.fault(dump),
    };
    fault.map_or(Ok(()), |fault| {
        Err(miette!(
            help = format!(
                "If the dump is right, its record has these lines:\n\nfunctions = {}\nsha256 = \"{}\"\n\n\
                 A record also says `edition = \"server\"` or `edition = \"spe\"`, a date such as `date = \"2026-01-31\"`, \
                 and `origin = \"rebuilt from public material\"` or `origin = \"fetched from a server\"`. \
                 `cargo xtask fetch` saves a dump together with its record.",
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

    /// A dump in a new folder, with this record.
    fn check_with(text: Option<&str>) -> Result<(), String> {
        let folder = tempfile::tempdir().expect("a folder");
        let saved = folder.path().join("spe-24.json");
        if let Some(text) = text {
            fs::write(path(&saved), text).expect("written");
        }
        check(&saved, &live().dump).map_err(|error| format!("{error:?}"))
    }

    fn text() -> String {
        let record = Sidecar::of(&live());
        record
            .text(Path::new("metadata/spe-24.json"))
            .expect("it is TOML")
    }

    #[test]
    fn a_record_says_what_the_dump_is_and_fits_it() {
        let text = text();
        for part in [
            "# What spe-24.json is;",
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
    fn a_record_that_does_not_fit_is_found() {
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
    fn the_day_alone_is_no_difference() {
        let record = Sidecar::of(&live());
        let earlier = Sidecar {
            date: Date::constant(2020, 1, 1),
            ..record.clone()
        };
        assert!(record.agrees(&earlier));
        let other = Sidecar {
            version: None,
            ..record.clone()
        };
        assert!(!record.agrees(&other));
    }
}
