//! Writes to standard output.

use std::io::{self, IsTerminal as _};

use comfy_table::{ContentArrangement, Table, presets};
use miette::IntoDiagnostic as _;
use terminal_size::{Width, terminal_size_of};

use crate::exit::Failed;

/// Writes a text. A closed output is not an error.
pub(crate) fn print(text: &str) -> Result<(), Failed> {
    mailstore_reach::print(text)
        .into_diagnostic()
        .map_err(Failed::work)
}

/// Creates a table without lines. If standard output is a terminal, long cells are wrapped to fit it.
pub(crate) fn table() -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    if io::stdout().is_terminal()
        && let Some((Width(width), _)) = terminal_size_of(io::stdout())
    {
        table.set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(width);
    }
    table
}
