//! The workspace's own tools. `cargo xtask --help` lists them.

mod codegen;
mod workspace;

use clap::{Parser, Subcommand};

/// Tools of this workspace: generate the clients, show them at work, check everything.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generate the clients from the saved dumps, or a client of your own from any dump.
    Codegen(codegen::Arguments),
}

fn main() -> miette::Result<()> {
    match Arguments::parse().command {
        Command::Codegen(arguments) => codegen::run(&arguments),
    }
}
