//! Decodes JSON strings of any length in parts of limited length.

use std::fmt;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer};
use wire_values::{floor_char_boundary, from_json};

use crate::text::{Joiner, without_halves};

/// Maximum length of the JSON text of a member that is kept as a string, such as the message of an error. The rest is
/// removed. The longest published member has 2 KB.
const LONGEST: usize = 1024 * 1024;

/// Decodes a JSON string. Half a surrogate pair becomes U+FFFD. Returns `None` if the JSON is not a string.
pub(crate) fn text_of(json: &str) -> Option<String> {
    let content = content(json)?;
    let kept = format!("\"{}\"", &content[..part(content, LONGEST)]);
    match without_halves(&kept) {
        Some(text) => from_json(&text).ok(),
        None => from_json(&kept).ok(),
    }
}

/// Returns the text between the quotation marks of a JSON string.
pub(crate) fn content(json: &str) -> Option<&str> {
    json.strip_prefix('"')?.strip_suffix('"')
}

/// Returns the length of the part at the beginning of the content of a JSON string that has at most `longest` bytes and
/// ends neither inside an escape nor inside a character. It is not empty unless the content is.
pub(crate) fn part(content: &str, longest: usize) -> usize {
    if content.len() <= longest {
        return content.len();
    }
    let mut place = 0;
    while let Some(found) = content[place..].find('\\').map(|found| place + found) {
        let length = if content[found..].starts_with("\\u") { 6 } else { 2 };
        if found + length > longest {
            return floor_char_boundary(content, found.min(longest));
        }
        place = (found + length).min(content.len());
    }
    floor_char_boundary(content, longest)
}

/// Decodes the content of a JSON string, or a [`part`] of it, as bytes. They are UTF-8, except for parts of characters
/// that the server split, which no Rust string can hold.
pub(crate) fn bytes_of(content: &str) -> Vec<u8> {
    serde_json::from_str(&format!("\"{content}\"")).map_or_else(|_| Vec::new(), |Bytes(bytes)| bytes)
}

/// Decodes the content of a JSON string. Parts of characters become U+FFFD.
pub(crate) fn joined(content: &str) -> String {
    let mut joiner = Joiner::default();
    let mut text = joiner.push(&bytes_of(content));
    text.push_str(joiner.finish());
    text
}

/// A JSON string as bytes.
struct Bytes(Vec<u8>);

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AsBytes;

        impl Visitor<'_> for AsBytes {
            type Value = Bytes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes(bytes.to_vec()))
            }
        }
        deserializer.deserialize_bytes(AsBytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_part_ends_neither_inside_an_escape_nor_inside_a_character() {
        for (content, longest, expected) in [
            ("abc", 3, 3),
            ("abc", 2, 2),
            (r"a\nb", 2, 1),
            (r"a\nb", 3, 3),
            (r"a\u00e9b", 6, 1),
            (r"a\u00e9b", 7, 7),
            (r"\\\\\\", 3, 2),
            ("a\u{20ac}b", 3, 1),
            ("a\u{20ac}b", 4, 4),
        ] {
            assert_eq!(part(content, longest), expected, "{content} {longest}");
        }
    }

    #[test]
    fn a_long_text_is_cut() {
        for unit in ["x", "\u{20ac}", "\\n", "\\ud83d\\ude00", "\\\\"] {
            let text = text_of(&format!("\"{}\"", unit.repeat(LONGEST))).unwrap();
            assert!((LONGEST / 6..=LONGEST).contains(&text.len()), "{unit}");
        }
        for other in ["5", "null", "[]", "{}", "\"", ""] {
            assert_eq!(text_of(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn the_parts_of_a_text_are_the_text(text in ".{0,60}", longest in 6_usize..20) {
            let json = serde_json::to_string(&text).unwrap();
            let mut rest = content(&json).unwrap();
            let mut joined = Vec::new();
            while !rest.is_empty() {
                let (this, next) = rest.split_at(part(rest, longest));
                prop_assert!(!this.is_empty() && this.len() <= longest);
                joined.extend(bytes_of(this));
                rest = next;
            }
            prop_assert_eq!(String::from_utf8(joined).unwrap(), text);
        }
    }
}
