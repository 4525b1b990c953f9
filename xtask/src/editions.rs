//! Reads the editions of `mailstore-api`: `metadata/mailstore/editions.toml`, and the dumps and overlays that it names.

use std::collections::BTreeMap;
use std::path::Path;

use mailstore_codegen::{Generated, Generator, Overlay, Source};
use mailstore_metadata::{Dump, Edition};
use miette::{Context, IntoDiagnostic};
use serde::Deserialize;

use crate::workspace;

/// The overlay that every edition has.
const COMMON: &str = "common.toml";

/// The command in the headers of generated files.
pub(crate) const COMMAND: &str = "cargo xtask codegen";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    edition: Vec<Entry>,
}

/// An entry of the list: one edition of `mailstore-api`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    /// Name of the dump below `metadata/mailstore/`.
    pub(crate) dump: String,
    /// Names of the overlays below `metadata/mailstore/overlay/`, besides the common one.
    overlays: Vec<String>,
    /// The edition of the simulator for which the dump is the default.
    pub(crate) simulator: Option<Edition>,
}

/// The editions, their dumps and their overlays. Each file is read once.
pub(crate) struct Editions {
    pub(crate) editions: Vec<Entry>,
    /// Dumps by file name.
    dumps: BTreeMap<String, Dump>,
    /// Overlays by file name.
    overlays: BTreeMap<String, Overlay>,
}

impl Editions {
    /// Reads all dumps and overlays of the clients.
    ///
    /// # Errors
    /// A file cannot be read or is invalid.
    pub(crate) fn read() -> miette::Result<Self> {
        let editions = list()?;
        let folder = workspace::path("metadata/mailstore");
        let read = |edition: &Entry| {
            Ok((
                edition.dump.clone(),
                workspace::read_dump(&folder.join(&edition.dump))?,
            ))
        };
        let dumps = editions.iter().map(read).collect::<miette::Result<_>>()?;
        Self::with_dumps(editions, dumps)
    }

    /// Like [`read`](Self::read), but uses these dumps. Their keys are the names in the list.
    pub(crate) fn with_dumps(editions: Vec<Entry>, dumps: BTreeMap<String, Dump>) -> miette::Result<Self> {
        let names = editions.iter().flat_map(|edition| &edition.overlays);
        let mut overlays = BTreeMap::new();
        // Each overlay is parsed once, so that editions can share it.
        for name in names.map(String::as_str).chain([COMMON]) {
            if !overlays.contains_key(name) {
                let path = workspace::path("metadata/mailstore/overlay").join(name);
                overlays.insert(name.to_owned(), read_overlay(&path)?);
            }
        }
        Ok(Self {
            editions,
            dumps,
            overlays,
        })
    }

    /// Generates the clients of `mailstore-api`.
    pub(crate) fn generate(&self) -> miette::Result<Generated> {
        let source = |edition: &Entry| {
            let overlays = edition.overlays.iter().map(String::as_str).chain([COMMON]);
            Ok(Source {
                dump: self.dump(&edition.dump)?.clone(),
                name: format!("metadata/mailstore/{}", edition.dump),
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
        Ok(Generator::new(COMMAND)
            .with_examples("mailstore_api")
            .with_shared_trait("Archive", "server", "spe")
            .editions(&sources)?)
    }

    /// The dump with this name.
    pub(crate) fn dump(&self, name: &str) -> miette::Result<&Dump> {
        self.dumps
            .get(name)
            .ok_or_else(|| miette::miette!("there is no dump {name}"))
    }
}

/// The editions in the order of the list.
pub(crate) fn list() -> miette::Result<Vec<Entry>> {
    let path = workspace::path("metadata/mailstore/editions.toml");
    let file: File = toml::from_str(&workspace::read(&path)?)
        .into_diagnostic()
        .wrap_err_with(|| format!("{} is not a list of editions", path.display()))?;
    Ok(file.edition)
}

fn read_overlay(path: &Path) -> miette::Result<Overlay> {
    let name = path.strip_prefix(workspace::root()).unwrap_or(path);
    Ok(Overlay::parse(
        &name.display().to_string(),
        &workspace::read(path)?,
    )?)
}
