//! Writes values as Python literals, as `repr` does.

use std::fmt::Write;

use wire_values::Json;

/// Appends the literal of a JSON value: what `repr` returns for the value that Python reads from this JSON.
///
/// Numbers keep their text, so a number can differ from what `repr` returns, but not in its value. If an object has
/// several members with the same name, all of them are written. Python uses the last one, as in JSON.
pub(crate) fn write(json: &Json, out: &mut String) {
    let mut rest = json.text();
    while let Some(first) = rest.chars().next() {
        let end = match first {
            '"' => string_end(rest),
            '[' | ']' | '{' | '}' | ',' | ':' | ' ' | '\n' | '\r' | '\t' => 1,
            _ => rest
                .find([',', ']', '}', ' ', '\n', '\r', '\t'])
                .unwrap_or(rest.len()),
        };
        // JSON text is valid, so its parts end between characters.
        let (token, next) = rest.split_at_checked(end).unwrap_or((rest, ""));
        rest = next;
        match token {
            " " | "\n" | "\r" | "\t" => {}
            "," => out.push_str(", "),
            ":" => out.push_str(": "),
            "null" => out.push_str("None"),
            "true" => out.push_str("True"),
            "false" => out.push_str("False"),
            _ if first == '"' => write_units(&units_of(token), out),
            _ => out.push_str(token),
        }
    }
}

/// Appends the literal of a string.
pub(crate) fn write_text(text: &str, out: &mut String) {
    write_units(&text.encode_utf16().collect::<Vec<_>>(), out);
}

/// Returns the length of the JSON string at the start of the text.
fn string_end(text: &str) -> usize {
    let mut is_escaped = false;
    let end = text.bytes().skip(1).position(|byte| match byte {
        _ if is_escaped => {
            is_escaped = false;
            false
        }
        b'\\' => {
            is_escaped = true;
            false
        }
        _ => byte == b'"',
    });
    end.map_or(text.len(), |end| end + 2)
}

/// Returns the UTF-16 code units of a JSON string, which may contain lone surrogates.
fn units_of(quoted: &str) -> Vec<u16> {
    let mut units = Vec::with_capacity(quoted.len());
    let content = quoted.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let mut characters = content.unwrap_or_default().chars();
    while let Some(character) = characters.next() {
        let meant = match character {
            '\\' => match characters.next() {
                Some('b') => '\x08',
                Some('f') => '\x0c',
                Some('n') => '\n',
                Some('r') => '\r',
                Some('t') => '\t',
                Some('u') => {
                    let digits: String = characters.by_ref().take(4).collect();
                    // JSON text is valid, so the digits are.
                    units.push(u16::from_str_radix(&digits, 16).unwrap_or_default());
                    continue;
                }
                Some(other) => other,
                None => break,
            },
            _ => character,
        };
        units.extend_from_slice(meant.encode_utf16(&mut [0; 2]));
    }
    units
}

fn write_units(units: &[u16], out: &mut String) {
    let has = |mark: char| units.iter().any(|unit| u32::from(*unit) == u32::from(mark));
    let mark = if has('\'') && !has('"') { '"' } else { '\'' };
    out.push(mark);
    for character in char::decode_utf16(units.iter().copied()) {
        match character {
            Ok('\n') => out.push_str("\\n"),
            Ok('\r') => out.push_str("\\r"),
            Ok('\t') => out.push_str("\\t"),
            Ok('\\') => out.push_str("\\\\"),
            Ok(quote) if quote == mark => out.extend(['\\', quote]),
            Ok(character) if is_printable(character) => out.push(character),
            Ok(character) => escape(u32::from(character), out),
            Err(surrogate) => escape(u32::from(surrogate.unpaired_surrogate()), out),
        }
    }
    out.push(mark);
}

fn escape(number: u32, out: &mut String) {
    // Writing to a string cannot fail.
    let _ = match number {
        0..=0xff => write!(out, "\\x{number:02x}"),
        0x100..=0xffff => write!(out, "\\u{number:04x}"),
        _ => write!(out, "\\U{number:08x}"),
    };
}

/// Returns whether `repr` writes the character unchanged. Rust and Python call the same categories of Unicode
/// printable. They may know different versions of Unicode, and Python reads both forms.
fn is_printable(character: char) -> bool {
    if character.is_ascii() {
        return !character.is_ascii_control();
    }
    // At the start of a string, `escape_debug` also escapes accents.
    let text = String::from_iter(['x', character]);
    text.escape_debug().count() == 2
}
