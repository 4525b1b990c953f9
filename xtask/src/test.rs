//! `cargo xtask test`: runs every test of the workspace.

use crate::cargo::{cargo, run as run_command};

/// Run every test of the workspace, including doc tests and examples.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Arguments of `cargo test`, such as a part of a test's name.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> miette::Result<()> {
    let mut test = cargo("test --workspace --all-features");
    run_command(test.args(&arguments.rest), "cargo test")
}
