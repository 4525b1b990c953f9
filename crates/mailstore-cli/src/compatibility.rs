//! `mailstore compatibility`: compares the functions of this program with those of a server.

use std::process::ExitCode;

use crate::exit::{self, Failed};
use crate::output::print;
use crate::server::Server;
use crate::wait;

/// Compare the functions that this program knows with those of the server.
///
/// Programs that use the crate `mailstore-api` of the same version know the same functions. The report contains the
/// functions that are missing on the server or that differ, and whether calls of them fail.
#[derive(clap::Args)]
#[command(after_help = "\
Exit codes:
  0  without --exit-code, or if the server accepts every call of every function
  1  with --exit-code, if calls of some functions fail or may fail
  Other codes are those of `mailstore --help`. A response that cannot be used has the code 2.

Examples:
  mailstore compatibility --server mailstore.example.com:8463")]
pub(crate) struct Arguments {
    #[command(flatten)]
    server: Server,
    /// Exit with code 1 if the server does not accept every call of every function, for scripts.
    #[arg(long)]
    exit_code: bool,
}

pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    exit::compared(compare(arguments))
}

/// Returns whether calls may fail and the exit code must show it.
fn compare(arguments: &Arguments) -> Result<bool, Failed> {
    let edition = arguments.server.edition()?;
    let connection = arguments.server.connect_to_read(edition)?;
    let report = wait::runtime()?.block_on(async { connection.compatibility().await })?;
    print(&format!("{report}\n"))?;
    Ok(arguments.exit_code && !report.is_compatible())
}
