//! Reports on standard output.

use std::io::{self, Write as _};

use miette::{Context, IntoDiagnostic};

/// Writes a report, in colour only if it goes to a terminal and `NO_COLOR` is not set. A reader that has seen enough is
/// no error.
pub(crate) fn print(report: &str) -> miette::Result<()> {
    let mut output = anstream::stdout().lock();
    let written = output.write_all(report.as_bytes()).and_then(|()| output.flush());
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(error).into_diagnostic().wrap_err("cannot write the report")
        }
        _ => Ok(()),
    }
}
