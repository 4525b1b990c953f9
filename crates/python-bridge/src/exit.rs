//! How a Python process ended.

use std::fmt;
use std::process::ExitStatus;

use wire_values::printable;

/// How the connection to Python ended: the exit status of the process and the end of its standard error.
#[derive(Clone, Default)]
pub struct ExitReport {
    pub(crate) status: Option<ExitStatus>,
    pub(crate) stderr: String,
}

impl ExitReport {
    /// Returns the exit status. `None` if the connection has no child process, or if the system did not report it.
    pub fn status(&self) -> Option<ExitStatus> {
        self.status
    }

    /// Returns the last 64 KiB of the standard error, without secrets. The module may have written anything to it.
    pub fn stderr(&self) -> &str {
        &self.stderr
    }
}

/// Shows the status, and how long the standard error is.
impl fmt::Debug for ExitReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ExitReport")
            .field("status", &self.status)
            .field("stderr_bytes", &self.stderr.len())
            .finish()
    }
}

/// Shows the status and the last line of the standard error.
impl fmt::Display for ExitReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.status {
            Some(status) => write!(f, "{status}")?,
            None => f.write_str("exit status unknown")?,
        }
        match self.stderr.trim_end().lines().last() {
            Some(line) if !line.trim().is_empty() => {
                write!(f, ", standard error ends with: {}", printable(line))
            }
            _ => Ok(()),
        }
    }
}
