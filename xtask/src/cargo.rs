//! Runs cargo.

use std::process::Command;

use miette::{Context, IntoDiagnostic};

use crate::workspace;

/// A `cargo` command with these arguments in the workspace. It uses the toolchain of this program.
pub(crate) fn cargo(words: &str) -> Command {
    let mut command = mailstore_reach::cargo();
    command.args(words.split(' ')).current_dir(workspace::root());
    command
}

/// Runs a command. Fails if the command cannot be run or fails. Errors contain `what`.
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
