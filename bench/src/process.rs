//! Starts this program again, for a part of a benchmark that needs a process of its own.

use std::io;
use std::process::Command;

/// The first argument of a process that runs a part.
pub(crate) const MARK: &str = "--part";

/// Returns the command that runs a part.
pub(crate) fn command(part: &str) -> io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args([MARK, part]);
    Ok(command)
}
