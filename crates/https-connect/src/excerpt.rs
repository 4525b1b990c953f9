//! The beginning of a response, for errors. It contains none of the secrets that the request sent.

/// What stands in the place of a secret.
const CUT: &str = "***";

/// Maximum length of an excerpt, in characters.
const LONGEST: usize = 500;

/// Maximum length of the text that is searched, in bytes. A server may return a long text as an error.
const SEARCHED: usize = 64 * 1024;

/// Returns the beginning of a text from a server, with `***` in the place of each secret.
///
/// A server may repeat a secret in another encoding than the one of the request. A secret is found if each of its
/// characters is written as it is, in percent-encoding (also encoded several times, or in Latin-1), as an escape of
/// JSON, or as a reference of HTML. Characters that are not UTF-8 and were replaced are found, too.
pub fn excerpt<'a>(text: &[u8], secrets: impl IntoIterator<Item = &'a str>) -> String {
    let secrets: Vec<_> = secrets.into_iter().filter(|secret| !secret.is_empty()).collect();
    let text = String::from_utf8_lossy(text.get(..SEARCHED).unwrap_or(text));
    let mut rest = &*text;
    let mut shown = String::new();
    for length in 0.. {
        let Some(character) = rest.chars().next() else {
            break;
        };
        if length == LONGEST {
            shown.push('…');
            break;
        }
        let found = secrets.iter().filter_map(|secret| length_of(secret, rest)).max();
        let end = found.unwrap_or(character.len_utf8());
        shown.push_str(if found.is_some() { CUT } else { &rest[..end] });
        rest = &rest[end..];
    }
    shown
}

/// Returns the length of a secret at the beginning of a text, in any mixture of encodings.
fn length_of(secret: &str, text: &str) -> Option<usize> {
    // A character may be written in several ways at one place, such as a percent sign: `%25` or `%`.
    let mut ends = vec![0];
    for character in secret.chars() {
        let next = ends
            .iter()
            .flat_map(|end| spellings(character, &text[*end..]).map(move |length| end + length));
        ends = next.collect();
        ends.sort_unstable();
        ends.dedup();
        if ends.is_empty() {
            return None;
        }
    }
    ends.last().copied()
}

/// Returns the lengths of all spellings of a character with which a text begins.
fn spellings(character: char, text: &str) -> impl Iterator<Item = usize> {
    let is_lossy = !character.is_ascii() && text.starts_with(char::REPLACEMENT_CHARACTER);
    let lossy = is_lossy.then_some(char::REPLACEMENT_CHARACTER.len_utf8());
    let plain = text.starts_with(character).then_some(character.len_utf8());
    let plus = (character == ' ' && text.starts_with('+')).then_some(1);
    let utf8 = percent(character.encode_utf8(&mut [0; 4]).as_bytes(), text);
    let latin_1 = u8::try_from(character).map_or([None; 3], |byte| percent(&[byte], text));
    let others = [lossy, plain, plus, json(character, text), html(character, text)];
    others.into_iter().chain(utf8).chain(latin_1).flatten()
}

/// Finds bytes in percent-encoding, encoded once, twice and three times: `%26`, `%2526` and `%252526`.
fn percent(bytes: &[u8], text: &str) -> [Option<usize>; 3] {
    ["%", "%25", "%2525"].map(|sign| {
        let mut rest = text;
        for byte in bytes {
            rest = after(rest.strip_prefix(sign)?, &format!("{byte:02x}"))?;
        }
        Some(text.len() - rest.len())
    })
}

/// Finds an escape of JSON, whose back slashes may have been escaped again.
fn json(character: char, text: &str) -> Option<usize> {
    let escape = text.trim_start_matches('\\');
    if escape.len() == text.len() {
        return None;
    }
    let short = match character {
        '\n' => Some('n'),
        '\r' => Some('r'),
        '\t' => Some('t'),
        '"' | '\'' | '/' => Some(character),
        '\\' => return Some(text.len() - escape.len()),
        _ => None,
    };
    if let Some(rest) = short.and_then(|short| escape.strip_prefix(short)) {
        return Some(text.len() - rest.len());
    }
    let mut rest = text;
    for unit in character.encode_utf16(&mut [0; 2]) {
        let escape = rest.trim_start_matches('\\');
        rest = after(escape, &format!("u{unit:04x}")).filter(|_| escape.len() < rest.len())?;
    }
    Some(text.len() - rest.len())
}

/// Finds a character reference of HTML.
fn html(character: char, text: &str) -> Option<usize> {
    let reference = text.strip_prefix('&')?;
    let (name, rest) = reference.split_at_checked(reference.find(';')?)?;
    let number = match name.strip_prefix('#') {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok(),
            None => number.parse().ok(),
        },
        None => None,
    };
    let found = match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => number.and_then(char::from_u32),
    };
    (found == Some(character)).then(|| text.len() - rest.len() + 1)
}

/// Returns the text after this beginning, in upper or lower case.
fn after<'a>(text: &'a str, beginning: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(beginning.len())?;
    start.eq_ignore_ascii_case(beginning).then_some(rest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECRET: &str = "ä b/c\"%\\+&\u{1f600}'!";

    #[test]
    fn a_secret_is_cut_out_in_every_encoding() {
        for form in [
            SECRET,
            "%C3%A4+b%2Fc%22%25%5C%2B%26%F0%9F%98%80%27%21",
            "%c3%a4%20b%2fc%22%25%5c%2b%26%f0%9f%98%80'!",
            "%E4 b/c\"%\\+&%F0%9F%98%80'!",
            "\u{fffd} b/c\"%\\+&\u{fffd}'!",
            "%25C3%25A4%2520b%252Fc%2522%2525%255C%252B%2526%25F0%259F%2598%2580%2527%2521",
            r#"\u00e4 b\/c\"%\\\u002B&\uD83D\ude00'!"#,
            r#"\\u00e4 b\\/c\\\"%\\\\+\\u0026\\ud83d\\ude00\\'!"#,
            "&#228; b/c&quot;%\\+&amp;&#x1F600;&#39;!",
        ] {
            assert_eq!(
                excerpt(format!("a{form}z").as_bytes(), [SECRET]),
                "a***z",
                "{form}"
            );
        }
        assert_eq!(excerpt(b"\xe4 b", ["ä b"]), "***");
    }

    #[test]
    fn the_longest_of_several_secrets_is_cut_out() {
        assert_eq!(excerpt(b"abc ab", ["ab", "abc", ""]), "*** ***");
    }

    #[test]
    fn other_text_is_kept() {
        for text in ["%", "%2", "\\", "\\u00", "&", "&amp", "&#", "&#x;", "ä", ""] {
            assert_eq!(excerpt(text.as_bytes(), ["q", "\u{1f600}"]), text);
        }
    }

    #[test]
    fn only_the_beginning_is_shown() {
        let long = "ä".repeat(1_000_000);
        assert_eq!(excerpt(long.as_bytes(), []), format!("{}…", "ä".repeat(LONGEST)));
        let exact = "x".repeat(LONGEST);
        assert_eq!(excerpt(exact.as_bytes(), []), exact);
    }

    proptest! {
        #[test]
        fn no_text_causes_a_panic(text in "[%25a-f\\\\u&#;x0-9äÄ+ \"]{0,40}", secret in "\\PC{0,4}|[%\\\\&+ ä]{1,4}") {
            _ = excerpt(text.as_bytes(), [secret.as_str()]);
        }
    }
}
