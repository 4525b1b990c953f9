//! The editions of `mailstore-api`: `editions.toml`, and the dumps and overlays that it names.

use std::collections::BTreeMap;

use mailstore_codegen::{Generated, Generator, Overlay, Source};
use mailstore_metadata::{Dump, Edition};
use miette::{Context, IntoDiagnostic};
use serde::Deserialize;

/// The overlay that every edition has.
const COMMON: &str = "common.toml";

/// The folder of the files in the repository. Errors and generated files contain it.
const FOLDER: &str = "metadata/mailstore";

/// The command that generates the clients in the repository. The headers of generated files contain it.
pub const CODEGEN: &str = "cargo xtask codegen";

/// Reads a file of the folder `metadata/mailstore`, given by its path below the folder.
pub type Files<'a> = &'a dyn Fn(&str) -> miette::Result<String>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    edition: Vec<Entry>,
}

/// An entry of the list: one edition of `mailstore-api`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Name of the dump.
    pub dump: String,
    /// Names of the overlays below `overlay/`, besides the common one.
    overlays: Vec<String>,
    /// The edition of the simulator for which the dump is the default.
    pub simulator: Option<Edition>,
}

/// The editions, their dumps and their overlays. Each file is read once.
pub struct Editions {
    /// The entries of the list.
    pub editions: Vec<Entry>,
    /// Dumps by file name.
    dumps: BTreeMap<String, Dump>,
    /// Overlays by file name.
    overlays: BTreeMap<String, Overlay>,
}

impl Editions {
    /// Reads the list of editions.
    ///
    /// # Errors
    /// The file cannot be read or is invalid.
    pub fn list(files: Files<'_>) -> miette::Result<Vec<Entry>> {
        let file: File = toml::from_str(&files("editions.toml")?)
            .into_diagnostic()
            .wrap_err_with(|| format!("{FOLDER}/editions.toml is not a list of editions"))?;
        Ok(file.edition)
    }

    /// Reads all dumps and overlays of the clients.
    ///
    /// # Errors
    /// A file cannot be read or is invalid.
    pub fn read(files: Files<'_>) -> miette::Result<Self> {
        let editions = Self::list(files)?;
        let read = |edition: &Entry| {
            let text = files(&edition.dump)?;
            let dump = Dump::parse(&format!("{FOLDER}/{}", edition.dump), text.as_bytes())?;
            Ok((edition.dump.clone(), dump))
        };
        let dumps = editions.iter().map(read).collect::<miette::Result<_>>()?;
        Self::with_dumps(files, editions, dumps)
    }

    /// Like [`read`](Self::read), but uses these dumps. Their keys are the names in the list.
    ///
    /// # Errors
    /// An overlay cannot be read or is invalid.
    pub fn with_dumps(
        files: Files<'_>,
        editions: Vec<Entry>,
        dumps: BTreeMap<String, Dump>,
    ) -> miette::Result<Self> {
        let names = editions.iter().flat_map(|edition| &edition.overlays);
        let mut overlays = BTreeMap::new();
        // Each overlay is parsed once, so that editions can share it.
        for name in names.map(String::as_str).chain([COMMON]) {
            if !overlays.contains_key(name) {
                let text = files(&format!("overlay/{name}"))?;
                let overlay = Overlay::parse(&format!("{FOLDER}/overlay/{name}"), &text)?;
                overlays.insert(name.to_owned(), overlay);
            }
        }
        Ok(Self {
            editions,
            dumps,
            overlays,
        })
    }

    /// Generates the clients of `mailstore-api`.
    ///
    /// # Errors
    /// An overlay does not match the dumps.
    pub fn generate(&self) -> miette::Result<Generated> {
        let source = |edition: &Entry| {
            let overlays = edition.overlays.iter().map(String::as_str).chain([COMMON]);
            Ok(Source {
                dump: self.dump(&edition.dump)?.clone(),
                name: format!("{FOLDER}/{}", edition.dump),
                overlays: overlays
                    .filter_map(|name| self.overlays.get(name))
                    .cloned()
                    .collect(),
            })
        };
        let sources = self
            .editions
            .iter()
            .map(source)
            .collect::<miette::Result<Vec<_>>>()?;
        Ok(Generator::new(CODEGEN)
            .with_examples("mailstore_api")
            .with_shared_trait("Archive", "server", "spe")
            .editions(&sources)?)
    }

    /// The dump with this name.
    ///
    /// # Errors
    /// No edition has the dump.
    pub fn dump(&self, name: &str) -> miette::Result<&Dump> {
        self.dumps
            .get(name)
            .ok_or_else(|| miette::miette!("there is no dump {name}"))
    }
}
