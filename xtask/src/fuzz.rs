//! `cargo xtask fuzz`: searches with libFuzzer for an input that makes a fuzz target panic.

use std::fs;
use std::path::Path;

use miette::{Context, IntoDiagnostic};

use crate::cargo::{cargo, run as run_command};
use crate::workspace;

/// The folder of the program, from the root of the workspace.
const PACKAGE: &str = "tests/fuzz/guided";

/// Counts the executed branches of every crate and passes on the operands of comparisons. libFuzzer reads both.
const INSTRUMENTATION: &str = "--cfg fuzzing -Cpasses=sancov-module -Ccodegen-units=1 \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// The only platform on which this command was tried. Because `--target` names it, cargo compiles build scripts without
/// the instrumentation.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

/// Search with libFuzzer for an input that makes a fuzz target panic.
///
/// Needs a C++ compiler and Linux on x86-64. New inputs are kept in `target/fuzz`. An input that panics is written there,
/// too, and the command fails.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The name of a target: a folder of `tests/fuzz/corpus`.
    target: String,
    /// How many seconds to search.
    #[arg(long, default_value_t = 60)]
    seconds: u32,
}

pub(crate) fn run(arguments: &Arguments) -> miette::Result<()> {
    let corpus = workspace::root().join("tests/fuzz/corpus");
    let saved = corpus.join(&arguments.target);
    let targets = targets(&corpus)?;
    if !targets.contains(&arguments.target) {
        miette::bail!(
            "there is no target `{}`. The targets are {}",
            arguments.target,
            targets.join(", ")
        );
    }
    let folder = workspace::root().join("target/fuzz");
    let found = folder.join(&arguments.target);
    fs::create_dir_all(&found)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot create {}", found.display()))?;

    let mut fuzz = cargo("run --quiet --release");
    fuzz.args(["--target", PLATFORM])
        .arg("--manifest-path")
        .arg(workspace::root().join(PACKAGE).join("Cargo.toml"))
        .arg("--target-dir")
        .arg(folder.join("build"))
        .arg("--")
        .args([&found, &saved])
        .arg(format!("-max_total_time={}", arguments.seconds))
        .arg(format!(
            "-artifact_prefix={}/{}-",
            folder.display(),
            arguments.target
        ))
        .args(["-timeout=10", "-print_final_stats=1"])
        .env("RUSTFLAGS", INSTRUMENTATION)
        .env("FUZZ_TARGET", &arguments.target)
        .env_remove("CARGO_BUILD_RUSTC_WORKSPACE_WRAPPER");
    run_command(&mut fuzz, &format!("the fuzz target `{}`", arguments.target))
}

/// The names of all targets.
fn targets(corpus: &Path) -> miette::Result<Vec<String>> {
    let context = || format!("cannot read {}", corpus.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(corpus).into_diagnostic().wrap_err_with(context)? {
        let entry = entry.into_diagnostic().wrap_err_with(context)?;
        names.push(entry.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}
