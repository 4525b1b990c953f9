//! What can be wrong when a program generates a client of its own.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use mailstore_metadata::DumpError;
use miette::{Diagnostic, NarratableReportHandler};

use crate::error::OverlayError;
use crate::tree::Difference;

/// Why a client was not generated.
///
/// `Debug` is the whole report, place and advice included: that is what a `main` that returns it prints.
#[derive(thiserror::Error, Diagnostic)]
#[non_exhaustive]
pub enum BindingsError {
    /// A file or folder cannot be read.
    #[error("cannot read {}", path.display())]
    #[diagnostic(help(
        "paths count from where the program runs, which for build scripts and tests is the folder of the package"
    ))]
    Read {
        /// Which.
        path: PathBuf,
        /// Why not.
        #[source]
        error: io::Error,
    },
    /// A file or folder cannot be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// Which.
        path: PathBuf,
        /// Why not.
        #[source]
        error: io::Error,
    },
    /// The dump is wrong.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Dump(#[from] DumpError),
    /// An overlay is wrong or does not fit the dump.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Overlay(#[from] OverlayError),
    /// A function was asked for that the dump does not have.
    #[error("there is no function {function} in {dump}")]
    #[diagnostic(help("{}", advice(nearest.as_deref())))]
    NoSuchFunction {
        /// Its name.
        function: String,
        /// The dump.
        dump: String,
        /// The nearest name that exists.
        nearest: Option<String>,
    },
    /// The folder holds a file that was not generated.
    #[error("{} was not generated", path.display())]
    #[diagnostic(help("give a folder of its own: generated files replace whatever is in it"))]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The folder is not what it should be.
    #[error("{}", stale(folder, differences))]
    #[diagnostic(help("write the client anew, and commit what changes"))]
    Stale {
        /// The folder.
        folder: PathBuf,
        /// What is different.
        differences: Vec<Difference>,
    },
    /// `build` was called outside of a build script.
    #[error("there is no OUT_DIR")]
    #[diagnostic(help("`build` is for build scripts; `write` puts the client into a folder"))]
    NoBuildScript,
}

impl BindingsError {
    pub(crate) fn read(path: &Path, error: io::Error) -> Self {
        Self::Read {
            path: path.to_owned(),
            error,
        }
    }

    pub(crate) fn write(path: &Path, error: io::Error) -> Self {
        Self::Write {
            path: path.to_owned(),
            error,
        }
    }
}

impl fmt::Debug for BindingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f)?;
        NarratableReportHandler::new()
            .without_cause_chain()
            .render_report(f, self)?;
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            writeln!(f, "because: {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

fn advice(nearest: Option<&str>) -> String {
    match nearest {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => "functions are named as on the wire, such as `GetStores`".to_owned(),
    }
}

fn stale(folder: &Path, differences: &[Difference]) -> String {
    let mut text = format!("{} is not up to date:", folder.display());
    for difference in differences {
        text.push('\n');
        match difference {
            Difference::Changed { diff, .. } => text.push_str(diff),
            Difference::Missing { path } => text.push_str(&format!("missing: {}", path.display())),
            Difference::Stale { path } => {
                text.push_str(&format!("not generated any more: {}", path.display()))
            }
        }
    }
    text
}
