//! `mailstore metadata diff`: compares two function lists.

mod comparison;
mod groups;
mod markdown;
mod surface;
mod text;

use std::process::ExitCode;

use mailstore_metadata::Diff;
use mailstore_reach::{self as reach, Edition};
use miette::{IntoDiagnostic as _, miette};

pub(super) use self::comparison::Comparison;
use super::place::Side;
use crate::exit::{self, Code, Failed};
use crate::output::print;
use crate::server::Server;

/// Compare two function lists: the changes of a server upgrade and their consequences for code.
///
/// Silent dangers come first: code that still compiles or runs but has another meaning. Functions with an argument of
/// an unknown type are listed but not compared.
#[derive(clap::Args)]
#[command(after_help = "\
Exit codes:
  0  there was no error, and with --exit-code nothing changed
  1  with --exit-code: something changed
  2  there was an error

Examples:
  mailstore metadata diff server-9 server-24
  mailstore metadata diff server-24 new.json
  mailstore metadata diff server-24 server --server mailstore.example.com:8463")]
pub(crate) struct Arguments {
    /// The old function list: a file, `-` for standard input, `https://host:port` for a server, `server` for the chosen
    /// server, or a list of this program, such as `server-24`.
    old: String,
    /// The new function list, in the same forms.
    new: String,
    /// Compare the generated clients, with the publicly known facts about this edition. The output is a unified diff
    /// with one line for each function and type.
    #[arg(long, value_name = "EDITION", value_parser = reach::edition_parser(), conflicts_with = "format")]
    surface: Option<Edition>,
    /// The output format: `text` for a terminal, `markdown` for a pull request, or `json` for programs. The repository
    /// of this program contains the JSON Schema.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Exit with code 1 if anything changed, for scripts.
    #[arg(long)]
    exit_code: bool,
    #[command(flatten)]
    server: Server,
}

/// The format of a report.
#[derive(Clone, Copy, clap::ValueEnum)]
pub(super) enum Format {
    Text,
    Markdown,
    Json,
}

/// Returns the report in this format.
pub(super) fn report(comparison: &Comparison, format: Format) -> Result<String, Failed> {
    Ok(match format {
        Format::Text => text::report(comparison),
        Format::Markdown => markdown::report(comparison),
        Format::Json => {
            let json = serde_json::to_string_pretty(&comparison.diff).into_diagnostic();
            reach::printable_json(&json.map_err(Failed::work)?) + "\n"
        }
    })
}

/// Every error has the exit code 2.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let differs = compare_and_show(arguments).map(|differs| differs && arguments.exit_code);
    exit::compared(differs.map_err(|failed| Failed {
        code: Code::Usage,
        ..failed
    }))
}

/// Compares the function lists and prints the report. Returns whether they differ.
fn compare_and_show(arguments: &Arguments) -> Result<bool, Failed> {
    if arguments.old == "-" && arguments.new == "-" {
        return Err(Failed::usage(miette!(
            help = "Use a file for one of them.",
            "standard input can be one of the two function lists, not both"
        )));
    }
    let old = Side::read(&arguments.old, &arguments.server)?;
    let new = Side::read(&arguments.new, &arguments.server)?;
    if let Some(edition) = arguments.surface {
        let (text, differs) = surface::compare(&old, &new, edition).map_err(Failed::work)?;
        print(&text)?;
        return Ok(differs);
    }
    let comparison = Comparison {
        diff: Diff::between_known(&old.known, &new.known),
        old: old.name,
        new: new.name,
    };
    print(&report(&comparison, arguments.format)?)?;
    Ok(!comparison.diff.is_empty())
}
