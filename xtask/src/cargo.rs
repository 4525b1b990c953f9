//! Runs cargo.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use miette::{Context, IntoDiagnostic};
use serde_json::Value;

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

/// Builds an example and returns the path of its program.
pub(crate) fn example(name: &str) -> miette::Result<PathBuf> {
    build(&["--example", name], name)
}

/// Builds a program of the workspace and returns its path.
pub(crate) fn program(name: &str) -> miette::Result<PathBuf> {
    // With an example, cargo uses the features of the dependencies that tests use. Without one, it would compile most
    // dependencies again.
    build(&["--bin", name, "--example", "tour"], name)
}

/// Builds targets and returns the path of the program with this name.
///
/// The other options are those of `cargo xtask test`, so that both use the same compiled crates.
fn build(targets: &[&str], name: &str) -> miette::Result<PathBuf> {
    let what = format!("`cargo build {}`", targets.join(" "));
    let mut build =
        cargo("build --quiet --workspace --all-features --message-format=json-render-diagnostics");
    let output = build
        .args(targets)
        .stderr(Stdio::inherit())
        .output()
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot run {what}"))?;
    if !output.status.success() {
        miette::bail!("{what} failed");
    }
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|message| serde_json::from_str::<Value>(message).ok())
        .filter(|message| message["target"]["name"] == name)
        .find_map(|message| message["executable"].as_str().map(PathBuf::from))
        .ok_or_else(|| miette::miette!("{what} printed no path of a program"))
}
