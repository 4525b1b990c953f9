//! `mailstore metadata check`: compares a saved function list with the one of a server.

use mailstore_metadata::Diff;

use super::diff::{Comparison, Format, report};
use super::place::Side;
use crate::exit::Failed;
use crate::output::print;
use crate::server::Server;

/// Check that a saved function list is still the one of the server, and show the differences.
///
/// Run it in a pipeline for a server that a program was written for. `mailstore metadata fetch` saves the list.
#[derive(clap::Args)]
#[command(after_help = "\
Exit codes:
  0  the server has the same functions
  1  the functions differ
  Other codes are those of `mailstore --help`. A response that cannot be used has the code 2.

Examples:
  mailstore metadata check --server mailstore.example.com:8463 new.json")]
pub(crate) struct Arguments {
    #[command(flatten)]
    server: Server,
    /// The saved function list: a file, `-` for standard input, or a list of this program, such as `server-24`.
    #[arg(value_name = "FILE")]
    saved: String,
    /// The output format: `text` for a terminal, `markdown` for a pull request, or `json` for programs.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Returns whether the function lists differ.
pub(crate) fn run(arguments: &Arguments) -> Result<bool, Failed> {
    let old = Side::saved(&arguments.saved)?;
    let new = Side::live(&arguments.server)?;
    let comparison = Comparison {
        diff: Diff::between_known(&old.known, &new.known),
        old: old.name,
        new: new.name,
    };
    print(&report(&comparison, arguments.format)?)?;
    Ok(!comparison.diff.is_empty())
}
