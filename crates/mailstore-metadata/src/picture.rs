//! The places in the source text that show what is wrong with a dump, as `miette` draws them.

use miette::{LabeledSpan, NamedSource};

use crate::excerpt::{Excerpts, LONGEST_MARK};
use crate::failure::Label;
use crate::text::floor_char_boundary;

/// The source text with the places that show what is wrong.
pub(crate) struct Picture {
    pub(crate) source: NamedSource<Excerpts>,
    pub(crate) labels: Vec<LabeledSpan>,
}

impl Picture {
    /// The labels of a failure, the last of which is the place of the problem.
    pub(crate) fn new(name: &str, text: &str, labels: Vec<Label>) -> Self {
        let count = labels.len();
        let labels = labels.into_iter().enumerate();
        Self {
            source: NamedSource::new(name, Excerpts::new(text)).with_language("json"),
            labels: labels
                .map(|(index, label)| labeled_span(text, label, index + 1 == count))
                .collect(),
        }
    }
}

/// The label in terms of the report: whole characters of one line, and no more than can be underlined.
fn labeled_span(text: &str, label: Label, is_primary: bool) -> LabeledSpan {
    let start = floor_char_boundary(text, label.span.start);
    let rest = &text[start..];
    let line = rest.find(['\r', '\n']).unwrap_or(rest.len());
    let wanted = label.span.len().min(LONGEST_MARK).min(line);
    // At least one character, so that there is something to point at.
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
