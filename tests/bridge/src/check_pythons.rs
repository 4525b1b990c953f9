//! Checks `bridge.py` with every supported Python of this machine.

use std::io::{self, Write as _};
use std::process::ExitCode;

use bridge_interop::{Python, check_bridge};

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) | Err(_) => ExitCode::FAILURE,
    }
}

/// Returns whether all checks passed.
fn run() -> io::Result<bool> {
    let mut is_passed = true;
    let mut output = io::stdout();
    for python in std::iter::once(Python::required()).chain(Python::others()) {
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
