//! An error as a diagnostic: what a report handler of `miette` draws.

use std::fmt::Display;

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};

use crate::error::DumpError;
use crate::excerpt::{Excerpts, LONGEST_MARK};
use crate::failure::Label;
use crate::problem::Problem;
use crate::text::floor_char_boundary;

/// The source text with the places that show what is wrong.
pub(crate) struct Picture {
    source: NamedSource<Excerpts>,
    labels: Vec<LabeledSpan>,
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

impl Diagnostic for DumpError {
    fn help<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        self.problem().help()
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.picture().source)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.picture().labels.iter().cloned()))
    }
}

impl Diagnostic for Problem {
    fn help<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        Some(Box::new(self.advice()))
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
    use miette::NarratableReportHandler;

    use super::*;
    use crate::Dump;

    fn error(text: &str) -> DumpError {
        Dump::parse("server.json", text.as_bytes()).unwrap_err()
    }

    fn report(error: &DumpError) -> String {
        let mut report = String::new();
        NarratableReportHandler::new()
            .render_report(&mut report, error)
            .unwrap();
        report
    }

    #[test]
    fn a_report_shows_both_places_and_says_what_to_do() {
        let report = report(&error("[\n  {\"name\": \"A\"},\n  {\"name\": \"A\"}\n]\n"));
        for part in [
            "Begin snippet for server.json starting at line 1",
            "label at line 2, columns 12 to 14: first listed here",
            "label at line 3, columns 12 to 14: and listed again here",
            "diagnostic help: a name stands for one function",
        ] {
            assert!(report.contains(part), "{part:?} is missing in:\n{report}");
        }
    }

    #[test]
    fn a_report_on_a_text_of_one_long_line_is_short() {
        let filler: Vec<String> = (0..5000)
            .map(|number| format!("{{\"name\":\"F{number}\"}}"))
            .collect();
        let error = error(&format!(
            "[{{\"name\":\"A\"}},{},{{\"name\":\"A\"}}]",
            filler.join(",")
        ));
        let report = report(&error);
        assert!(report.len() < 2000, "{report}");
        assert!(
            report.contains("first listed here") && report.contains("and listed again here"),
            "{report}"
        );
        assert!(
            report.contains("{\"name\":\"F4999\"},{\"name\":\"A\"}]"),
            "{report}"
        );
    }

    #[test]
    fn the_source_of_a_report_cannot_steer_a_terminal() {
        let error = error("[{\"name\": \"\u{202e}\u{9b}2J\"}]\u{1b}[2J");
        for text in [report(&error), error.to_string(), format!("{error:?}")] {
            assert!(
                text.chars()
                    .all(|c| c == '\n' || !c.is_control() && c != '\u{202e}'),
                "{text:?}"
            );
        }
    }

    /// What `Box<dyn Error + Send + Sync>` and `miette::Report` ask for.
    #[test]
    fn errors_can_be_passed_on() {
        fn report(error: impl Diagnostic + Send + Sync + 'static) -> miette::Report {
            error.into()
        }
        assert_eq!(
            report(error("")).to_string(),
            "server.json:1:1: the text is empty"
        );
    }

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
