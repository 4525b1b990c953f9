//! The places in the source text that show a problem with a dump, as `miette` draws them.

use miette::{LabeledSpan, NamedSource};

use crate::excerpt::{Excerpts, LONGEST_MARK};
use crate::failure::Label;
use wire_values::{floor_char_boundary, printable};

/// The source text and the places that show the problem.
pub(crate) struct Picture {
    pub(crate) source: NamedSource<Excerpts>,
    pub(crate) labels: Vec<LabeledSpan>,
}

impl Picture {
    /// Creates a picture from the labels of a failure. The last label is the place of the problem.
    pub(crate) fn new(name: &str, text: &str, labels: Vec<Label>) -> Self {
        let count = labels.len();
        let labels = labels.into_iter().enumerate();
        Self {
            source: NamedSource::new(printable(name).to_string(), Excerpts::new(text)).with_language("json"),
            labels: labels
                .map(|(index, label)| labeled_span(text, label, index + 1 == count))
                .collect(),
        }
    }
}

/// Converts a label for a report: it covers whole characters of one line, and its length is limited.
fn labeled_span(text: &str, label: Label, is_primary: bool) -> LabeledSpan {
    let start = floor_char_boundary(text, label.span.start);
    let rest = &text[start..];
    let line = rest.find(['\r', '\n']).unwrap_or(rest.len());
    let wanted = label.span.len().min(LONGEST_MARK).min(line);
    // Covers at least one character, so that the mark is visible.
    let first = rest.chars().next().map_or(0, char::len_utf8);
    let length = floor_char_boundary(rest, wanted).max(first);
    if is_primary {
        LabeledSpan::new_primary_with_span(Some(label.text), (start, length))
    } else {
        LabeledSpan::new(Some(label.text), start, length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_cover_whole_characters_of_one_line() {
        let mark = |text: &str, span| {
            let label = Label {
                span,
                text: String::new(),
            };
            let span = *labeled_span(text, label, true).inner();
            text[span.offset()..span.offset() + span.len()].to_owned()
        };
        assert_eq!(mark("[\u{20ac}]", 1..2), "\u{20ac}");
        assert_eq!(mark("[\u{20ac}]", 2..3), "\u{20ac}");
        assert_eq!(mark("[1,\r\n2]", 0..7), "[1,");
        assert_eq!(mark("[\n]", 1..2), "\n");
        assert_eq!(mark("[]", 2..3), "");
        assert_eq!(mark(&"x".repeat(1000), 0..1000).len(), LONGEST_MARK);
    }
}
