//! `mailstore metadata`: saves, compares and shows function lists.

mod check;
mod diff;
mod fetch;
mod history;
mod place;
mod saved;
mod show;

use std::process::ExitCode;

use crate::exit;

/// Save, compare and show the function lists of servers.
#[derive(clap::Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is only one value")]
pub(crate) enum Command {
    Check(check::Arguments),
    Diff(diff::Arguments),
    Fetch(fetch::Arguments),
    History(history::Arguments),
    Show(show::Arguments),
}

pub(crate) fn run(command: &Command) -> ExitCode {
    match command {
        Command::Check(arguments) => exit::compared(check::run(arguments)),
        Command::Diff(arguments) => diff::run(arguments),
        Command::Fetch(arguments) => exit::end(fetch::run(arguments)),
        Command::History(arguments) => exit::end(history::run(arguments)),
        Command::Show(arguments) => exit::end(show::run(arguments)),
    }
}
