//! The strings and bytes of Python literals.

use crate::literal::cursor::{Cursor, Wrong};

/// A string or bytes, or adjacent ones that Python joins.
pub(super) enum Text {
    /// The UTF-16 code units of a string. Unlike a string of Rust, it can contain lone surrogates.
    Units(Vec<u16>),
    /// A string that contains a character by its Unicode name.
    Named,
    Bytes,
}

/// The letters before a quotation mark.
#[derive(Clone, Copy)]
pub(super) struct Prefix {
    is_raw: bool,
    is_bytes: bool,
}

impl Prefix {
    /// Returns the prefix if it is one that literals can have.
    pub(super) fn of(letters: &str) -> Option<Self> {
        let (is_raw, is_bytes) = match letters.to_ascii_lowercase().as_str() {
            "" | "u" => (false, false),
            "r" => (true, false),
            "b" => (false, true),
            "br" | "rb" => (true, true),
            _ => return None,
        };
        Some(Self { is_raw, is_bytes })
    }
}

/// Reads a string whose prefix was read. The quotation mark is next.
pub(super) fn quoted(cursor: &mut Cursor<'_>, prefix: Prefix) -> Result<Text, Wrong> {
    let start = cursor.place();
    let unfinished = (start, "the string has no end");
    let mark = if cursor.eat("'") { '\'' } else { '"' };
    if mark == '"' && !cursor.eat("\"") {
        return cursor.wrong("expected a quotation mark");
    }
    let others = if mark == '\'' { "''" } else { "\"\"" };
    let is_triple = cursor.eat(others);
    let mut content = Content {
        units: Vec::new(),
        is_named: false,
    };
    loop {
        let place = cursor.place();
        let next = cursor.next().ok_or(unfinished)?;
        match next {
            _ if next == mark && (!is_triple || cursor.eat(others)) => break,
            '\n' if !is_triple => return Err(unfinished),
            '\0' => return Err((place, "a literal cannot contain the character NUL")),
            '\\' if prefix.is_raw => {
                content.push('\\');
                let escaped = cursor.next().ok_or(unfinished)?;
                content.push_checked(escaped, prefix, place)?;
            }
            '\\' => escape(cursor, prefix, place, &mut content)?,
            _ => content.push_checked(next, prefix, place)?,
        }
    }
    Ok(match (prefix.is_bytes, content.is_named) {
        (true, _) => Text::Bytes,
        (false, true) => Text::Named,
        (false, false) => Text::Units(content.units),
    })
}

struct Content {
    units: Vec<u16>,
    is_named: bool,
}

impl Content {
    fn push(&mut self, character: char) {
        self.units.extend_from_slice(character.encode_utf16(&mut [0; 2]));
    }

    fn push_checked(&mut self, character: char, prefix: Prefix, place: usize) -> Result<(), Wrong> {
        if prefix.is_bytes && !character.is_ascii() {
            return Err((place, "bytes can contain only ASCII characters"));
        }
        self.push(character);
        Ok(())
    }

    /// Adds a character by its number, which may be that of a surrogate.
    fn push_number(&mut self, number: u32, place: usize) -> Result<(), Wrong> {
        match (u16::try_from(number), char::from_u32(number)) {
            (Ok(unit), _) => self.units.push(unit),
            (Err(_), Some(character)) => self.push(character),
            (Err(_), None) => return Err((place, "Unicode has no character with this number")),
        }
        Ok(())
    }
}

/// Reads the rest of an escape. The backslash at `place` was read.
fn escape(cursor: &mut Cursor<'_>, prefix: Prefix, place: usize, content: &mut Content) -> Result<(), Wrong> {
    let Some(next) = cursor.next() else {
        return Err((place, "the string has no end"));
    };
    match next {
        '\n' => {}
        '\\' | '\'' | '"' => content.push(next),
        'a' => content.push('\x07'),
        'b' => content.push('\x08'),
        'f' => content.push('\x0c'),
        'n' => content.push('\n'),
        'r' => content.push('\r'),
        't' => content.push('\t'),
        'v' => content.push('\x0b'),
        '0'..='7' => {
            let mut number = next.to_digit(8).unwrap_or_default();
            for _ in 0..2 {
                let Some(digit) = cursor.peek().and_then(|digit| digit.to_digit(8)) else {
                    break;
                };
                cursor.next();
                number = number * 8 + digit;
            }
            content.push_number(number, place)?;
        }
        'x' => content.push_number(hexadecimal(cursor, 2, place)?, place)?,
        'u' if !prefix.is_bytes => content.push_number(hexadecimal(cursor, 4, place)?, place)?,
        'U' if !prefix.is_bytes => content.push_number(hexadecimal(cursor, 8, place)?, place)?,
        'N' if !prefix.is_bytes => {
            let is_open = cursor.eat("{");
            let name =
                cursor.take_while(|letter| letter.is_ascii_alphanumeric() || matches!(letter, ' ' | '-'));
            if !is_open || name.is_empty() || !cursor.eat("}") {
                return Err((place, r"expected a name in braces after `\N`"));
            }
            content.is_named = true;
        }
        // Python keeps the backslash of an unknown escape.
        _ => {
            content.push('\\');
            content.push_checked(next, prefix, place)?;
        }
    }
    Ok(())
}

/// Reads this many hexadecimal digits.
fn hexadecimal(cursor: &mut Cursor<'_>, count: usize, place: usize) -> Result<u32, Wrong> {
    (0..count).try_fold(0_u32, |number, _| {
        let digit = cursor.next().and_then(|digit| digit.to_digit(16));
        let digit = digit.ok_or((place, "the escape has too few hexadecimal digits"))?;
        // At most eight digits fit.
        Ok(number << 4 | digit)
    })
}
