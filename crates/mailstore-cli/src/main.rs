//! The command `mailstore`. `mailstore --help` lists what it does.

mod apply;
mod arguments;
mod ask;
mod audit;
mod built_in;
mod call;
mod catalog;
mod check;
mod compare;
mod compatibility;
mod completions;
mod confirm;
mod contract;
mod coverage;
mod curl;
mod describe;
mod duration;
mod exit;
mod explore;
mod export;
mod fan_out;
mod format;
mod functions;
mod generate;
mod human;
mod inline_code;
mod instances;
mod job;
mod json_text;
mod live;
mod login;
mod man;
mod mcp;
mod metadata;
mod openapi;
mod operate;
mod output;
mod plan;
mod presses;
mod probe;
mod profile_command;
mod progress;
mod query;
mod report;
mod rows;
mod server;
mod sim;
mod snapshot;
mod source;
mod state_folder;
mod stopped;
mod tasks;
mod token_file;
mod topic_names;
mod topics;
mod trust;
mod value;
mod verbose;
mod wait;

use std::env;
use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use clap_complete::CompleteEnv;

use crate::exit::Failed;
use crate::topics::Topics;

/// Administer MailStore servers: call their functions, check them, and compare their function lists.
///
/// A command with the description "Functions" contains the functions of one topic, such as `stores verify`. `login` stores
/// a server, so that the other commands need no options for it.
#[derive(Parser)]
#[command(name = "mailstore", version, disable_help_subcommand = true, after_help = exit::HELP)]
struct Arguments {
    /// Show what is sent and received, without secrets.
    #[arg(long, short, global = true)]
    verbose: bool,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is only one value")]
enum Command {
    Apply(apply::Arguments),
    Audit(audit::Arguments),
    Call(call::Arguments),
    #[command(subcommand)]
    Check(check::Command),
    Compare(compare::Arguments),
    Compatibility(compatibility::Arguments),
    Completions(completions::Arguments),
    Coverage(coverage::Arguments),
    Describe(describe::Arguments),
    Explore(explore::Arguments),
    Export(export::Arguments),
    Functions(functions::Arguments),
    Generate(generate::Arguments),
    Login(login::Arguments),
    Man(man::Arguments),
    Mcp(mcp::Arguments),
    #[command(subcommand)]
    Metadata(metadata::Command),
    Openapi(openapi::Arguments),
    Plan(plan::Arguments),
    Probe(probe::Arguments),
    #[command(subcommand)]
    Profile(profile_command::Command),
    Report(report::Arguments),
    Sim(sim::Arguments),
    Snapshot(snapshot::Arguments),
    #[command(subcommand)]
    Tasks(tasks::Command),
}

/// The whole command line, with a command for each function.
fn whole_command() -> clap::Command {
    let command = Arguments::command();
    // Without the functions, all other commands still work. The tests read the built-in lists.
    match Topics::read() {
        Ok(topics) => topics.add_to(command),
        Err(_) => command,
    }
}

/// Returns whether the command line contains one of the commands of [`Command`]. The functions are then not needed, and
/// reading them takes time.
fn is_fixed(command: &clap::Command) -> bool {
    let mut words = env::args().skip(1).skip_while(|word| word.starts_with('-'));
    words
        .next()
        .is_some_and(|word| command.find_subcommand(&word).is_some())
}

fn main() -> ExitCode {
    mailstore_reach::keep_commands_on_one_line();
    CompleteEnv::with_factory(whole_command)
        .var(completions::VARIABLE)
        .complete();
    match run() {
        Ok(code) => code,
        Err(failed) => exit::end(Err(failed)),
    }
}

fn run() -> Result<ExitCode, Failed> {
    let command = Arguments::command();
    let topics = if is_fixed(&command) {
        None
    } else {
        Some(Topics::read()?)
    };
    let command = match &topics {
        Some(topics) => topics.add_to(command),
        None => command,
    };
    let matches = match command.try_get_matches() {
        Ok(matches) => matches,
        Err(error) => return Ok(check::reject(&error)),
    };
    if matches.get_flag("verbose") {
        verbose::show_requests();
    }
    if let Some(result) = topics.and_then(|topics| topics.run(&matches)) {
        return result.map(|()| ExitCode::SUCCESS);
    }
    let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    match arguments.command {
        Command::Apply(arguments) => return Ok(apply::run(&arguments)),
        Command::Audit(arguments) => return Ok(audit::run(&arguments)),
        Command::Call(arguments) => call::run(&arguments),
        Command::Check(command) => return Ok(check::run(&command)),
        Command::Compare(arguments) => return Ok(compare::run(&arguments)),
        Command::Compatibility(arguments) => return Ok(compatibility::run(&arguments)),
        Command::Completions(arguments) => completions::run(&arguments),
        Command::Coverage(arguments) => coverage::run(&arguments),
        Command::Describe(arguments) => describe::run(&arguments),
        Command::Explore(arguments) => explore::run(&arguments),
        Command::Export(arguments) => return Ok(export::run(&arguments)),
        Command::Functions(arguments) => functions::run(&arguments),
        Command::Login(arguments) => login::run(&arguments),
        Command::Generate(arguments) => generate::run(&arguments),
        Command::Man(arguments) => man::run(&arguments, whole_command()),
        Command::Mcp(arguments) => mcp::run(&arguments),
        Command::Metadata(command) => return Ok(metadata::run(&command)),
        Command::Openapi(arguments) => openapi::run(&arguments),
        Command::Plan(arguments) => return Ok(plan::run(&arguments)),
        Command::Probe(arguments) => return Ok(probe::run(&arguments)),
        Command::Profile(command) => profile_command::run(&command),
        Command::Report(arguments) => return Ok(report::run(&arguments)),
        Command::Sim(arguments) => sim::run(&arguments),
        Command::Snapshot(arguments) => return Ok(snapshot::run(&arguments)),
        Command::Tasks(command) => tasks::run(&command),
    }?;
    Ok(ExitCode::SUCCESS)
}
