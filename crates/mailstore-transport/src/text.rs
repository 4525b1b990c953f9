//! Text that comes in pieces, each of which may end inside a character.
//!
//! The server cuts its log where it happens to be. It keeps text as UTF-16, so a cut inside a character leaves half
//! of a surrogate pair at the end of one piece (`\ud83d`) and the other half at the beginning of the next
//! (`\ude00`). JSON strings read as bytes keep such halves, each as three bytes.

use std::ops::Range;

/// Puts pieces of text together.
#[derive(Default, Debug)]
pub(crate) struct Joiner {
    /// The beginning of a character whose rest has not come yet: at most five bytes.
    open: Vec<u8>,
}

impl Joiner {
    /// The characters that this piece completes. What is no character becomes U+FFFD.
    pub(crate) fn push(&mut self, piece: &[u8]) -> String {
        let mut bytes = std::mem::take(&mut self.open);
        bytes.extend_from_slice(piece);
        let mut text = String::with_capacity(bytes.len());
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            match next(rest) {
                Next::Text(valid, after) => {
                    text.push_str(valid);
                    rest = after;
                }
                Next::Character(character, after) => {
                    text.push(character);
                    rest = after;
                }
                Next::Incomplete => {
                    self.open = rest.to_vec();
                    break;
                }
            }
        }
        text
    }

    /// Goes on where another one stopped.
    pub(crate) fn resumed(open: Vec<u8>) -> Self {
        Self { open }
    }

    /// The bytes that wait for the rest of their character.
    pub(crate) fn open(&self) -> &[u8] {
        &self.open
    }

    /// What was never completed, as U+FFFD; empty if nothing is open.
    pub(crate) fn finish(&mut self) -> &'static str {
        let open = std::mem::take(&mut self.open);
        if open.is_empty() { "" } else { "\u{FFFD}" }
    }
}

enum Next<'a> {
    Text(&'a str, &'a [u8]),
    Character(char, &'a [u8]),
    /// Nothing can be said before more bytes come.
    Incomplete,
}

fn next(bytes: &[u8]) -> Next<'_> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Next::Text(text, &[]),
        Err(error) if error.valid_up_to() > 0 => {
            let (valid, rest) = bytes.split_at(error.valid_up_to());
            // `valid_up_to` says that these bytes are valid.
            Next::Text(std::str::from_utf8(valid).unwrap_or_default(), rest)
        }
        Err(error) if error.error_len().is_none() => Next::Incomplete,
        Err(error) => match surrogates(bytes) {
            Some(next) => next,
            None => Next::Character(
                char::REPLACEMENT_CHARACTER,
                &bytes[error.error_len().unwrap_or(1)..],
            ),
        },
    }
}

/// Reads a surrogate pair, each half in three bytes; `None` if the bytes do not begin with a half.
fn surrogates(bytes: &[u8]) -> Option<Next<'_>> {
    let [0xED, second @ 0xA0..=0xBF, after @ ..] = bytes else {
        return None;
    };
    let Some((third, after)) = after.split_first() else {
        return Some(Next::Incomplete);
    };
    let lone = Next::Character(char::REPLACEMENT_CHARACTER, after);
    if !matches!(third, 0x80..=0xBF) || *second >= 0xB0 {
        return Some(lone);
    }
    Some(match after {
        [] | [0xED] | [0xED, 0xB0..=0xBF] => Next::Incomplete,
        [
            0xED,
            low_second @ 0xB0..=0xBF,
            low_third @ 0x80..=0xBF,
            after @ ..,
        ] => {
            let high = u32::from(second & 0x0F) << 6 | u32::from(third & 0x3F);
            let low = u32::from(low_second & 0x0F) << 6 | u32::from(low_third & 0x3F);
            let code = 0x10000 + (high << 10) + low;
            Next::Character(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), after)
        }
        _ => lone,
    })
}

/// Valid JSON text in which every half of a surrogate pair is U+FFFD; `None` if it has none.
pub(crate) fn without_halves(json: &str) -> Option<String> {
    next_half(json, 0)?;
    let mut text = json.to_owned();
    replace_halves(&mut text, 0..json.len());
    Some(text)
}

/// Replaces every half of a surrogate pair in a part of a text, which is JSON, with U+FFFD. The text keeps its length
/// and is not copied.
pub(crate) fn replace_halves(text: &mut String, part: Range<usize>) {
    let mut place = part.start;
    while let Some(half) = text.get(..part.end).and_then(|json| next_half(json, place)) {
        text.replace_range(half..half + 6, "\\ufffd");
        place = half + 6;
    }
}

/// The place of the first half of a surrogate pair in JSON text, at or after a place outside of escapes.
fn next_half(json: &str, mut place: usize) -> Option<usize> {
    // In JSON a backslash is in a string and begins an escape.
    while let Some(found) = json.get(place..)?.find('\\') {
        let escape = place + found;
        place = match (unit(json, escape), unit(json, escape + 6)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => escape + 12,
            (Some(0xD800..=0xDFFF), _) => return Some(escape),
            (Some(_), _) => escape + 6,
            (None, _) => escape + 2,
        };
    }
    None
}

/// The UTF-16 unit of an escape such as `\u00e9` at this place, if there is one.
fn unit(json: &str, place: usize) -> Option<u16> {
    let digits = json.get(place..place + 6)?.strip_prefix("\\u")?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn halves_of_surrogate_pairs_in_json_are_replaced_and_pairs_are_kept() {
        for (json, mended) in [
            (r#""a\ud83d""#, Some(r#""a\ufffd""#)),
            (r#""\ude00b""#, Some(r#""\ufffdb""#)),
            (
                r#""\ud83d\ud83d\ude00\ude00""#,
                Some(r#""\ufffd\ud83d\ude00\ufffd""#),
            ),
            (
                r#"{"\ud83d":"\ud83dx\ude00"}"#,
                Some(r#"{"\ufffd":"\ufffdx\ufffd"}"#),
            ),
            (r#""\ud83d\n\ude00""#, Some(r#""\ufffd\n\ufffd""#)),
            (r#""\ud83d\ude00""#, None),
            (r#""\\ud83d \\\\ud83d \u00e9 é😀""#, None),
            (r#""\\\ud83d""#, Some(r#""\\\ufffd""#)),
            ("[1]", None),
        ] {
            assert_eq!(without_halves(json).as_deref(), mended, "{json}");
        }
    }

    /// A character beyond the first plane as two halves of three bytes, as a JSON reader returns them.
    fn halves(character: char) -> Vec<u8> {
        let mut units = [0; 2];
        character
            .encode_utf16(&mut units)
            .iter()
            .flat_map(|unit| {
                [
                    0xE0 | (unit >> 12) as u8,
                    0x80 | (unit >> 6 & 0x3F) as u8,
                    0x80 | (unit & 0x3F) as u8,
                ]
            })
            .collect()
    }

    fn join(pieces: &[&[u8]]) -> String {
        let mut joiner = Joiner::default();
        let mut text: String = pieces.iter().map(|piece| joiner.push(piece)).collect();
        text.push_str(joiner.finish());
        text
    }

    #[test]
    fn the_parts_of_a_split_character_are_joined() {
        assert_eq!(join(&["Grö".as_bytes(), "ße".as_bytes()]), "Größe");
        assert_eq!(join(&[b"Gr\xC3", b"\xB6\xC3", b"\x9Fe"]), "Größe");
    }

    #[test]
    fn the_halves_of_a_surrogate_pair_are_joined() {
        let halves = halves('😀');
        assert_eq!(join(&[&halves[..3], &halves[3..]]), "😀");
        assert_eq!(join(&[b"a", &halves[..3], &halves[3..], b"b"]), "a😀b");
    }

    #[test]
    fn a_half_without_its_pair_is_replaced_and_nothing_else_is_lost() {
        let halves = halves('😀');
        assert_eq!(join(&[b"a", &halves[..3], b"b"]), "a\u{FFFD}b");
        assert_eq!(join(&[b"a", &halves[3..], b"b"]), "a\u{FFFD}b");
        assert_eq!(join(&[b"a", &halves[..3]]), "a\u{FFFD}");
    }

    proptest! {
        /// Whatever units a string is made of, it can be read once its halves are replaced, and as UTF-16 would be.
        #[test]
        fn a_string_of_any_utf16_units_is_decoded(units in prop::collection::vec(prop_oneof![any::<u16>(), 0xD7FF_u16..0xE001], 0..12)) {
            let json: String = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
            let json = format!("\"{json}\"");
            let text: String = serde_json::from_str(without_halves(&json).as_deref().unwrap_or(&json)).unwrap();
            prop_assert_eq!(text, String::from_utf16_lossy(&units));
        }

        #[test]
        fn the_text_does_not_depend_on_where_it_is_cut(text in "\\PC{0,20}", cut in 1_usize..7) {
            let bytes: Vec<u8> = text.chars().flat_map(|c| if c.len_utf16() == 2 { halves(c) } else { c.to_string().into_bytes() }).collect();
            let pieces: Vec<&[u8]> = bytes.chunks(cut).collect();
            prop_assert_eq!(join(&pieces), text);
        }

        #[test]
        fn any_bytes_become_text_of_limited_length(pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..9), 0..9)) {
            let pieces: Vec<&[u8]> = pieces.iter().map(Vec::as_slice).collect();
            let length: usize = pieces.iter().map(|piece| piece.len()).sum();
            prop_assert!(join(&pieces).len() <= 3 * length);
        }
    }
}
