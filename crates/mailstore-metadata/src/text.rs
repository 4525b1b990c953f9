//! Decodes bytes to text.

use std::borrow::Cow;
use wire_values::line_and_column;

use crate::failure::Failure;
use crate::problem::Problem;

/// See [`crate::Dump::MAX_BYTES`].
pub(crate) const MAX_BYTES: usize = 16 * 1024 * 1024;

const UTF8_MARK: &[u8] = b"\xEF\xBB\xBF";
const UTF16_MARKS: [&[u8]; 2] = [b"\xFF\xFE", b"\xFE\xFF"];

/// Bytes that are neither UTF-8 nor UTF-16, and their place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: this is not text in UTF-8 or UTF-16; save the file as UTF-8")]
pub struct NotText {
    /// The line of the first invalid byte, counted from 1.
    pub line: usize,
    /// Its column in characters, counted from 1.
    pub column: usize,
}

/// Decodes a text file: UTF-8, or UTF-16 in either byte order. The byte order mark is removed.
///
/// UTF-16 without a byte order mark is detected by a zero byte among the first two.
///
/// # Errors
/// The bytes are neither UTF-8 nor UTF-16.
///
/// ```
/// let utf16 = b"\xFF\xFE[\0]\0";
/// assert_eq!(mailstore_metadata::decode_text(utf16)?, "[]");
/// assert_eq!(mailstore_metadata::decode_text(b"a\n\xE4").unwrap_err().line, 2);
/// # Ok::<(), mailstore_metadata::NotText>(())
/// ```
pub fn decode_text(bytes: &[u8]) -> Result<Cow<'_, str>, NotText> {
    let wrong_after = |before: &str| {
        let (line, column) = line_and_column(before, before.len());
        NotText { line, column }
    };
    if is_utf16(bytes) {
        return utf16(bytes)
            .map(Cow::Owned)
            .map_err(|before| wrong_after(&before));
    }
    let content = bytes.strip_prefix(UTF8_MARK).unwrap_or(bytes);
    match std::str::from_utf8(content) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(error) => {
            let before = String::from_utf8_lossy(&content[..error.valid_up_to()]);
            Err(wrong_after(&before))
        }
    }
}

/// Returns whether bytes are UTF-16. A zero byte among the first two means UTF-16 without a byte order mark, because
/// JSON and TOML in UTF-8 never begin with a zero byte.
fn is_utf16(bytes: &[u8]) -> bool {
    UTF16_MARKS.iter().any(|mark| bytes.starts_with(mark)) || bytes.iter().take(2).any(|&byte| byte == 0)
}

/// Decodes UTF-16 in either byte order and removes the byte order mark. On failure, returns the text before the
/// invalid bytes.
fn utf16(bytes: &[u8]) -> Result<String, String> {
    let big_endian = bytes.starts_with(UTF16_MARKS[1]) || bytes.first() == Some(&0);
    let pairs = bytes.chunks_exact(2);
    let incomplete = !pairs.remainder().is_empty();
    let units = pairs.map(|pair| {
        let pair = [pair[0], pair[1]];
        if big_endian {
            u16::from_be_bytes(pair)
        } else {
            u16::from_le_bytes(pair)
        }
    });
    let mut text = String::with_capacity(bytes.len() / 2);
    for character in char::decode_utf16(units) {
        match character {
            Ok('\u{feff}') if text.is_empty() => {}
            Ok(character) => text.push(character),
            Err(_) => return Err(text),
        }
    }
    if incomplete { Err(text) } else { Ok(text) }
}

/// Returns the text of a dump without its byte order mark, or the problem with the bytes and the text in which to
/// show it.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, (Box<Failure>, Cow<'_, str>)> {
    if bytes.len() > MAX_BYTES {
        let problem = Problem::TooLarge {
            bytes: bytes.len(),
            limit: MAX_BYTES,
        };
        return Err((Failure::new(problem), Cow::Borrowed("")));
    }
    if is_utf16(bytes) {
        return utf16(bytes).map(Cow::Owned).map_err(|before| {
            let end = before.len();
            let failure = Failure::new(Problem::Utf16).label(end..end + 1, "the first invalid byte");
            (failure, Cow::Owned(before + "\u{fffd}"))
        });
    }
    let content = bytes.strip_prefix(UTF8_MARK).unwrap_or(bytes);
    std::str::from_utf8(content).map(Cow::Borrowed).map_err(|cause| {
        let shown = String::from_utf8_lossy(content);
        let start = cause.valid_up_to();
        if cause.error_len().is_none() {
            // The text ends within a character, so it is truncated.
            return (
                Failure::new(Problem::Truncated).label(start..start + 1, "the text ends here"),
                shown,
            );
        }
        let offset = bytes.len() - content.len() + start;
        let problem = Problem::Utf8 { offset };
        (
            Failure::new(problem).label(start..start + 1, "the first invalid byte"),
            shown,
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failure(bytes: &[u8]) -> Failure {
        *decode(bytes).unwrap_err().0
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
    fn utf_16_is_decoded_in_either_byte_order_with_and_without_a_mark() {
        for bytes in [&b"\xFF\xFE[\0]\0"[..], b"\xFE\xFF\0[\0]", b"[\0]\0", b"\0[\0]"] {
            assert_eq!(decode(bytes).unwrap(), "[]");
            assert_eq!(decode_text(bytes).unwrap(), "[]");
        }
    }

    #[test]
    fn truncated_or_unpaired_utf_16_is_rejected_with_its_place() {
        for bytes in [&b"\xFF\xFE[\0\n\0a\0]"[..], b"\xFE\xFF\0[\0\n\0a\xD8\x00"] {
            assert_eq!(failure(bytes).problem, Problem::Utf16);
            assert_eq!(decode_text(bytes), Err(NotText { line: 2, column: 2 }));
        }
        assert_eq!(decode_text(b"ab\xE4"), Err(NotText { line: 1, column: 3 }));
        assert_eq!(decode_text(b"").unwrap(), "");
    }

    #[test]
    fn the_offset_of_an_invalid_byte_counts_the_byte_order_mark() {
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
