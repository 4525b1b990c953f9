//! `mailstore man`: manual pages.

use std::fs;
use std::path::PathBuf;

use clap::Command;
use miette::{Context as _, IntoDiagnostic as _};

use crate::exit::Failed;

/// Write manual pages: one for each command.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The folder for the pages. It is created if it does not exist. Pages in it are replaced.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Writes the pages of `command`.
pub(crate) fn run(arguments: &Arguments, command: Command) -> Result<(), Failed> {
    let out = &arguments.out;
    let cannot = || format!("cannot write the manual pages to {}", out.display());
    fs::create_dir_all(out)
        .into_diagnostic()
        .wrap_err_with(cannot)
        .map_err(Failed::work)?;
    clap_mangen::generate_to(command, out)
        .into_diagnostic()
        .wrap_err_with(cannot)
        .map_err(Failed::work)?;
    mailstore_reach::say!("wrote the manual pages to {}", out.display());
    Ok(())
}
