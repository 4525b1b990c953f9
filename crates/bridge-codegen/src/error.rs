//! The error of a function list that cannot be parsed.

use std::sync::Arc;

use miette::{Diagnostic, NamedSource, SourceSpan};
use wire_values::{is_printable, line_and_column, printable};

/// A function list that cannot be parsed. The message contains the name of the list, the line and the column.
///
/// It is a diagnostic of `miette`: a report shows the place in the text, if the lines there are short and contain no
/// characters that control a terminal.
#[derive(Clone, Debug, thiserror::Error, Diagnostic)]
#[error("{place}: {problem}")]
pub struct ListError {
    place: String,
    problem: String,
    #[source_code]
    text: Option<Arc<NamedSource<String>>>,
    #[label("here")]
    span: Option<SourceSpan>,
}

/// Maximum length of a line that a report shows, in bytes. A list may be one long line.
const LONGEST_LINE: usize = 400;

impl ListError {
    /// An error at a byte offset of a text.
    pub(crate) fn new(name: &str, text: &str, offset: usize, problem: String) -> Self {
        let (line, column) = line_and_column(text, offset);
        let name = printable(name).whole().to_string();
        let is_shown = lines_around(text, line).all(|line| {
            line.len() <= LONGEST_LINE
                && line
                    .chars()
                    .all(|character| character == '\t' || is_printable(character))
        });
        Self {
            place: format!("{name}:{line}:{column}"),
            problem: printable(&problem).to_string(),
            text: is_shown.then(|| Arc::new(NamedSource::new(name, text.to_owned()))),
            span: is_shown.then(|| offset.min(text.len()).into()),
        }
    }

    /// An error of `serde_json`, which has a line and a column in bytes.
    pub(crate) fn of_json(name: &str, text: &str, error: &serde_json::Error) -> Self {
        let lines = text.split_inclusive('\n').take(error.line().saturating_sub(1));
        let offset = lines.map(str::len).sum::<usize>() + error.column().saturating_sub(1);
        let message = error.to_string();
        let place = format!(" at line {} column {}", error.line(), error.column());
        let problem = message.strip_suffix(&place).unwrap_or(&message);
        Self::new(name, text, offset, problem.to_owned())
    }
}

/// Returns the lines that a report of a problem in this line shows: the line and its neighbours.
fn lines_around(text: &str, line: usize) -> impl Iterator<Item = &str> {
    text.lines().skip(line.saturating_sub(2)).take(3)
}
