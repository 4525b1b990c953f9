//! The exit codes. They are those of the operations toolkit of the command `mailstore`.

use std::process::ExitCode;

use miette::Report;

/// The text of `--help` about the exit codes.
pub const HELP: &str = "\
Exit codes:
  0   succeeded, and there is nothing to report
  1   failed
  2   wrong usage
  10  a call failed, or was cancelled, skipped, not sent or given up, or the engine cannot continue it
  11  the outcome of a call is unknown. This code is used even if another call failed, too";

/// How a command ended that did its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// There is nothing to report.
    Nothing,
    /// A call failed, or was cancelled, skipped, not sent or given up, or the engine cannot continue it.
    Failed,
    /// The outcome of a call is unknown.
    Unknown,
}

/// Why a command could not do its work.
#[derive(Debug)]
pub enum Failed {
    /// The user made a mistake.
    Usage(Report),
    /// The command cannot do its work.
    Work(Report),
}

/// Ends a command. Prints its error.
pub fn end(result: Result<Outcome, Failed>) -> ExitCode {
    let (code, report) = match result {
        Ok(Outcome::Nothing) => return ExitCode::SUCCESS,
        Ok(Outcome::Failed) => return ExitCode::from(10),
        Ok(Outcome::Unknown) => return ExitCode::from(11),
        Err(Failed::Work(report)) => (1, report),
        Err(Failed::Usage(report)) => (2, report),
    };
    mailstore_reach::warn!("Error: {report:?}");
    ExitCode::from(code)
}
