//! Where things are in the workspace.

use std::fs;
use std::path::{Path, PathBuf};

use mailstore_metadata::Dump;
use miette::{Context, IntoDiagnostic};

/// The folder of the workspace.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("xtask is a folder of the workspace")
}

/// A file of the workspace, by its path below the root.
pub(crate) fn path(below: &str) -> PathBuf {
    root().join(below)
}

/// Reads a text file, with its path in the error.
pub(crate) fn read(path: &Path) -> miette::Result<String> {
    fs::read_to_string(path)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot read {}", path.display()))
}

/// Reads a dump.
pub(crate) fn read_dump(path: &Path) -> miette::Result<Dump> {
    let bytes = fs::read(path)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot read the dump {}", path.display()))?;
    Ok(Dump::parse(&path.display().to_string(), &bytes)?)
}
