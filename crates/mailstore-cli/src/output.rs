//! Writes to standard output.

use comfy_table::{Table, presets};
use miette::IntoDiagnostic as _;

use crate::exit::Failed;

/// Writes a text. A closed output is not an error.
pub(crate) fn print(text: &str) -> Result<(), Failed> {
    mailstore_reach::print(text)
        .into_diagnostic()
        .map_err(Failed::work)
}

/// Creates a table without lines.
pub(crate) fn table() -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table
}
