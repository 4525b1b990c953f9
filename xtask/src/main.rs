//! The tools of the workspace. `cargo xtask --help` lists them.

mod bench;
mod built_in;
mod cargo;
mod codegen;
mod cycles;
mod demo;
mod fuzz;
mod lint;
mod lists;
mod modules;
mod openapi;
mod phrases;
mod picture;
mod report_pictures;
mod schemas;
mod swagger_ui;
mod test;
mod test_fleet;
mod tidy;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The tools of this workspace: generate clients, demonstrate them, and run checks and tests.
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
    Demo(demo::Arguments),
    Fuzz(fuzz::Arguments),
    Lint(lint::Arguments),
    Lists(lists::Arguments),
    Picture(picture::Arguments),
    #[command(name = "swagger-ui")]
    SwaggerUi(swagger_ui::Arguments),
    ReportPictures(report_pictures::Arguments),
    Test(test::Arguments),
    TestFleet(test_fleet::Arguments),
}

fn main() -> ExitCode {
    mailstore_reach::keep_commands_on_one_line();
    let result = match Arguments::parse().command {
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Codegen(arguments) => codegen::run(&arguments),
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Fuzz(arguments) => fuzz::run(&arguments),
        Command::Lint(arguments) => lint::run(&arguments),
        Command::Lists(arguments) => lists::run(&arguments),
        Command::Picture(arguments) => picture::run(&arguments),
        Command::SwaggerUi(arguments) => swagger_ui::run(&arguments),
        Command::ReportPictures(arguments) => report_pictures::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::TestFleet(arguments) => test_fleet::run(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            mailstore_reach::warn!("Error: {error:?}");
            ExitCode::FAILURE
        }
    }
}
