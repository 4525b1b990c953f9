//! `mailstore generate`: writes a client for the function list of any server.

use std::path::{Path, PathBuf};

use mailstore_codegen::input::is_standard_input;
use mailstore_reach::{
    Edition, Folder, arguments_of_this_run, bring_up_to_date, command_line, edition_parser, report_notes,
};

use crate::exit::Failed;
use crate::source::bindings;

/// Generate a Rust client for the function list of any server.
///
/// The client needs the crate `mailstore-transport`. Declare it with `#[rustfmt::skip] mod NAME;`.
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  mailstore generate --dump dump.json --out src/client --known server")]
pub(crate) struct Arguments {
    /// The saved function list, such as `mailstore metadata fetch` saves it: a file, or `-` for standard input.
    #[arg(long, value_name = "FILE")]
    dump: PathBuf,
    /// Folder for the client. It must be new, empty, or contain only files of this command.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// An overlay for the dump. Repeat the option for several overlays.
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,
    /// Use the publicly known facts about this edition that match the dump. The client then also needs the crate
    /// `mailstore-types`.
    #[arg(long, value_name = "EDITION", value_parser = edition_parser())]
    known: Option<Edition>,
    /// Generate only these functions: wire names, separated by commas.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    only: Vec<String>,
    /// Write nothing. Show the changes as a unified diff, and fail if there are any.
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failed> {
    let mut bindings = bindings(arguments.dump.clone(), &arguments.overlay, arguments.known);
    if !arguments.only.is_empty() {
        bindings = bindings.only(&arguments.only);
    }
    // Generates only once, because a pipe cannot be read again.
    let generated = bindings.generate().map_err(|error| Failed::usage(error.into()))?;
    report_notes(&generated);
    let folder = Folder {
        path: arguments.out.clone(),
        tree: generated.tree,
    };
    bring_up_to_date(&[folder], arguments.check, &repair(arguments)).map_err(Failed::work)
}

/// The command that repairs what `--check` reports: the same command without `--check`.
fn repair(arguments: &Arguments) -> String {
    let command = command_line("mailstore", &arguments_of_this_run("--check", &[]));
    let is_file = |path: &Path| !is_standard_input(path) && path.is_file();
    if is_file(&arguments.dump) && arguments.overlay.iter().all(|path| is_file(path)) {
        format!("Run `{command}` and commit the changes.")
    } else {
        format!("Run the same command without `--check`, with the same input: `{command}`")
    }
}
