//! Excerpts of the source text for reports.
//!
//! A server sends one line of tens of thousands of characters, and reports print the whole lines around a place. This
//! module therefore shortens long lines.

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};
use wire_values::{floor_char_boundary, line_and_column, same_length};

/// Maximum number of bytes of an excerpt of whole lines.
const LIMIT: usize = 600;

/// Number of bytes of a long line that are shown before and after a place.
const AROUND: usize = 50;

/// Maximum number of bytes that one mark covers.
pub(crate) const LONGEST_MARK: usize = 120;

/// A text that provides excerpts.
#[derive(Clone, Debug)]
pub(crate) struct Excerpts {
    text: String,
}

impl Excerpts {
    /// Creates excerpts of a text. Replaces characters that control a terminal with others of the same length.
    pub(crate) fn new(text: &str) -> Self {
        Self {
            text: text.chars().map(same_length).collect(),
        }
    }

    /// Returns the text between two character boundaries, with its place.
    fn part(&self, from: usize, to: usize) -> MietteSpanContents<'_> {
        let (line, column) = line_and_column(&self.text, from);
        let data = &self.text.as_bytes()[from..to];
        MietteSpanContents::new(data, (from, to - from).into(), line - 1, column - 1, 1)
    }
}

impl SourceCode for Excerpts {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        context_lines_before: usize,
        context_lines_after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        if span
            .offset()
            .checked_add(span.len())
            .is_none_or(|end| end > self.text.len())
        {
            return Err(MietteError::OutOfBounds);
        }
        let lines = self
            .text
            .read_span(span, context_lines_before, context_lines_after)?;
        let whole_lines = context_lines_before + context_lines_after > 0;
        if whole_lines && lines.data().len() <= LIMIT {
            return Ok(lines);
        }
        let start = floor_char_boundary(&self.text, span.offset());
        let end = floor_char_boundary(&self.text, span.offset() + span.len());
        if !whole_lines {
            return Ok(Box::new(self.part(start, end)));
        }
        if span.len() > LONGEST_MARK {
            // The span joins two places. If an error is returned, the places are shown one by one.
            return Err(MietteError::OutOfBounds);
        }
        let line_start = self.text[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let line_end = self.text[end..]
            .find('\n')
            .map_or(self.text.len(), |newline| end + newline);
        let from = floor_char_boundary(&self.text, start.saturating_sub(AROUND)).max(line_start);
        let to = floor_char_boundary(&self.text, end + AROUND).clamp(end, line_end);
        Ok(Box::new(self.part(from, to)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the text of the excerpt, and the line and column where it starts, counted from 0.
    fn read(text: &str, span: (usize, usize), context: usize) -> (String, usize, usize) {
        let excerpts = Excerpts::new(text);
        let excerpt = excerpts.read_span(&span.into(), context, context).unwrap();
        let data = String::from_utf8(excerpt.data().to_vec()).unwrap();
        (data, excerpt.line(), excerpt.column())
    }

    #[test]
    fn short_lines_are_shown_with_the_lines_around_them() {
        assert_eq!(
            read("one\ntwo\nthree\nfour\n", (4, 3), 1),
            ("one\ntwo\nthree\n".to_owned(), 0, 0)
        );
    }

    #[test]
    fn long_lines_are_shown_in_part() {
        let text = format!(
            "one\n{}HERE{}\nthree\n",
            "\u{20ac}".repeat(1000),
            "\u{20ac}".repeat(1000)
        );
        let (data, line, column) = read(&text, (4 + 3000, 4), 1);
        assert_eq!(
            data,
            format!("{}HERE{}", "\u{20ac}".repeat(17), "\u{20ac}".repeat(16))
        );
        assert_eq!((line, column), (1, 1000 - 17));
    }

    #[test]
    fn columns_count_characters() {
        assert_eq!(read("\n\u{20ac}\u{20ac}x", (7, 1), 0), ("x".to_owned(), 1, 2));
    }

    #[test]
    fn spans_beyond_the_text_are_rejected() {
        for offset in 0..8 {
            for length in 0..8 {
                for context in 0..2 {
                    let excerpts = Excerpts::new("a\u{20ac}\n");
                    let excerpt = excerpts.read_span(&(offset, length).into(), context, context);
                    assert_eq!(
                        excerpt.is_ok(),
                        offset + length <= 5,
                        "{offset} {length} {context}"
                    );
                }
            }
        }
        assert!(
            Excerpts::new("abc")
                .read_span(&(1, usize::MAX).into(), 1, 1)
                .is_err()
        );
    }

    #[test]
    fn replaced_characters_keep_their_length() {
        for character in ('\0'..='\u{ffff}').chain('\u{10000}'..='\u{10100}') {
            let shown = same_length(character);
            assert_eq!(shown.len_utf8(), character.len_utf8(), "{character:?}");
        }
        assert_eq!(
            Excerpts::new("\u{1b}[2J\u{9b}\u{202e}\u{e4}").text,
            "?[2J\u{bf}\u{fffd}\u{e4}"
        );
    }
}
