//! Converts Python literals to JSON.

use std::fmt::Write;

use indexmap::IndexMap;
use wire_values::{Json, printable};

use crate::literal::Literal;

/// JSON cannot hold a literal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{} is {problem}, which JSON cannot hold", printable(.place))]
pub(crate) struct NotJson {
    /// The place of the value, such as `client_values.photo[2]`.
    place: String,
    problem: &'static str,
}

impl NotJson {
    fn at(mut self, step: &str) -> Self {
        self.place.insert_str(0, step);
        self
    }
}

/// Converts a literal to JSON. `place` is the name of the value in errors.
///
/// # Errors
/// The literal contains a value that JSON cannot hold.
pub(crate) fn to_json(literal: &Literal, place: &str) -> Result<Json, NotJson> {
    let mut text = String::new();
    append(literal, &mut text).map_err(|problem| problem.at(place))?;
    // The parts were written as valid JSON, so the error cannot happen.
    text.parse()
        .map_err(|_| not_json("a value of unknown form").at(place))
}

fn not_json(problem: &'static str) -> NotJson {
    NotJson {
        place: String::new(),
        problem,
    }
}

fn append(literal: &Literal, text: &mut String) -> Result<(), NotJson> {
    match literal {
        Literal::None => text.push_str("null"),
        Literal::Bool(true) => text.push_str("true"),
        Literal::Bool(false) => text.push_str("false"),
        Literal::Float(number) if !is_finite(number) => {
            return Err(not_json("a number that is infinite in Python"));
        }
        Literal::Int(part) | Literal::Float(part) | Literal::Str(part) => text.push_str(part),
        Literal::List(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                append(item, text).map_err(|problem| problem.at(&format!("[{index}]")))?;
            }
            text.push(']');
        }
        Literal::Dict(members) => append_members(members, text)?,
        Literal::Other(problem) => return Err(not_json(problem)),
    }
    Ok(())
}

fn append_members(members: &[(Literal, Literal)], text: &mut String) -> Result<(), NotJson> {
    // The last value of a key counts, at the place of the first one.
    let mut values = IndexMap::new();
    for (key, value) in members {
        let Literal::Str(key) = key else {
            return Err(not_json("a dictionary with a key that is not a string"));
        };
        values.insert(key, value);
    }
    text.push('{');
    for (index, (key, value)) in values.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        text.push_str(key);
        text.push(':');
        append(value, text).map_err(|problem| problem.at(&format!(".{}", key.trim_matches('"'))))?;
    }
    text.push('}');
    Ok(())
}

fn is_finite(number: &str) -> bool {
    number.parse::<f64>().is_ok_and(f64::is_finite)
}

/// Returns a string of JSON with these UTF-16 code units. Only the characters that JSON requires are escaped, and lone
/// surrogates.
pub(super) fn quote(units: &[u16]) -> String {
    let mut text = String::from('"');
    for character in char::decode_utf16(units.iter().copied()) {
        match character {
            Ok('"') => text.push_str("\\\""),
            Ok('\\') => text.push_str("\\\\"),
            Ok('\x08') => text.push_str("\\b"),
            Ok('\x0c') => text.push_str("\\f"),
            Ok('\n') => text.push_str("\\n"),
            Ok('\r') => text.push_str("\\r"),
            Ok('\t') => text.push_str("\\t"),
            Ok(control @ '\0'..='\x1f') => escape(u32::from(control), &mut text),
            Ok(character) => text.push(character),
            Err(surrogate) => escape(u32::from(surrogate.unpaired_surrogate()), &mut text),
        }
    }
    text.push('"');
    text
}

fn escape(unit: u32, text: &mut String) {
    // Writing to a string cannot fail.
    let _ = write!(text, "\\u{unit:04x}");
}
