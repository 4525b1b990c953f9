//! The tools of the workspace. `cargo xtask --help` lists them.

mod bench;
mod cargo;
mod codegen;
mod coverage;
mod cycles;
mod demo;
mod diff;
mod editions;
mod fetch;
mod fuzz;
mod history;
mod lint;
mod openapi;
mod phrases;
mod picture;
mod saved;
mod schemas;
mod sidecar;
mod test;
mod tidy;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The tools of this workspace: generate clients, demonstrate them, compare servers, and run checks
/// and tests.
///
/// Start with `cargo xtask demo`, then run `cargo xtask test`.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    #[command(disable_help_flag = true)]
    Bench(bench::Arguments),
    Codegen(codegen::Arguments),
    Coverage(coverage::Arguments),
    Demo(demo::Arguments),
    Diff(diff::Arguments),
    Fetch(fetch::Arguments),
    Fuzz(fuzz::Arguments),
    History(history::Arguments),
    Lint(lint::Arguments),
    Picture(picture::Arguments),
    Openapi(openapi::Arguments),
    Test(test::Arguments),
}

fn main() -> ExitCode {
    mailstore_reach::keep_commands_on_one_line();
    run(Arguments::parse().command).unwrap_or_else(|error| {
        mailstore_reach::warn!("Error: {error:?}");
        ExitCode::FAILURE
    })
}

fn run(command: Command) -> miette::Result<ExitCode> {
    match command {
        Command::Bench(arguments) => bench::run(&arguments)?,
        Command::Codegen(arguments) => codegen::run(&arguments)?,
        Command::Coverage(arguments) => coverage::run(&arguments)?,
        Command::Demo(arguments) => demo::run(&arguments)?,
        Command::Diff(arguments) => return Ok(diff::run(&arguments)),
        Command::Fetch(arguments) => fetch::run(&arguments)?,
        Command::Fuzz(arguments) => fuzz::run(&arguments)?,
        Command::History(arguments) => history::run(&arguments)?,
        Command::Lint(arguments) => lint::run(&arguments)?,
        Command::Picture(arguments) => picture::run(&arguments)?,
        Command::Openapi(arguments) => openapi::run(&arguments)?,
        Command::Test(arguments) => test::run(&arguments)?,
    }
    Ok(ExitCode::SUCCESS)
}
