//! What is wrong with a job, and where.

use std::fmt;

use mailstore_api::printable;
use miette::Report;

/// Something that is wrong with a job. It never contains a line of the file, which may contain a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The line and the column in the file, both counted from 1, if they are known.
    pub place: Option<(usize, usize)>,
    /// The field, such as `target[0].profiles[1]`. It is empty if the problem concerns the whole file.
    pub field: String,
    /// What is wrong.
    pub message: String,
    /// What the user can do.
    pub help: Option<String>,
}

impl Problem {
    /// Creates the problem of a field. Its place is not known yet.
    pub(super) fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            place: None,
            field: field.into(),
            message: message.into(),
            help: None,
        }
    }

    /// Creates the problem of a field from an error.
    pub(super) fn of_report(field: impl Into<String>, report: &Report) -> Self {
        Self {
            help: report.help().map(|help| help.to_string()),
            ..Self::new(field, report.to_string())
        }
    }

    /// Adds what the user can do.
    pub(super) fn with_help(self, help: impl Into<String>) -> Self {
        Self {
            help: Some(help.into()),
            ..self
        }
    }

    /// Suggests a name, if one is known.
    pub(super) fn with_suggestion(self, known: Option<&str>) -> Self {
        match known {
            Some(known) => self.with_help(format!("Did you mean `{}`?", printable(known))),
            None => self,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((line, column)) = self.place {
            write!(f, "line {line}, column {column}: ")?;
        }
        if !self.field.is_empty() {
            write!(f, "`{}`: ", printable(&self.field))?;
        }
        f.write_str(&self.message)?;
        match &self.help {
            Some(help) => write!(f, ". {help}"),
            None => Ok(()),
        }
    }
}

/// A job cannot be run. Nothing was started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongJob {
    /// Everything that is wrong, in the order of the file. There is at least one problem.
    pub problems: Vec<Problem>,
}

impl fmt::Display for WrongJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for WrongJob {}

impl From<Problem> for WrongJob {
    fn from(problem: Problem) -> Self {
        Self {
            problems: vec![problem],
        }
    }
}
