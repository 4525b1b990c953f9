//! Finds and reads files of the workspace.

use std::env;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::OnceLock;

use mailstore_codegen::input::Input;
use mailstore_metadata::Dump;
use mailstore_reach::warn;
use miette::{Context, IntoDiagnostic};

/// The root folder of the workspace. It is found at run time, because the program may have been compiled in another
/// clone.
///
/// Ends the program with an error if it is not run in a clone.
pub(crate) fn root() -> &'static Path {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    ROOT.get_or_init(|| {
        find().unwrap_or_else(|| {
            warn!("Error: this folder is not part of the workspace; run `cargo xtask` in a clone of it");
            process::exit(2)
        })
    })
}

/// Finds the root by the variables of `cargo run`. Without them, searches the current folder and the folders above it.
fn find() -> Option<PathBuf> {
    let of_cargo = || {
        let package = env::var("CARGO_PKG_NAME").ok()?;
        let folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR")?);
        let root = folder.parent()?.to_owned();
        (package == env!("CARGO_PKG_NAME") && is_root(&root)).then_some(root)
    };
    of_cargo().or_else(|| {
        let current = env::current_dir().ok()?;
        let above = current.ancestors().find(|folder| is_root(folder))?;
        Some(above.to_owned())
    })
}

fn is_root(folder: &Path) -> bool {
    folder.join("xtask/Cargo.toml").is_file() && folder.join("metadata/mailstore/overlay").is_dir()
}

/// The path of a file of the workspace. `below` is its path below the root.
pub(crate) fn path(below: &str) -> PathBuf {
    root().join(below)
}

/// Reads a text file. Errors contain the path.
pub(crate) fn read(path: &Path) -> miette::Result<String> {
    Ok(input(path)?.text)
}

/// Reads a file of `metadata/mailstore`.
pub(crate) fn metadata(below: &str) -> miette::Result<String> {
    read(&path("metadata/mailstore").join(below))
}

/// Reads a dump: a file, a pipe, or standard input (`-`).
pub(crate) fn read_dump(path: &Path) -> miette::Result<Dump> {
    Ok(Dump::parse(
        &path.display().to_string(),
        input(path)?.text.as_bytes(),
    )?)
}

/// Reads text from a file, a pipe, or standard input (`-`). Errors contain the path.
fn input(path: &Path) -> miette::Result<Input> {
    Input::read(path)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot read {}", path.display()))
}
