//! `cargo xtask bench`: compares the speed and memory of the clients with other libraries.

use clap::Args as _;
use mailstore_reach::say;

use crate::cargo::{cargo, run as run_command};

/// Compare the speed and memory of the clients with other libraries. BENCHMARKS.md explains the figures.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The name of a benchmark, and the options `--check`, `--json FILE`, `--markdown FILE`, `--budget FILE` and
    /// `--from FILE`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> miette::Result<()> {
    if arguments.rest.iter().any(|word| word == "--help" || word == "-h") {
        let mut command = Arguments::augment_args(clap::Command::new("cargo xtask bench"));
        // Building the program only for its help would take minutes.
        say!("{}", command.render_help());
        return Ok(());
    }
    let mut bench = cargo("run --quiet --release --package mailstore-bench --");
    run_command(bench.args(&arguments.rest), "the benchmark")
}
