//! Shows text from outside so that it can neither control a terminal nor forge lines.

use std::fmt::{self, Write};

/// Text that is safe to print. See [`printable`].
#[derive(Clone, Copy)]
pub struct Printable<'a> {
    text: &'a str,
    longest: usize,
}

/// Shows text from a server or a file on one line, cut after [`Printable::LONGEST`] characters.
///
/// Characters that a terminal or a person may misread are written as escapes, such as `\u{1b}`: control characters,
/// line breaks, line and paragraph separators, characters that change the direction of writing, and invisible
/// characters. The errors and tools of this project show text from a server in this way.
///
/// ```
/// use wire_values::printable;
///
/// let name = "jane\u{1b}[2J\nadmin";
/// assert_eq!(printable(name).to_string(), r"jane\u{1b}[2J\nadmin");
/// assert!(printable(&"x".repeat(50_000)).to_string().ends_with("xxx... (48000 more characters)"));
/// ```
pub fn printable(text: &str) -> Printable<'_> {
    Printable {
        text,
        longest: Printable::LONGEST,
    }
}

impl Printable<'_> {
    /// Maximum number of characters that are shown of a text.
    pub const LONGEST: usize = 2000;

    /// Shows the whole text.
    pub fn whole(mut self) -> Self {
        self.longest = usize::MAX;
        self
    }
}

impl fmt::Display for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end = self.text.char_indices().nth(self.longest);
        let (shown, rest) = self.text.split_at(end.map_or(self.text.len(), |(end, _)| end));
        let mut plain = 0;
        for (place, character) in shown.char_indices() {
            if !is_printable(character) {
                f.write_str(&shown[plain..place])?;
                // Rust's escapes are ASCII. Some invisible characters have no short form in `escape_debug`.
                match character {
                    '\n' | '\r' | '\t' => write!(f, "{}", character.escape_debug())?,
                    _ => write!(f, "{}", character.escape_unicode())?,
                }
                plain = place + character.len_utf8();
            }
        }
        f.write_str(&shown[plain..])?;
        if !rest.is_empty() {
            write!(f, "... ({} more characters)", rest.chars().count())?;
        }
        Ok(())
    }
}

/// Shows the text with the quotation marks of a Rust string.
impl fmt::Debug for Printable<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

/// Returns whether a character takes part in the text as a reader sees it. The others are shown as escapes by
/// [`printable`].
pub fn is_printable(character: char) -> bool {
    !matches!(character,
        // C0, DEL and C1.
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        // Invisible characters: soft hyphen, joiners, fillers, selectors, byte order mark.
        | '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}' | '\u{206a}'..='\u{206f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        // Tags and further selectors, in which text can be hidden.
        | '\u{e0000}'..='\u{e0fff}'
        // Direction of writing: marks, embeddings, overrides and isolates.
        | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        // Line and paragraph separators.
        | '\u{2028}' | '\u{2029}')
}

/// Returns the character itself, or a character of the same length in UTF-8 if it is not printable. Marks in a text then
/// stay at their places. Line breaks and tabs stay.
#[doc(hidden)]
pub fn same_length(character: char) -> char {
    match (character, character.len_utf8()) {
        ('\n' | '\r' | '\t', _) => character,
        _ if is_printable(character) => character,
        (_, 1) => '?',
        (_, 2) => '\u{bf}',
        (_, 3) => '\u{fffd}',
        _ => '\u{1f532}',
    }
}

/// Returns valid JSON text with the characters that [`printable`] escapes as escapes of JSON. The value stays the same.
///
/// ```
/// assert_eq!(wire_values::printable_json("[\"\u{202e}\"]"), r#"["\u202e"]"#);
/// ```
pub fn printable_json(json: &str) -> String {
    let mut shown = String::with_capacity(json.len());
    // Writing to a string cannot fail.
    let _ = write_printable_json(json, &mut shown);
    shown
}

/// Writes what [`printable_json`] returns.
pub(crate) fn write_printable_json(json: &str, out: &mut dyn Write) -> fmt::Result {
    let mut plain = 0;
    for (place, character) in json.char_indices() {
        // White space between values stays. In strings, JSON has no such characters.
        if is_printable(character) || character < ' ' {
            continue;
        }
        out.write_str(&json[plain..place])?;
        for unit in character.encode_utf16(&mut [0; 2]) {
            write!(out, "\\u{unit:04x}")?;
        }
        plain = place + character.len_utf8();
    }
    out.write_str(&json[plain..])
}

/// Passes text on to another writer without the characters that [`printable`] escapes. Line breaks and tabs stay.
///
/// It is the last protection of a text of several lines, whose parts were already made printable.
#[doc(hidden)]
pub struct Lines<'w>(pub &'w mut dyn Write);

impl Write for Lines<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for part in text.split_inclusive(['\n', '\t']) {
            let end = part.len() - usize::from(part.ends_with(['\n', '\t']));
            write!(self.0, "{}", printable(&part[..end]).whole())?;
            self.0.write_str(&part[end..])?;
        }
        Ok(())
    }
}

/// Returns a text of several lines with the characters that [`printable`] escapes as escapes. Line breaks and tabs stay.
///
/// Use it for a whole message that your program prints. Parts of it that come from a server need [`printable`], because
/// a line break in them could forge a line.
///
/// ```
/// assert_eq!(wire_values::printable_lines("a\u{1b}[2J\nb"), "a\\u{1b}[2J\nb");
/// ```
pub fn printable_lines(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    // Writing to a string cannot fail.
    let _ = Lines(&mut shown).write_str(text);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dangerous_characters_are_escaped_and_others_are_kept() {
        for (text, shown) in [
            ("", ""),
            (
                "J\u{fc}rgen \u{4e2d}\u{1f600} \\ \"'",
                "J\u{fc}rgen \u{4e2d}\u{1f600} \\ \"'",
            ),
            ("\u{1b}[2J\u{9b}\u{7f}\0", r"\u{1b}[2J\u{9b}\u{7f}\u{0}"),
            ("a\r\nb\tc", r"a\r\nb\tc"),
            (
                "\u{202e}\u{2066}\u{200b}\u{2028}\u{feff}",
                r"\u{202e}\u{2066}\u{200b}\u{2028}\u{feff}",
            ),
            ("a\u{301}", "a\u{301}"),
        ] {
            assert_eq!(printable(text).to_string(), shown);
        }
    }

    /// `escape_debug` of the standard library knows which characters a terminal does not show.
    #[test]
    fn every_control_and_format_character_of_the_first_planes_is_escaped() {
        for character in '\0'..='\u{1ffff}' {
            if character.is_control() {
                assert!(!is_printable(character), "{character:?}");
            }
        }
        assert!(('\u{2000}'..='\u{200a}').all(is_printable), "spaces");
    }

    #[test]
    fn a_long_text_is_cut_with_a_note() {
        let exact = "\u{e4}".repeat(Printable::LONGEST);
        assert_eq!(printable(&exact).to_string(), exact);
        let longer = format!("{exact}\u{e4}");
        assert_eq!(
            printable(&longer).to_string(),
            format!("{exact}... (1 more characters)")
        );
        assert_eq!(printable(&longer).whole().to_string(), longer);
    }

    #[test]
    fn lines_keep_their_breaks() {
        let mut shown = String::new();
        write!(Lines(&mut shown), "a\n\tb\u{1b}[0m\r\n\u{202e}").unwrap();
        assert_eq!(shown, "a\n\tb\\u{1b}[0m\\r\n\\u{202e}");
    }

    proptest! {
        #[test]
        fn printable_json_is_the_same_value(text in any::<String>()) {
            let json = serde_json::to_string_pretty(&vec![&text]).unwrap();
            let mut shown = String::new();
            write_printable_json(&json, &mut shown).unwrap();
            prop_assert!(shown.chars().all(|c| c == '\n' || is_printable(c)));
            prop_assert_eq!(serde_json::from_str::<Vec<String>>(&shown).unwrap(), [text]);
        }

        #[test]
        fn printable_text_is_one_line(text in any::<String>()) {
            prop_assert!(printable(&text).to_string().chars().all(is_printable));
        }
    }
}
