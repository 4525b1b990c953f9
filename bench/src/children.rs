//! The CPU time of other programs.

use std::io;
use std::process::{Command, Stdio};

/// The units of the kernel in `/proc` for a second. The number is the same on all machines that Rust supports.
const TICKS: f64 = 100.0;

/// Runs a program. Returns the CPU time of the program and of all programs that it ran, in seconds. Linux only.
///
/// # Errors
/// The program failed. The error contains what it wrote to standard error.
pub(crate) fn time(command: &mut Command) -> io::Result<f64> {
    let before = used()?;
    let output = command.stdin(Stdio::null()).output()?;
    if !output.status.success() {
        let message = String::from_utf8_lossy(&output.stderr);
        return Err(io::Error::other(format!("{command:?} failed: {message}")));
    }
    Ok(used()? - before)
}

/// Returns the CPU time of all programs that this process ran and that have ended, in seconds.
pub(crate) fn used() -> io::Result<f64> {
    parse(&std::fs::read_to_string("/proc/self/stat")?)
        .ok_or_else(|| io::Error::other("/proc/self/stat has an unknown form"))
}

/// Adds the fields `cutime` and `cstime`. The name of the program is in parentheses and may contain spaces.
fn parse(text: &str) -> Option<f64> {
    let (_, fields) = text.rsplit_once(") ")?;
    let ticks = fields.split(' ').skip(13).take(2).map(str::parse::<u32>);
    let ticks: Vec<u32> = ticks.collect::<Result<_, _>>().ok()?;
    (ticks.len() == 2).then(|| f64::from(ticks.iter().sum::<u32>()) / TICKS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_children_is_read_from_the_line_of_the_kernel() {
        let line = "7 (a b) c) S 1 7 7 0 -1 4194560 900 80000 0 10 12 5 310 45 20 0 4 0 100";
        assert_eq!(parse(line), Some(3.55));
        assert_eq!(parse("7 (short) S 1 7"), None);
    }
}
