//! Errors of [`Bindings`](crate::Bindings).

use std::fmt::{self, Write as _};
use std::io;
use std::path::{Path, PathBuf};

use miette::{Diagnostic, NarratableReportHandler};
use wire_values::{Lines, printable};

use crate::error::OverlayError;
use crate::tree::{ADVICE_FOREIGN, Difference, TreeError, not_generated};

/// An error of [`Bindings`](crate::Bindings): why a client was not generated or is not up to date.
///
/// `D` is the error of a function list that cannot be parsed. Each product has its own.
///
/// `Debug` prints the whole report with place and advice, because a `main` that returns an error prints it with
/// `Debug`.
#[derive(thiserror::Error, Diagnostic)]
#[non_exhaustive]
pub enum BindingsError<D: Diagnostic + 'static> {
    /// A file or folder cannot be read.
    #[error("cannot read {}", path.display())]
    #[diagnostic(help(
        "relative paths start at the current folder; in build scripts and tests, this is the folder of the package"
    ))]
    Read {
        /// The path.
        path: PathBuf,
        /// The cause.
        #[source]
        error: io::Error,
    },
    /// A file or folder cannot be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The path.
        path: PathBuf,
        /// The cause.
        #[source]
        error: io::Error,
    },
    /// The dump is invalid.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Dump(D),
    /// An overlay is invalid or does not match the dump.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Overlay(#[from] OverlayError),
    /// The dump does not have a function of [`Bindings::only`](crate::Bindings::only).
    #[error("{} has no function {}", printable(dump), printable(function))]
    #[diagnostic(help("{}", advice(nearest.as_deref())))]
    NoSuchFunction {
        /// The wire name of the function.
        function: String,
        /// The dump.
        dump: String,
        /// The nearest name that exists.
        nearest: Option<String>,
    },
    /// The folder contains a file that was not generated.
    #[error("{}", not_generated(path, generator.as_deref()))]
    #[diagnostic(help("{ADVICE_FOREIGN}"))]
    Foreign {
        /// The file.
        path: PathBuf,
        /// The generator of the other files.
        generator: Option<String>,
    },
    /// The folder is not up to date.
    #[error("{}", stale(folder, differences))]
    #[diagnostic(help("{}", advice_stale(command.as_deref())))]
    Stale {
        /// The command that writes the client, if [`Bindings::command`](crate::Bindings::command) set one.
        command: Option<String>,
        /// The folder.
        folder: PathBuf,
        /// The differences.
        differences: Vec<Difference>,
    },
    /// The dump is of another edition than the known facts that were requested.
    #[error("{} is the function list of {found}, not of {asked}", printable(dump))]
    #[diagnostic(help("{advice}"))]
    OtherEdition {
        /// The dump.
        dump: String,
        /// The product of the dump.
        found: &'static str,
        /// The product of `known`.
        asked: &'static str,
        /// What to do, as a sentence.
        advice: &'static str,
    },
    /// `build` was called outside a build script.
    #[error("the environment variable OUT_DIR is missing")]
    #[diagnostic(help("`build` is for build scripts; use `write` to write the client into a folder"))]
    NoBuildScript,
}

impl<D: Diagnostic + 'static> BindingsError<D> {
    /// The error for a file or folder that cannot be read.
    pub fn read(path: &Path, error: io::Error) -> Self {
        Self::Read {
            path: path.to_owned(),
            error,
        }
    }

    /// Converts the error of a folder. `of` creates the error for I/O: `read` after a comparison, `write` after
    /// writing.
    pub(crate) fn tree(folder: &Path, error: TreeError, of: fn(&Path, io::Error) -> Self) -> Self {
        match error {
            TreeError::Foreign { path, generator } => Self::Foreign { path, generator },
            TreeError::Io(error) => of(folder, error),
        }
    }

    /// The error for a file or folder that cannot be written.
    pub fn write(path: &Path, error: io::Error) -> Self {
        Self::Write {
            path: path.to_owned(),
            error,
        }
    }
}

impl<D: Diagnostic + 'static> fmt::Debug for BindingsError<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut f = Lines(f);
        writeln!(f)?;
        NarratableReportHandler::new()
            .without_cause_chain()
            .render_report(&mut f, self)?;
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            writeln!(f, "because: {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

fn advice_stale(command: Option<&str>) -> String {
    match command {
        Some(command) => format!("run `{command}` and commit the changes"),
        None => "call `Bindings::write` for the same folder and commit the changes".to_owned(),
    }
}

fn advice(nearest: Option<&str>) -> String {
    match nearest {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => "use wire names of functions, such as `GetStores`".to_owned(),
    }
}

fn stale(folder: &Path, differences: &[Difference]) -> String {
    let mut text = format!("{} is not up to date:", folder.display());
    for difference in differences {
        text.push('\n');
        match difference {
            Difference::Changed { diff, .. } => text.push_str(diff),
            Difference::Missing { path } => text.push_str(&format!("missing: {}", path.display())),
            Difference::Stale { path } => text.push_str(&format!("no longer generated: {}", path.display())),
        }
    }
    text
}
