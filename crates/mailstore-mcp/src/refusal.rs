//! A call that is refused before anything is sent.

use miette::Report;

/// Why nothing was sent, and what to do.
#[derive(Debug, PartialEq)]
pub(crate) struct Refusal {
    pub(crate) reason: String,
    pub(crate) next_step: String,
}

impl Refusal {
    pub(crate) fn new(reason: impl Into<String>, next_step: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            next_step: next_step.into(),
        }
    }
}

/// The error of a check with its advice.
impl From<Report> for Refusal {
    fn from(report: Report) -> Self {
        let next_step = report.help().map_or_else(
            || "Correct the arguments and call the tool again.".to_owned(),
            |help| help.to_string(),
        );
        Self::new(report.to_string(), next_step)
    }
}
