//! The command `mailstore`. `mailstore --help` lists what it does.

mod access;
mod arguments;
mod call;
mod check;
mod confirm;
mod curl;
mod describe;
mod exit;
mod functions;
mod json_text;
mod lookup;
mod output;
mod password;
mod probe;
mod profile;
mod profile_command;
mod profiles;
mod progress;
mod replace;
mod server;
mod sim;
mod tasks;
mod token_file;
mod wait;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Call the functions of a MailStore server.
///
/// The commands `call`, `probe` and `tasks` connect to a server. The others need none.
#[derive(Parser)]
#[command(name = "mailstore", version, disable_help_subcommand = true, after_help = exit::HELP)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is only one value")]
enum Command {
    Call(call::Arguments),
    #[command(subcommand)]
    Check(check::Command),
    Describe(describe::Arguments),
    Functions(functions::Arguments),
    Probe(probe::Arguments),
    #[command(subcommand)]
    Profile(profile_command::Command),
    Sim(sim::Arguments),
    #[command(subcommand)]
    Tasks(tasks::Command),
}

fn main() -> ExitCode {
    mailstore_reach::keep_commands_on_one_line();
    let command = match Arguments::try_parse() {
        Ok(arguments) => arguments.command,
        Err(error) => return check::reject(&error),
    };
    let result = match command {
        Command::Call(arguments) => call::run(&arguments),
        Command::Check(command) => return check::run(&command),
        Command::Describe(arguments) => describe::run(&arguments),
        Command::Functions(arguments) => functions::run(&arguments),
        Command::Probe(arguments) => return probe::run(&arguments),
        Command::Profile(command) => profile_command::run(&command),
        Command::Sim(arguments) => sim::run(&arguments),
        Command::Tasks(command) => tasks::run(&command),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            mailstore_reach::warn!("Error: {:?}", failure.report);
            failure.code.into()
        }
    }
}
