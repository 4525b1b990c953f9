//! `cargo xtask diff`: compares two function lists.

mod comparison;
mod groups;
mod markdown;
mod surface;
mod text;

use std::path::Path;
use std::process::ExitCode;

use mailstore_codegen::input::Input;
use mailstore_metadata::{Diff, Dump};
use miette::IntoDiagnostic;

use mailstore_reach::{self as reach, Edition};

use crate::workspace;
use comparison::{Comparison, Side};

/// Compare two function lists: the changes of a server upgrade and their consequences for code.
///
/// Silent dangers come first: code that still compiles or runs but has another meaning. Functions with an argument of
/// an unknown type are listed but not compared.
#[derive(clap::Args)]
#[command(
    after_help = "Exit code: 0 if there was no error, or with --exit-code if nothing changed; \
1 with --exit-code if something changed; 2 if there was an error."
)]
pub(crate) struct Arguments {
    /// The old function list: a file, `-` for standard input, or `https://host:port` for a live server.
    old: String,
    /// The new function list: a file, `-` for standard input, or `https://host:port` for a live server.
    new: String,
    /// Compare the generated clients, with the publicly known facts about this edition. The output is a unified diff
    /// with one line for each function and type.
    #[arg(long, value_name = "EDITION", value_parser = reach::edition_parser(), conflicts_with = "format")]
    surface: Option<Edition>,
    /// The output format: `text` for a terminal, `markdown` for a pull request, or `json` for programs. The JSON Schema
    /// is metadata/mailstore/schema/diff.json.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Exit with code 1 if anything changed, for scripts.
    #[arg(long)]
    exit_code: bool,
    #[command(flatten)]
    options: reach::Options,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    Text,
    Markdown,
    Json,
}

/// Prints errors itself, because exit code 1 does not mean an error for this command.
pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    match compare_and_show(arguments) {
        Ok(differs) => ExitCode::from(u8::from(differs && arguments.exit_code)),
        Err(error) => {
            reach::warn!("Error: {error:?}");
            ExitCode::from(2)
        }
    }
}

/// Compares the function lists and prints the report. Returns whether they differ.
fn compare_and_show(arguments: &Arguments) -> miette::Result<bool> {
    if arguments.old == "-" && arguments.new == "-" {
        miette::bail!(
            help = "Use a file for one of them.",
            "standard input can be one of the two function lists, not both"
        );
    }
    let (old, new) = (
        read_side(&arguments.old, arguments)?,
        read_side(&arguments.new, arguments)?,
    );
    if let Some(edition) = arguments.surface {
        return surface::compare_and_show(&old, &new, edition);
    }
    let comparison = Comparison {
        diff: Diff::between_known(&old.known, &new.known),
        old: old.name,
        new: new.name,
    };
    let report = match arguments.format {
        Format::Text => text::report(&comparison),
        Format::Markdown => markdown::report(&comparison),
        Format::Json => {
            reach::printable_json(&serde_json::to_string_pretty(&comparison.diff).into_diagnostic()?) + "\n"
        }
    };
    reach::print(&report).into_diagnostic()?;
    Ok(!comparison.diff.is_empty())
}

/// Reads one of the two function lists.
fn read_side(place: &str, arguments: &Arguments) -> miette::Result<Side> {
    if place.starts_with("https://") {
        let known = reach::known(place, &arguments.options)?;
        return Ok(Side {
            name: place.to_owned(),
            known,
        });
    }
    let path = Path::new(place);
    let Input { name, text } = workspace::input(path)?;
    let name = if path.is_file() { place.to_owned() } else { name };
    Ok(Side {
        known: Dump::parse_known(&name, text.as_bytes())?,
        name,
    })
}
