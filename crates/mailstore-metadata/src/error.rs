//! A problem with a dump, and its place.

use std::fmt;

use crate::failure::Failure;
#[cfg(feature = "diagnostics")]
use crate::picture::Picture;
use crate::problem::Problem;
use wire_values::{line_and_column, printable};

/// The error of parsing a dump.
///
/// It is displayed as one line, such as `server.json:12:34: function "X" is listed twice`. [`Problem::advice`] says
/// what to do next.
///
/// With the feature `diagnostics`, it is a diagnostic of `miette`: it contains the source text and marks the places
/// in it, so that a report handler can draw them. Control characters in that text are replaced by visible characters;
/// the marked places stay correct.
#[derive(thiserror::Error)]
#[error("{}:{}:{}: {}", printable(self.name()), self.line(), self.column(), printable(&self.problem().to_string()))]
pub struct DumpError {
    facts: Box<Facts>,
}

struct Facts {
    problem: Problem,
    name: String,
    line: usize,
    column: usize,
    #[cfg(feature = "diagnostics")]
    picture: Picture,
}

impl DumpError {
    /// Creates an error from a failure in the source `name`.
    pub(crate) fn new(name: &str, text: &str, failure: Failure) -> Self {
        let Failure { problem, labels } = failure;
        let at = labels.last().map_or(0, |label| label.span.start);
        let (line, column) = line_and_column(text, at);
        Self {
            facts: Box::new(Facts {
                problem,
                name: name.to_owned(),
                line,
                column,
                #[cfg(feature = "diagnostics")]
                picture: Picture::new(name, text, labels),
            }),
        }
    }

    /// Returns the problem.
    pub fn problem(&self) -> &Problem {
        &self.facts.problem
    }

    /// Returns the name of the source that was passed to the parser, such as a file name.
    pub fn name(&self) -> &str {
        &self.facts.name
    }

    /// Returns the line of the problem, counted from 1.
    pub fn line(&self) -> usize {
        self.facts.line
    }

    /// Returns the column of the problem in characters, counted from 1. A byte order mark does not count.
    pub fn column(&self) -> usize {
        self.facts.column
    }

    #[cfg(feature = "diagnostics")]
    pub(crate) fn picture(&self) -> &Picture {
        &self.facts.picture
    }
}

impl fmt::Debug for DumpError {
    /// Omits the source text, because it may be long.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DumpError")
            .field("name", &printable(self.name()))
            .field("line", &self.line())
            .field("column", &self.column())
            .field("problem", self.problem())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dump;

    fn error(text: &str) -> DumpError {
        Dump::parse("server.json", text.as_bytes()).unwrap_err()
    }

    #[test]
    fn the_error_is_displayed_as_one_line_with_the_place() {
        let error = error("[\n  {\"name\": \"A\"},\n  {\"name\": \"A\"}\n]\n");
        assert_eq!(
            error.to_string(),
            "server.json:3:12: function \"A\" is listed twice"
        );
        assert_eq!(
            (error.name(), error.line(), error.column()),
            ("server.json", 3, 12)
        );
    }

    #[test]
    fn debug_output_omits_the_source_text() {
        assert!(!format!("{:?}", error("[{\"name\":\"a\"}, 17]")).contains("17"));
    }
}
