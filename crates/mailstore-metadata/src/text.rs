//! From bytes to text, and from an offset in a text to a line and a column.

use std::borrow::Cow;

use crate::failure::Failure;
use crate::problem::Problem;

/// See [`crate::Dump::MAX_BYTES`].
pub(crate) const MAX_BYTES: usize = 16 * 1024 * 1024;

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";
const UTF16_MARKS: [&[u8]; 2] = [b"\xFF\xFE", b"\xFE\xFF"];

/// The text of a dump without its byte order mark, or what is wrong with the bytes together with the text to
/// show it in.
pub(crate) fn decode(bytes: &[u8]) -> Result<&str, (Box<Failure>, Cow<'_, str>)> {
    if bytes.len() > MAX_BYTES {
        let problem = Problem::TooLarge {
            bytes: bytes.len(),
            limit: MAX_BYTES,
        };
        return Err((Failure::new(problem), Cow::Borrowed("")));
    }
    // A zero among the first two bytes is a character of UTF-16 that came without its mark: JSON in UTF-8
    // starts with neither.
    if UTF16_MARKS.iter().any(|mark| bytes.starts_with(mark)) || bytes.iter().take(2).any(|&byte| byte == 0) {
        return Err((Failure::new(Problem::Utf16), Cow::Borrowed("")));
    }
    let content = bytes.strip_prefix(UTF8_MARK).unwrap_or(bytes);
    std::str::from_utf8(content).map_err(|cause| {
        let shown = String::from_utf8_lossy(content);
        let start = cause.valid_up_to();
        if cause.error_len().is_none() {
            // The text ends within a character, so the end is missing.
            return (
                Failure::new(Problem::Truncated).label(start..start + 1, "the text ends here"),
                shown,
            );
        }
        let offset = bytes.len() - content.len() + start;
        let problem = Problem::Utf8 { offset };
        (
            Failure::new(problem).label(start..start + 1, "not UTF-8 from here on"),
            shown,
        )
    })
}

/// The line and column of a byte offset, both counted from 1, the column in characters.
///
/// An offset within a character counts as its start, one beyond the end as the end.
pub(crate) fn line_and_column(text: &str, offset: usize) -> (usize, usize) {
    let before = &text[..floor_char_boundary(text, offset)];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = 1 + before.bytes().filter(|&byte| byte == b'\n').count();
    (line, 1 + before[line_start..].chars().count())
}

/// The nearest start of a character, or end of the text, at or before an offset.
pub(crate) fn floor_char_boundary(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len()))
        .rev()
        .find(|&at| text.is_char_boundary(at))
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(bytes: &[u8]) -> Failure {
        *decode(bytes).unwrap_err().0
    }

    #[test]
    fn columns_count_characters() {
        let text = "[\r\n  \"\u{e4}\u{20ac}x\"";
        assert_eq!(line_and_column(text, 0), (1, 1));
        assert_eq!(line_and_column(text, 3), (2, 1));
        assert_eq!(line_and_column(text, text.find('x').unwrap()), (2, 6));
        assert_eq!(line_and_column(text, text.find('x').unwrap() - 1), (2, 5));
        assert_eq!(line_and_column(text, 1000), (2, 8));
        assert_eq!(line_and_column("", 0), (1, 1));
    }

    #[test]
    fn the_size_is_limited() {
        assert!(decode(&vec![b' '; MAX_BYTES]).is_ok());
        let failure = failure(&vec![b' '; MAX_BYTES + 1]);
        assert_eq!(
            failure.problem,
            Problem::TooLarge {
                bytes: MAX_BYTES + 1,
                limit: MAX_BYTES
            }
        );
    }

    #[test]
    fn utf_16_is_recognised_with_and_without_a_mark() {
        for bytes in [&b"\xFF\xFE[\0]\0"[..], b"\xFE\xFF\0[\0]", b"[\0]\0", b"\0[\0]"] {
            assert_eq!(failure(bytes).problem, Problem::Utf16);
        }
    }

    #[test]
    fn the_offset_of_a_bad_byte_counts_the_mark() {
        assert_eq!(failure(b"[\"\xE4\"]").problem, Problem::Utf8 { offset: 2 });
        let failure = failure(b"\xEF\xBB\xBF[\"\xE4\"]");
        assert_eq!(failure.problem, Problem::Utf8 { offset: 5 });
        assert_eq!(failure.labels[0].span, 2..3);
    }

    #[test]
    fn a_text_that_ends_within_a_character_is_truncated() {
        assert_eq!(failure(b"[\"\xE2\x82").problem, Problem::Truncated);
    }
}
