//! What a snippet prints, and its result.

use std::error::Error;
use std::io::Write;

use serde::Serialize;

/// The result of a snippet.
pub(super) type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Prints a value as JSON, without its secrets. The program continues if its standard output is closed.
pub(super) fn show(output: &mut impl Write, value: &impl Serialize) -> Result<()> {
    _ = writeln!(output, "{}", serde_json::to_string(value)?);
    Ok(())
}
