//! The command `mailstore-fleet`. `mailstore-fleet --help` lists what it does.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use mailstore_fleet::exit::{self, Failed, Outcome};
use mailstore_fleet::{cancel, decide, demo, engine, export, results, run, status, watch, worker};
use miette::miette;

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
    #[cfg(target_os = "linux")]
    BoundEngine(engine::bound::Arguments),
    Cancel(cancel::Arguments),
    Decide(decide::Arguments),
    Demo(demo::Arguments),
    Engine(engine::Arguments),
    Export(export::Arguments),
    Results(results::Arguments),
    Run(run::Arguments),
    Status(status::Arguments),
    Watch(watch::Arguments),
    Worker(worker::Arguments),
}

fn main() -> ExitCode {
    mailstore_reach::keep_commands_on_one_line();
    let arguments = Arguments::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return exit::end(Err(Failed::Work(miette!("cannot start threads: {error}")))),
    };
    let ended = runtime.block_on(execute(arguments.command));
    // A password command may still run, and a program that is told to end does not wait for it.
    runtime.shutdown_background();
    exit::end(ended)
}

async fn execute(command: Command) -> Result<Outcome, Failed> {
    match command {
        #[cfg(target_os = "linux")]
        Command::BoundEngine(arguments) => engine::bound::run(arguments),
        Command::Cancel(arguments) => cancel::run(arguments).await,
        Command::Decide(arguments) => decide::run(arguments).await,
        Command::Demo(arguments) => demo::run(arguments).await,
        Command::Engine(arguments) => engine::run(arguments).await,
        Command::Export(arguments) => export::run(arguments).await,
        Command::Results(arguments) => results::run(arguments).await,
        Command::Run(arguments) => run::run(arguments).await,
        Command::Status(arguments) => status::run(arguments).await,
        Command::Watch(arguments) => watch::run(arguments).await,
        Command::Worker(arguments) => worker::run(arguments).await,
    }
}
