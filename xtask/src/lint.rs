//! `cargo xtask lint`: all checks that do not run tests.

use std::time::Instant;

use crate::cargo::{cargo, run as run_command};
use crate::{codegen, tidy};
use mailstore_reach::say;

/// Check formatting, generated files, project rules, clippy and the documentation. Change nothing.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Skip clippy for the whole workspace with all features, because a build with `clippy-driver` has run it.
    #[arg(long, hide = true)]
    compiled_with_clippy: bool,
}

/// Clippy runs for every set of features that a user may choose. The first set is the whole workspace.
const CLIPPY: [&str; 9] = [
    "clippy --workspace --all-targets --all-features -- -D warnings",
    "clippy --package mailstore-api --no-default-features -- -D warnings",
    "clippy --package mailstore-api --no-default-features --features server --all-targets -- -D warnings",
    "clippy --package mailstore-api --no-default-features --features spe --all-targets -- -D warnings",
    "clippy --package mailstore-metadata --no-default-features -- -D warnings",
    "clippy --package oaio-client --no-default-features --all-targets -- -D warnings",
    "clippy --package python-bridge --no-default-features --all-targets -- -D warnings",
    "clippy --package jetstream-api --no-default-features --all-targets -- -D warnings",
    "clippy --package muster-api --no-default-features --all-targets -- -D warnings",
];

pub(crate) fn run(arguments: &Arguments) -> miette::Result<()> {
    step("cargo fmt --all --check", |words| {
        run_command(
            &mut cargo(words),
            "the format check (`cargo fmt --all` repairs it)",
        )
    })?;
    step("cargo xtask codegen --check", |_| codegen::check())?;
    step("project rules", |_| tidy::run())?;
    let done = usize::from(arguments.compiled_with_clippy);
    for words in &CLIPPY[done..] {
        step(&format!("cargo {words}"), |words| {
            run_command(&mut cargo(words), "clippy")
        })?;
    }
    dependencies()?;
    step("cargo doc --workspace --all-features --no-deps", |words| {
        run_command(cargo(words).env("RUSTDOCFLAGS", "-D warnings"), "rustdoc")
    })
}

fn step(name: &str, check: impl FnOnce(&str) -> miette::Result<()>) -> miette::Result<()> {
    say!("== {name}");
    let began = Instant::now();
    check(name.strip_prefix("cargo ").unwrap_or(name))?;
    say!("   {} s", began.elapsed().as_secs());
    Ok(())
}

/// Checks licences, sources and known faults of all dependencies, if the tool for it is installed.
fn dependencies() -> miette::Result<()> {
    let found = cargo("deny --version").output();
    if !found.is_ok_and(|output| output.status.success()) {
        say!("== cargo deny check\n   skipped: `cargo install cargo-deny` installs it");
        return Ok(());
    }
    step("cargo deny check", |words| {
        run_command(&mut cargo(words), "cargo deny, with the rules of deny.toml")
    })
}
