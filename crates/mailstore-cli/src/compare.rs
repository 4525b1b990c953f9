//! `mailstore compare`: compares two exports, or an export and a server.

mod markdown;
mod shown;
mod text;

use std::path::PathBuf;
use std::process::ExitCode;

use mailstore_operations::{Comparison, Export};
use miette::{IntoDiagnostic as _, miette};

use crate::exit::Failed;
use crate::export;
use crate::operate::{self, Archives, Outcome};
use crate::output::print;

/// Compare two exports of `mailstore export`, or an export and the server as it is now.
///
/// Objects are compared by name, and lists as sets. What is missing in one of the exports because it could not be read
/// is unknown, and not removed. Two different passwords look the same, because exports do not contain them.
#[derive(clap::Args)]
#[command(after_help = operate::help(EXAMPLES))]
pub(crate) struct Arguments {
    /// The folder of the old export.
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The folder of the new export.
    #[arg(value_name = "NEW", required_unless_present = "live", conflicts_with = "live")]
    new: Option<PathBuf>,
    /// Compare with the server in place of a new export. Only reads.
    #[arg(long)]
    live: bool,
    /// The output format: `text` for a terminal, `markdown` for a ticket, or `json` for programs.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    archives: Archives,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    Text,
    Markdown,
    Json,
}

const EXAMPLES: &str = "\
Examples:
  mailstore compare monday friday
  mailstore compare configuration --live --server mailstore.example.com:8463
  mailstore compare before after --format markdown";

pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    operate::end(compare(arguments))
}

fn compare(arguments: &Arguments) -> Result<Outcome, Failed> {
    let old_name = arguments.old.display().to_string();
    let old = export::open(&arguments.old)?;
    let (new_name, new) = match &arguments.new {
        Some(folder) => (folder.display().to_string(), export::open(folder)?),
        None => {
            let live = export::read(&arguments.archives)?;
            (live.manifest().server().to_owned(), live)
        }
    };
    check_that_both_have_one_edition(&old, &new)?;
    let comparison = Comparison::between(&old, &new, [&old_name, &new_name]);
    print(&match arguments.format {
        Format::Text => text::report(&comparison),
        Format::Markdown => markdown::report(&comparison),
        Format::Json => {
            let json = serde_json::to_string_pretty(&comparison).into_diagnostic();
            mailstore_reach::printable_json(&json.map_err(Failed::work)?) + "\n"
        }
    })?;
    Ok(if !comparison.unknown.is_empty() {
        Outcome::Partial
    } else if comparison.is_empty() {
        Outcome::Nothing
    } else {
        Outcome::Different
    })
}

fn check_that_both_have_one_edition(old: &Export, new: &Export) -> Result<(), Failed> {
    if old.manifest().edition() == new.manifest().edition() {
        return Ok(());
    }
    Err(Failed::usage(miette!(
        help = "Compare two exports of MailStore Server, or two of the Service Provider Edition.",
        "the exports are of different editions: `{}` and `{}`",
        mailstore_reach::printable(old.manifest().edition()),
        mailstore_reach::printable(new.manifest().edition())
    )))
}
