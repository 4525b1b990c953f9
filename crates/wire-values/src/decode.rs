//! From a JSON result to a typed value, with the place in the result on every error.
//!
//! This is no serde format on purpose: a derived deserializer per result type is what makes generated clients
//! slow to compile, and keeping unknown members would make it slower still. Here each type reads its own part of the text
//! with a [`Reader`], in one pass and without a copy of the text.
//!
//! The rules for values that are not as expected:
//!
//! * A text that holds a number and nothing else is read as the number where a number is expected; `"true"` and
//!   `"false"` in any case are read as booleans. Nothing else is converted.
//! * A number is whole if its value is: `3`, `3.0` and `3e0` are the same. A number that does not fit is refused, never
//!   rounded.
//! * An optional member whose value cannot be read is `None`, and stays as it was sent in the record's [`Unknown`]
//!   members, which name it as [`unreadable`](Unknown::unreadable). So one odd value does not make a whole list
//!   unreadable.
//! * Any other value that cannot be read is a [`Problem`] that names its place.

use std::fmt;

use secrecy::SecretString;
use serde_json::value::RawValue;

use crate::json::Json;
use crate::problem::Problem;
use crate::reader::{FromJson, Reader};

/// Reads a result from JSON text, as a client reads it from an answer of the server. For tests: results cannot be made
/// field by field, because later versions add fields.
///
/// Members without a field are kept, see [`Unknown`]. Optional members may be missing.
///
/// ```
/// # struct Store { name: String, unknown: wire_values::Unknown }
/// # wire_values::record!(Store { name = "name" });
/// let store: Store = wire_values::from_json(r#"{"name": "Messages 2026", "id": 3}"#)?;
/// assert_eq!(store.name, "Messages 2026");
/// # Ok::<(), wire_values::Problem>(())
/// ```
///
/// # Errors
/// The text is not JSON, or the value has another shape; the [`Problem`] names the place.
pub fn from_json<T: FromJson>(text: &str) -> Result<T, Problem> {
    let mut reader = Reader::new(text);
    let value = reader.read().and_then(|value| reader.end().map(|()| value));
    // The reader says what it expected. If the text is not JSON, that is the better explanation.
    value.map_err(|problem| match serde_json::from_str::<&RawValue>(text) {
        Ok(_) => problem,
        Err(error) => Problem::new(format!("not JSON: {error}")),
    })
}

/// Accepts every answer and reads nothing of it.
///
/// Some setters have been observed to answer `null`, and for the others it is inferred, so a result is not an error.
impl FromJson for () {
    fn read(_: &mut Reader<'_>) -> Result<Self, Problem> {
        Ok(())
    }
}

/// `true` or `false`; also as a text, in any case.
impl FromJson for bool {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        let start = reader.start();
        let text = reader.scalar().unwrap_or_default();
        let word = text
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .unwrap_or(text);
        if word.eq_ignore_ascii_case("true") {
            Ok(true)
        } else if word.eq_ignore_ascii_case("false") {
            Ok(false)
        } else {
            Err(reader.expected("a boolean", start))
        }
    }
}

/// A whole number; also as a text.
impl FromJson for i64 {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        reader.number("a whole number of at most 64 bits", whole)
    }
}

/// A TCP port: a whole number; also as a text.
impl FromJson for u16 {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        reader.number("a whole number up to 65535", |digits| {
            whole(digits).and_then(|number| number.try_into().ok())
        })
    }
}

/// The value of a JSON number, if it is whole and fits. No digit is rounded.
pub(crate) fn whole(number: &str) -> Option<i64> {
    if let Ok(number) = number.parse() {
        return Some(number);
    }
    let (mantissa, exponent) = match number.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (number, 0),
    };
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digit = |c: char| c.is_ascii_digit();
    if !integer.trim_start_matches('-').chars().all(is_digit) || !fraction.chars().all(is_digit) {
        return None;
    }
    let mut digits = format!("{integer}{}", fraction.trim_end_matches('0'));
    let scale = i64::from(exponent) - i64::try_from(fraction.trim_end_matches('0').len()).ok()?;
    if scale < 0 {
        let cut = usize::try_from(-scale).ok()?.min(digits.len());
        let zeros = digits.split_off(digits.len() - cut);
        if !zeros.bytes().all(|digit| matches!(digit, b'0' | b'-')) {
            return None;
        }
        return if matches!(&*digits, "" | "-") {
            Some(0)
        } else {
            digits.parse().ok()
        };
    }
    if digits.bytes().all(|digit| matches!(digit, b'0' | b'-')) {
        return Some(0);
    }
    // 64 bits have no more digits.
    digits.extend(std::iter::repeat_n('0', usize::try_from(scale).ok()?.min(20)));
    digits.parse().ok()
}

impl FromJson for Json {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        reader.json()
    }
}

impl FromJson for String {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        reader.text("a text", |text| Some(text.to_owned()))
    }
}

impl FromJson for SecretString {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        String::read(reader).map(SecretString::from)
    }
}

/// `None` is `null`. A member that is absent is `None` too, and so is one that cannot be read, which then stays in the
/// record's [`Unknown`] members.
impl<T: FromJson> FromJson for Option<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        if reader.is_null() {
            reader.skip().map(|()| None)
        } else {
            T::read(reader).map(Some)
        }
    }

    fn if_unreadable() -> Option<Self> {
        Some(None)
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        let mut items = Self::new();
        reader.items(&mut |reader| {
            items.push(reader.read()?);
            Ok(())
        })?;
        Ok(items)
    }
}

/// The members of an object that no field took, in the order in which the server sent them: those a newer server sends
/// and this version does not know, and those whose values it cannot read.
///
/// Each is kept exactly as it was sent, so an object that is sent back has them all.
#[derive(Clone, Default)]
pub struct Unknown(
    /// Almost always nothing, so it takes little room in a long list of records.
    Option<Box<Kept>>,
);

#[derive(Clone, Default)]
struct Kept {
    members: Vec<(String, Json)>,
    /// Names of members that a field has.
    unreadable: Vec<String>,
}

impl Unknown {
    /// The member with this wire name; of several, the last one.
    pub fn get(&self, name: &str) -> Option<&Json> {
        let mut members = self.members().iter().rev();
        members.find(|(member, _)| member == name).map(|(_, json)| json)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.members().iter().map(|(name, json)| (name.as_str(), json))
    }

    /// Names of the optional members that have a field, but whose values are not of its type. The fields are `None`, and
    /// [`get`](Self::get) gives what the server sent.
    pub fn unreadable(&self) -> impl Iterator<Item = &str> {
        let kept = self.0.iter();
        kept.flat_map(|kept| kept.unreadable.iter().map(String::as_str))
    }

    /// Sets a member, for an object that is sent back to the server. If a field has this name, the field decides unless
    /// it is `None`.
    pub fn insert(&mut self, name: &str, value: impl Into<Json>) {
        self.remove(name);
        self.push(name.to_owned(), value.into());
    }

    /// Takes a member out; of several, all of them.
    pub fn remove(&mut self, name: &str) -> Option<Json> {
        let found = self.get(name).cloned();
        if let Some(kept) = &mut self.0 {
            kept.members.retain(|(member, _)| member != name);
            kept.unreadable.retain(|member| member != name);
        }
        found
    }

    pub(crate) fn push(&mut self, name: String, json: Json) {
        self.0.get_or_insert_default().members.push((name, json));
    }

    pub(crate) fn push_unreadable(&mut self, name: &str) {
        self.0.get_or_insert_default().unreadable.push(name.to_owned());
    }

    pub(crate) fn members(&self) -> &[(String, Json)] {
        self.0.as_ref().map_or(&[], |kept| &kept.members)
    }

    /// Whether every member was known and read.
    pub fn is_empty(&self) -> bool {
        self.members().is_empty()
    }
}

/// The same members with the same values, in any order; of members with the same name, the last one counts.
impl PartialEq for Unknown {
    fn eq(&self, other: &Self) -> bool {
        let within = |one: &Self, other: &Self| one.iter().all(|(name, _)| one.get(name) == other.get(name));
        within(self, other) && within(other, self)
    }
}

/// Names only: nothing is known of the values, so they may be secret.
impl fmt::Debug for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.members().iter().map(|(name, _)| name))
            .finish()
    }
}

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macros are made for public types")]
mod tests;
