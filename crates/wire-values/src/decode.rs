//! Decodes JSON results as typed values. Every error contains the place in the result.
//!
//! It does not use serde derives. A derived deserializer for each result type makes generated clients slow to compile,
//! and keeping unknown members would make them even slower. Instead, each type reads its own part of the text with a
//! [`Reader`], in one pass and without copying the text.
//!
//! Rules for unexpected values:
//!
//! * Where a number is expected, a string that contains only a number is read as the number. Where a boolean is
//!   expected, the strings `"true"` and `"false"` in any case are read as booleans. No other value is converted.
//! * A number is an integer if its value is: `3`, `3.0` and `3e0` are the same. A number that does not fit is rejected
//!   and never rounded.
//! * An optional member whose value cannot be decoded is `None`. Its value is kept unchanged in the [`Unknown`] members
//!   of the record, and [`unreadable`](Unknown::unreadable) contains its name. So the rest of a list can still be
//!   decoded.
//! * Any other value that cannot be decoded is a [`Problem`] that names its place.

use std::fmt;
use std::ops::Range;

use secrecy::SecretString;
use serde_json::value::RawValue;

use crate::json::Json;
use crate::problem::Problem;
use crate::reader::{FromJson, Reader};

/// Decodes a result from JSON text, as a client decodes it from a response. Use it in tests: programs cannot construct
/// results from their fields, because later versions add fields.
///
/// Members without a field are kept in [`Unknown`]. Optional members may be missing.
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
/// The text is not JSON, or the value has another shape. The [`Problem`] names the place.
pub fn from_json<T: FromJson>(text: &str) -> Result<T, Problem> {
    let mut reader = Reader::new(text);
    let value = reader.read().and_then(|value| reader.end().map(|()| value));
    // The error of the reader names the expected value. If the text is not JSON, the error of the parser explains more.
    value.map_err(|problem| match serde_json::from_str::<&RawValue>(text) {
        Ok(_) => problem,
        Err(error) => Problem::new(format!("not JSON: {error}")),
    })
}

/// Decodes the value at this place of a text that is no longer needed. Used by the transport.
///
/// # Errors
/// Those of [`from_json`].
#[doc(hidden)]
pub fn from_owned<T: FromJson>(text: String, place: Range<usize>) -> Result<T, Problem> {
    match T::keep(text, place.clone()) {
        Ok(kept) => kept,
        Err(text) => from_json(text.get(place).unwrap_or_default()),
    }
}

/// Accepts every result and ignores it.
///
/// Some setters return `null` (observed). For the others this is inferred, so another result is not an error.
impl FromJson for () {
    fn read(_: &mut Reader<'_>) -> Result<Self, Problem> {
        Ok(())
    }
}

/// Accepts `true` and `false`, and strings of these words in any case.
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

/// Accepts an integer, or a string that contains an integer.
impl FromJson for i64 {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        reader.number("a whole number of at most 64 bits", whole)
    }
}

/// Accepts a TCP port: an integer, or a string that contains an integer.
impl FromJson for u16 {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        reader.number("a whole number up to 65535", |digits| {
            whole(digits).and_then(|number| number.try_into().ok())
        })
    }
}

/// Returns the value of a JSON number if it is an integer and fits. Never rounds.
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

    fn keep(mut text: String, place: Range<usize>) -> Result<Result<Self, Problem>, String> {
        let checked = from_json::<()>(text.get(place.clone()).unwrap_or_default());
        Ok(checked.map(|()| {
            text.truncate(place.end);
            text.drain(..place.start);
            Self::of_valid(text)
        }))
    }
}

impl FromJson for String {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        reader.text("a string", |text| Some(text.to_owned()))
    }
}

impl FromJson for SecretString {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        String::read(reader).map(SecretString::from)
    }
}

/// `None` is `null`. A missing member is also `None`. So is a member that cannot be decoded, which is then kept in the
/// [`Unknown`] members of the record.
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

/// The members of an object without a field, in the order in which the server sent them. They are members that this
/// version does not know, for example from a newer server, and members whose values it cannot decode.
///
/// Each member is kept exactly as it was sent, so an object that is sent back is complete.
#[derive(Clone, Default)]
pub struct Unknown(
    /// Almost always `None`, so it needs little memory in a long list of records.
    Option<Box<Kept>>,
);

#[derive(Clone, Default)]
struct Kept {
    members: Vec<(String, Json)>,
    /// Names of members that have a field.
    unreadable: Vec<String>,
}

impl Unknown {
    /// Returns the member with this wire name. If there are several, returns the last one.
    pub fn get(&self, name: &str) -> Option<&Json> {
        let mut members = self.members().iter().rev();
        members.find(|(member, _)| member == name).map(|(_, json)| json)
    }

    /// Returns all members.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.members().iter().map(|(name, json)| (name.as_str(), json))
    }

    /// Returns the names of optional members whose values do not match the types of their fields. The fields are
    /// `None`, and [`get`](Self::get) returns what the server sent.
    pub fn unreadable(&self) -> impl Iterator<Item = &str> {
        let kept = self.0.iter();
        kept.flat_map(|kept| kept.unreadable.iter().map(String::as_str))
    }

    /// Sets a member of an object that is sent back to the server. If a field has this name, its value is sent instead,
    /// unless it is `None`.
    pub fn insert(&mut self, name: &str, value: impl Into<Json>) {
        self.remove(name);
        self.push(name.to_owned(), value.into());
    }

    /// Removes all members with this name. Returns the last of them.
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

    /// Returns whether there are no members: each one was known and decoded.
    pub fn is_empty(&self) -> bool {
        self.members().is_empty()
    }
}

/// Equal if the members have the same names and values, in any order. If several members have the same name, the last
/// one is compared.
impl PartialEq for Unknown {
    fn eq(&self, other: &Self) -> bool {
        let within = |one: &Self, other: &Self| one.iter().all(|(name, _)| one.get(name) == other.get(name));
        within(self, other) && within(other, self)
    }
}

/// Shows only names, because the values may be secret.
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
