//! From a JSON result to a typed value, with the place in the result on every error.
//!
//! This is no serde format on purpose: a derived deserializer per result type is what makes generated clients
//! slow to compile, and keeping unknown members would make it slower still. Here each object is split into the texts of
//! its members once, and each type takes its members out of it.
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

use crate::json::Json;

/// A type that a result, or a part of one, can be read as.
///
/// ```
/// use mailstore_transport::{FromJson, Json};
///
/// let sizes = Vec::<i64>::from_json(&serde_json::json!([1, 2]).into()).expect("an array of numbers");
/// assert_eq!(sizes, [1, 2]);
/// ```
///
/// [`from_json`](crate::from_json) reads one from a text, for tests.
pub trait FromJson: Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// The value has another shape; the [`Problem`] names the place.
    fn from_json(json: &Json) -> Result<Self, Problem>;

    /// What a member of this type is if its value cannot be read; `None` if that is a problem of the whole record.
    #[doc(hidden)]
    fn if_unreadable() -> Option<Self> {
        None
    }
}

/// Reads a result from JSON text, as a client reads it from an answer of the server. For tests: results cannot be made
/// field by field, because later versions add fields.
///
/// Members without a field are kept, see [`Unknown`]. Optional members may be missing.
///
/// ```
/// # struct Store { name: String, unknown: mailstore_transport::Unknown }
/// # mailstore_transport::record!(Store { name = "name" });
/// let store: Store = mailstore_transport::from_json(r#"{"name": "Messages 2026", "id": 3}"#)?;
/// assert_eq!(store.name, "Messages 2026");
/// # Ok::<(), mailstore_transport::Problem>(())
/// ```
///
/// # Errors
/// The text is not JSON, or the value has another shape; the [`Problem`] names the place.
pub fn from_json<T: FromJson>(text: &str) -> Result<T, Problem> {
    let json = text.parse::<Json>().map_err(|error| Problem {
        message: format!("not JSON: {error}"),
        steps: Vec::new(),
    })?;
    T::from_json(&json)
}

/// What is wrong with a result, and where.
#[derive(Debug, thiserror::Error)]
#[error("{}: {message}", self.path())]
pub struct Problem {
    message: String,
    /// From the inside out.
    steps: Vec<Place>,
}

#[derive(Debug)]
enum Place {
    Member(String),
    Index(usize),
}

impl Problem {
    /// The value is not what was expected.
    pub fn expected(what: &str, found: &Json) -> Self {
        Self {
            message: format!("expected {what}, found {}", found.kind()),
            steps: Vec::new(),
        }
    }

    /// The place in the result, such as `result[3].userName`.
    pub fn path(&self) -> String {
        let mut path = String::from("result");
        for step in self.steps.iter().rev() {
            match step {
                Place::Member(name) => {
                    path.push('.');
                    path.push_str(name);
                }
                Place::Index(index) => path.push_str(&format!("[{index}]")),
            }
        }
        path
    }

    fn at(mut self, step: Place) -> Self {
        self.steps.push(step);
        self
    }
}

/// Accepts every answer and reads nothing of it.
///
/// Some setters have been observed to answer `null`, and for the others it is inferred, so a result is not an error.
impl FromJson for () {
    fn from_json(_: &Json) -> Result<Self, Problem> {
        Ok(())
    }
}

/// `true` or `false`; also as a text, in any case.
impl FromJson for bool {
    fn from_json(json: &Json) -> Result<Self, Problem> {
        let text = json.text();
        let word = text
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
            .unwrap_or(text);
        if word.eq_ignore_ascii_case("true") {
            Ok(true)
        } else if word.eq_ignore_ascii_case("false") {
            Ok(false)
        } else {
            Err(Problem::expected("a boolean", json))
        }
    }
}

/// A whole number; also as a text.
impl FromJson for i64 {
    fn from_json(json: &Json) -> Result<Self, Problem> {
        let number = json.number().and_then(whole);
        number.ok_or_else(|| Problem::expected("a whole number of at most 64 bits", json))
    }
}

/// A TCP port: a whole number; also as a text.
impl FromJson for u16 {
    fn from_json(json: &Json) -> Result<Self, Problem> {
        let port = json
            .number()
            .and_then(whole)
            .and_then(|number| number.try_into().ok());
        port.ok_or_else(|| Problem::expected("a whole number up to 65535", json))
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
    fn from_json(json: &Json) -> Result<Self, Problem> {
        Ok(json.clone())
    }
}

impl FromJson for String {
    fn from_json(json: &Json) -> Result<Self, Problem> {
        json.string().ok_or_else(|| Problem::expected("a text", json))
    }
}

impl FromJson for SecretString {
    fn from_json(json: &Json) -> Result<Self, Problem> {
        String::from_json(json).map(SecretString::from)
    }
}

/// `None` is `null`. A member that is absent is `None` too, and so is one that cannot be read, which then stays in the
/// record's [`Unknown`] members.
impl<T: FromJson> FromJson for Option<T> {
    fn from_json(json: &Json) -> Result<Self, Problem> {
        if json.is_null() {
            Ok(None)
        } else {
            T::from_json(json).map(Some)
        }
    }

    fn if_unreadable() -> Option<Self> {
        Some(None)
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(json: &Json) -> Result<Self, Problem> {
        let items = json.items().ok_or_else(|| Problem::expected("an array", json))?;
        let read =
            |(index, item)| T::from_json(item).map_err(|problem: Problem| problem.at(Place::Index(index)));
        items.iter().enumerate().map(read).collect()
    }
}

/// The members of an object that no field took, in the order in which the server sent them: those a newer server sends
/// and this version does not know, and those whose values it cannot read.
///
/// Each is kept exactly as it was sent, so an object that is sent back has them all.
#[derive(Clone, Default)]
pub struct Unknown {
    members: Vec<(String, Json)>,
    /// Names of members that a field has.
    unreadable: Vec<String>,
}

impl Unknown {
    /// The member with this wire name; of several, the last one.
    pub fn get(&self, name: &str) -> Option<&Json> {
        let mut members = self.members.iter().rev();
        members.find(|(member, _)| member == name).map(|(_, json)| json)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Json)> {
        self.members.iter().map(|(name, json)| (name.as_str(), json))
    }

    /// Names of the optional members that have a field, but whose values are not of its type. The fields are `None`, and
    /// [`get`](Self::get) gives what the server sent.
    pub fn unreadable(&self) -> impl Iterator<Item = &str> {
        self.unreadable.iter().map(String::as_str)
    }

    /// Sets a member, for an object that is sent back to the server. If a field has this name, the field decides unless
    /// it is `None`.
    pub fn insert(&mut self, name: &str, value: impl Into<Json>) {
        self.remove(name);
        self.members.push((name.to_owned(), value.into()));
    }

    /// Takes a member out; of several, all of them.
    pub fn remove(&mut self, name: &str) -> Option<Json> {
        let found = self.get(name).cloned();
        self.members.retain(|(member, _)| member != name);
        self.unreadable.retain(|member| member != name);
        found
    }

    pub(crate) fn members(&self) -> &[(String, Json)] {
        &self.members
    }

    /// Whether every member was known and read.
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
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
            .entries(self.members.iter().map(|(name, _)| name))
            .finish()
    }
}

/// An object being taken apart, member by member. Used by generated code.
#[doc(hidden)]
#[derive(Debug)]
pub struct Members(Unknown);

impl Members {
    pub fn of(json: &Json) -> Result<Self, Problem> {
        match json.members() {
            Some(members) => Ok(Self(Unknown {
                members,
                unreadable: Vec::new(),
            })),
            None => Err(Problem::expected("an object", json)),
        }
    }

    /// Reads a member and takes it out. An `Option` also takes an absent one, and leaves one where it is that cannot be
    /// read.
    pub fn take<T: FromJson>(&mut self, name: &str) -> Result<T, Problem> {
        let read = match self.0.get(name) {
            Some(json) => T::from_json(json),
            None => T::from_json(&Json::null()),
        };
        match (read, T::if_unreadable()) {
            (Ok(value), _) => {
                self.0.remove(name);
                Ok(value)
            }
            (Err(_), Some(value)) => {
                self.0.unreadable.push(name.to_owned());
                Ok(value)
            }
            (Err(problem), None) => Err(problem.at(Place::Member(name.to_owned()))),
        }
    }

    pub fn rest(self) -> Unknown {
        self.0
    }
}

/// Implements [`FromJson`] and [`ToJson`](crate::ToJson) for a struct with the field `unknown` beside the named ones.
/// Used by generated code.
#[doc(hidden)]
#[macro_export]
macro_rules! record {
    ($name:ident { $($field:ident = $wire:literal),* $(,)? }) => {
        impl $crate::FromJson for $name {
            fn from_json(json: &$crate::Json) -> ::core::result::Result<Self, $crate::Problem> {
                let mut members = $crate::Members::of(json)?;
                ::core::result::Result::Ok(Self {
                    $($field: members.take($wire)?,)*
                    unknown: members.rest(),
                })
            }
        }

        $crate::object!($name { $($field = $wire),* });

        impl $name {
            /// Members of the answer that this version has no field for.
            pub fn unknown(&self) -> &$crate::Unknown {
                &self.unknown
            }
        }
    };
}

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macros are made for public types")]
mod tests;
