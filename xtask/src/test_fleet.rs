//! `cargo xtask test-fleet`: checks and tests the workspace in `fleet/`.

use std::process::{Command, Stdio};

use mailstore_reach::say;

use crate::cargo::{cargo, run as run_command};
use crate::workspace;

/// Check and test the workspace in `fleet`: formatting, clippy, documentation and tests.
///
/// Needs Rust 1.90 or newer, and node with npm. The tests install the pinned Restate server from the npm registry below
/// the target folder, and start it on 127.0.0.1.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Arguments of `cargo test`, such as a part of a test's name.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    rest: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> miette::Result<()> {
    for program in ["node", "npm"] {
        require(program)?;
    }
    say!("== fleet: cargo fmt --check");
    run_command(
        &mut fleet("fmt --check"),
        "the format check of fleet (`cargo fmt` in that folder repairs it)",
    )?;
    say!("== fleet: cargo test");
    // Clippy compiles the tests, so that one build serves both.
    let mut test = fleet("test --workspace --all-features");
    test.args(&arguments.rest)
        .env("CARGO_BUILD_RUSTC_WORKSPACE_WRAPPER", "clippy-driver")
        .env("CLIPPY_ARGS", "-Dwarnings");
    run_command(&mut test, "the tests of fleet")?;
    say!("== fleet: cargo doc");
    let mut doc = fleet("doc --workspace --all-features --no-deps");
    run_command(doc.env("RUSTDOCFLAGS", "-D warnings"), "rustdoc of fleet")
}

/// A `cargo` command in the workspace of the fleet. Its results are in a folder of their own below the target folder.
pub(crate) fn fleet(words: &str) -> Command {
    let mut command = cargo(words);
    command.current_dir(workspace::path("fleet"));
    if !words.starts_with("fmt") {
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(
            || workspace::path("target"),
            |folder| workspace::root().join(folder),
        );
        command.arg("--target-dir").arg(target.join("fleet"));
    }
    command
}

/// Fails if a program that the tests need cannot be run.
fn require(program: &str) -> miette::Result<()> {
    let status = Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    if status.is_ok_and(|status| status.success()) {
        return Ok(());
    }
    Err(miette::miette!(
        help = "On Debian, `apt-get install nodejs npm` installs both.",
        "the tests of fleet install the Restate server with npm, and `{program}` cannot be run"
    ))
}
