//! `cargo xtask bench`: compares the speed and memory of the clients with other libraries.

use crate::cargo::{cargo, run as run_command};
use crate::test_fleet::fleet;

/// The jobs that `fleet` measures without other arguments.
const FLEET_JOBS: [&str; 3] = ["jobs", "--calls", "50,500,5000"];

/// Compare the speed and memory of the clients with other libraries. BENCHMARKS.md explains the figures.
#[derive(clap::Args)]
#[command(disable_help_flag = true)]
pub(crate) struct Arguments {
    /// The name of a benchmark and options such as `--check`, `--json FILE` or `--markdown FILE`. `--help` lists all.
    /// The name `fleet` measures jobs of the fleet, and has arguments of its own, such as `slices`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> miette::Result<()> {
    if let Some(("fleet", rest)) = arguments
        .rest
        .split_first()
        .map(|(name, rest)| (name.as_str(), rest))
    {
        return run_fleet(rest);
    }
    let mut bench = cargo("run --quiet --release --package mailstore-bench --");
    run_command(bench.args(&arguments.rest), "the benchmark")
}

/// Measures the fleet. It is in a workspace of its own, and so is its benchmark.
fn run_fleet(rest: &[String]) -> miette::Result<()> {
    let mut bench = fleet("run --quiet --release --all-features --example measure");
    bench.arg("--");
    if rest.is_empty() {
        bench.args(FLEET_JOBS);
    } else {
        bench.args(rest);
    }
    run_command(&mut bench, "the measurement of the fleet")
}
