//! The exit codes.

use std::process::ExitCode;

use mailstore_api::{Error, ErrorKind, StatusToken};
use mailstore_profiles::Problem;
use miette::Report;

/// The text of `--help` about the exit codes.
pub(crate) const HELP: &str = "\
Exit codes:
  0  succeeded
  1  the call failed on the server, or its result cannot be used
  2  wrong usage: an unknown function or argument, or an invalid value
  3  refused: the command was not confirmed, or is not allowed with --read-only
  4  the server rejected the credentials or denied access
  5  the server cannot be reached, or its certificate is not trusted
  6  a time limit was reached
  7  the call was cancelled, or is still running after Ctrl-C was pressed twice
  8  the connection was lost, and the server may have executed the call";

/// An exit code other than 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Code {
    Failed = 1,
    Usage = 2,
    Refused = 3,
    Credentials = 4,
    Connection = 5,
    TimeLimit = 6,
    Cancelled = 7,
    OutcomeUnknown = 8,
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> Self {
        Self::from(code as u8)
    }
}

/// The reason why a command ends with another exit code than 0.
#[derive(Debug)]
pub(crate) struct Failed {
    pub(crate) code: Code,
    pub(crate) report: Report,
    /// Whether a call has ended: it failed or was cancelled, or the server does not know it any more.
    pub(crate) call_has_ended: bool,
    /// The token of a call that may still be running.
    pub(crate) token: Option<Box<StatusToken>>,
}

impl Failed {
    pub(crate) fn new(code: Code, report: Report) -> Self {
        Self {
            code,
            report,
            call_has_ended: false,
            token: None,
        }
    }

    /// The user made a mistake.
    pub(crate) fn usage(report: Report) -> Self {
        Self::new(Code::Usage, report)
    }

    /// A server cannot be used. The error has its own advice.
    pub(crate) fn server(report: Report) -> Self {
        let code = mailstore_reach::cause(&report).map_or(Code::Connection, code_of);
        Self::new(code, report)
    }

    /// The command cannot do its work.
    pub(crate) fn work(report: Report) -> Self {
        Self::new(Code::Failed, report)
    }

    /// An error of [`mailstore_reach`]. The error of the connection determines the exit code.
    pub(crate) fn of(report: Report) -> Self {
        let code = mailstore_reach::cause(&report).map_or(Code::Failed, code_of);
        Self::new(code, report)
    }
}

/// Ends a command. Prints its error.
pub(crate) fn end(result: Result<(), Failed>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failed) => {
            mailstore_reach::warn!("Error: {:?}", failed.report);
            failed.code.into()
        }
    }
}

/// Ends a command that compares. Its exit code 1 means a difference, so an error with this code has the code 2.
pub(crate) fn compared(differs: Result<bool, Failed>) -> ExitCode {
    match differs {
        Ok(differs) => ExitCode::from(u8::from(differs)),
        Err(failed) => end(Err(match failed.code {
            Code::Failed => Failed {
                code: Code::Usage,
                ..failed
            },
            _ => failed,
        })),
    }
}

impl From<Problem> for Failed {
    fn from(problem: Problem) -> Self {
        match problem {
            Problem::Usage(report) => Self::usage(report),
            Problem::Work(report) => Self::work(report),
        }
    }
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        let call_has_ended =
            error.is_cancelled() || error.server_error().is_some() || error.is_token_expired();
        let token = error.task_token().cloned().map(Box::new);
        Self {
            code: code_of(&error),
            token,
            report: mailstore_reach::explain(error),
            call_has_ended,
        }
    }
}

/// Returns the exit code for an error of a call.
fn code_of(error: &Error) -> Code {
    if error.is_cancelled() {
        Code::Cancelled
    } else if error.is_wait_limit() {
        Code::TimeLimit
    } else if error.is_read_only() {
        Code::Refused
    } else if error.is_auth() {
        Code::Credentials
    } else if matches!(error.kind(), ErrorKind::Connect { .. }) {
        Code::Connection
    } else if error.is_outcome_unknown() {
        Code::OutcomeUnknown
    } else {
        match error.kind() {
            ErrorKind::Lost { .. } | ErrorKind::WrongEdition { .. } => Code::Connection,
            ErrorKind::Configuration(_)
            | ErrorKind::Argument { .. }
            | ErrorKind::Value(_)
            | ErrorKind::UnknownFunction { .. } => Code::Usage,
            _ => Code::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_and_the_readme_list_every_exit_code() {
        let readme = include_str!("../README.md").replace('`', "");
        for line in HELP.lines().skip(1) {
            let (code, meaning) = line.trim_start().split_once("  ").expect("two columns");
            assert!(readme.contains(&format!("| {code} | {meaning} |")), "{line}");
        }
        let codes = [
            Code::Failed,
            Code::Usage,
            Code::Refused,
            Code::Credentials,
            Code::Connection,
            Code::TimeLimit,
            Code::Cancelled,
            Code::OutcomeUnknown,
        ];
        for (index, code) in codes.into_iter().enumerate() {
            assert_eq!(code as usize, index + 1);
            let line = format!("\n  {}  ", code as u8);
            assert!(HELP.contains(&line), "{code:?}");
        }
    }
}
