//! Checks `bridge.py` with every supported Python of this machine. Takes no arguments.

use std::io::{self, Write as _};
use std::process::ExitCode;

use bridge_interop::{Python, check_bridge};

fn main() -> ExitCode {
    if std::env::args_os().len() > 1 {
        // There is no other place to report that this failed.
        _ = writeln!(
            io::stderr(),
            "check-pythons takes no arguments: it uses every Python that it finds"
        );
        return ExitCode::from(2);
    }
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) | Err(_) => ExitCode::FAILURE,
    }
}

/// Returns whether all checks passed.
fn run() -> io::Result<bool> {
    let mut is_passed = true;
    let mut output = io::stdout();
    let required = match Python::find_required() {
        Ok(python) => python,
        Err(problem) => {
            writeln!(output, "{problem}")?;
            return Ok(false);
        }
    };
    for python in std::iter::once(required).chain(Python::others()) {
        match check_bridge(&python) {
            Ok(line) => writeln!(output, "Python {}: {line}", python.version())?,
            Err(problem) => {
                is_passed = false;
                writeln!(output, "{problem}")?;
            }
        }
    }
    Ok(is_passed)
}
