//! `cargo xtask probe`: runs the package `mailstore-probe`.

use std::env;
use std::ffi::OsString;
use std::process;

use miette::IntoDiagnostic;

use crate::cargo::cargo;
use crate::workspace;

/// Compare the responses of a live server with the overlays. `cargo xtask probe --help` lists the options.
///
/// The probe is a separate package, because it uses the generated client and `xtask` must work without it.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Arguments of the probe.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<OsString>,
}

/// Exits with the exit code of the probe. The code shows whether anything differs.
pub(crate) fn run(arguments: &Arguments) -> miette::Result<()> {
    let status = cargo("run --quiet --package mailstore-probe --manifest-path")
        .arg(workspace::path("Cargo.toml"))
        .arg("--")
        .args(&arguments.rest)
        // Paths in the arguments are relative to the current folder of the user.
        .current_dir(env::current_dir().into_diagnostic()?)
        .status()
        .into_diagnostic()?;
    match status.code() {
        Some(code @ 0..=2) => process::exit(code),
        _ => process::exit(2),
    }
}
