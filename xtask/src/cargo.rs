//! Running cargo itself.

use std::process::Command;

use miette::{Context, IntoDiagnostic};

use crate::workspace;

/// `cargo` with these words, in the workspace, with the same toolchain as this program.
pub(crate) fn cargo(words: &str) -> Command {
    let mut command = mailstore_reach::cargo();
    command.args(words.split(' ')).current_dir(workspace::root());
    command
}

/// Runs a command and fails unless it succeeds.
pub(crate) fn run(command: &mut Command, what: &str) -> miette::Result<()> {
    let status = command
        .status()
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot run {what}"))?;
    if !status.success() {
        miette::bail!("{what} failed");
    }
    Ok(())
}
