//! The command `mailstore-fleet`. `mailstore-fleet --help` lists what it does.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use mailstore_fleet::{cancel, decide, demo, engine, exit, export, run, status, watch, worker};

/// Run functions of MailStore on hundreds of servers.
#[derive(Parser)]
#[command(name = "mailstore-fleet", version, disable_help_subcommand = true, after_help = exit::HELP)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

/// Each command is in a file of its own.
#[derive(Subcommand)]
enum Command {
    Cancel(cancel::Arguments),
    Decide(decide::Arguments),
    Demo(demo::Arguments),
    Engine(engine::Arguments),
    Export(export::Arguments),
    Run(run::Arguments),
    Status(status::Arguments),
    Watch(watch::Arguments),
    Worker(worker::Arguments),
}

#[tokio::main]
async fn main() -> ExitCode {
    mailstore_reach::keep_commands_on_one_line();
    exit::end(match Arguments::parse().command {
        Command::Cancel(arguments) => cancel::run(arguments).await,
        Command::Decide(arguments) => decide::run(arguments).await,
        Command::Demo(arguments) => demo::run(arguments).await,
        Command::Engine(arguments) => engine::run(arguments).await,
        Command::Export(arguments) => export::run(arguments).await,
        Command::Run(arguments) => run::run(arguments).await,
        Command::Status(arguments) => status::run(arguments).await,
        Command::Watch(arguments) => watch::run(arguments).await,
        Command::Worker(arguments) => worker::run(arguments).await,
    })
}
