//! `cargo xtask bench`: compares the speed and memory of the clients with other libraries.

use crate::cargo::{cargo, run as run_command};

/// Compare the speed and memory of the clients with other libraries. BENCHMARKS.md explains the figures.
#[derive(clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Arguments {
    /// The name of a benchmark and options such as `--check`, `--json FILE` or `--markdown FILE`. `--help` lists all.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> miette::Result<()> {
    let mut bench = cargo("run --quiet --release --package mailstore-bench --");
    run_command(bench.args(&arguments.rest), "the benchmark")
}
