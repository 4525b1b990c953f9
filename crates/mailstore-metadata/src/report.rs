//! Implements `miette::Diagnostic`, which report handlers draw.

use std::fmt::Display;

use miette::{Diagnostic, LabeledSpan, SourceCode};

use crate::error::DumpError;
use crate::problem::Problem;

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
    fn a_report_shows_both_places_and_the_advice() {
        let report = report(&error("[\n  {\"name\": \"A\"},\n  {\"name\": \"A\"}\n]\n"));
        for part in [
            "Begin snippet for server.json starting at line 1",
            "label at line 2, columns 12 to 14: first listed here",
            "label at line 3, columns 12 to 14: listed again here",
            "diagnostic help: function names are unique",
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
            report.contains("first listed here") && report.contains("listed again here"),
            "{report}"
        );
        assert!(
            report.contains("{\"name\":\"F4999\"},{\"name\":\"A\"}]"),
            "{report}"
        );
    }

    #[test]
    fn the_source_of_a_report_cannot_control_a_terminal() {
        let error = error("[{\"name\": \"\u{202e}\u{9b}2J\"}]\u{1b}[2J");
        for text in [report(&error), error.to_string(), format!("{error:?}")] {
            assert!(
                text.chars()
                    .all(|c| c == '\n' || !c.is_control() && c != '\u{202e}'),
                "{text:?}"
            );
        }
    }

    /// The bounds are those of `Box<dyn Error + Send + Sync>` and of `miette::Report`.
    #[test]
    fn errors_can_be_boxed_and_converted_to_reports() {
        fn report(error: impl Diagnostic + Send + Sync + 'static) -> miette::Report {
            error.into()
        }
        assert_eq!(
            report(error("")).to_string(),
            "server.json:1:1: the text is empty"
        );
    }
}
