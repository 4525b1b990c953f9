//! A JSON value as text.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::members::members;

/// A JSON value, kept as its text: a result whose shape is not publicly known, a member that this version has no field
/// for, or a part of an argument.
///
/// The text of a value that a server sent is kept exactly: digits of numbers, order of members, members that come twice.
/// Features of `serde_json` such as `arbitrary_precision` or `preserve_order` change nothing here.
///
/// The value may hold secrets. `Debug` shows its type and the names of its members only; `Display` and
/// [`text`](Self::text) show everything.
///
/// ```
/// use wire_values::Json;
///
/// let licence: Json = r#"{"namedUsers": 7, "key": 123456789012345678901234567890}"#.parse()?;
/// let users: i64 = licence.get("namedUsers").expect("a member").decode()?;
/// assert_eq!(users, 7);
/// assert_eq!(licence.get("key").expect("a member").text(), "123456789012345678901234567890");
///
/// let made = Json::from(serde_json::json!({"namedUsers": 7}));
/// assert_eq!(made.get("namedUsers"), licence.get("namedUsers"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct Json {
    /// One valid JSON value.
    text: Box<str>,
}

impl Json {
    /// `null`.
    pub fn null() -> Self {
        Self::of_valid("null")
    }

    /// A value whose text is known to be valid JSON.
    pub(crate) fn of_valid(text: impl Into<Box<str>>) -> Self {
        Self { text: text.into() }
    }

    /// The value as JSON text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The member of an object; `None` if this is not an object or has no such member. Of members with the same name,
    /// the last one counts.
    pub fn get(&self, member: &str) -> Option<Json> {
        let members = self.members()?;
        members
            .into_iter()
            .rev()
            .find(|(name, _)| name == member)
            .map(|(_, value)| value)
    }

    /// Whether the value is `null`.
    pub fn is_null(&self) -> bool {
        &*self.text == "null"
    }

    /// Reads the value as a type of your own, or as a [`Value`].
    ///
    /// # Errors
    /// Those of [`serde_json::from_str`]: the value has another shape, or the type cannot hold it. A [`Value`] cannot
    /// hold a number beyond the range of `f64`, and rounds numbers of many digits.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(&self.text)
    }

    /// The type of the value, for an error.
    pub(crate) fn kind(&self) -> &'static str {
        kind_of(&self.text)
    }

    /// The text of a JSON string.
    pub(crate) fn string(&self) -> Option<String> {
        self.text.starts_with('"').then(|| self.decode().ok()).flatten()
    }

    /// The items of an array.
    pub(crate) fn items(&self) -> Option<Vec<Json>> {
        self.text.starts_with('[').then(|| self.decode().ok()).flatten()
    }

    /// The members of an object, in their order.
    pub(crate) fn members(&self) -> Option<Vec<(String, Json)>> {
        if !self.text.starts_with('{') {
            return None;
        }
        let members = members(&self.text).ok()?.into_iter();
        Some(
            members
                .map(|(name, value)| (name.into_owned(), Self::of_valid(value)))
                .collect(),
        )
    }

    /// Whether both are the same value. Deeper than this they have to be the same text.
    fn is_same(&self, other: &Json, depth: usize) -> bool {
        if self.text == other.text {
            return true;
        }
        if depth == 0 || self.kind() != other.kind() {
            return false;
        }
        if let (Some(mine), Some(theirs)) = (self.items(), other.items()) {
            let mut pairs = mine.iter().zip(&theirs);
            return mine.len() == theirs.len() && pairs.all(|(a, b)| a.is_same(b, depth - 1));
        }
        if let (Some(mine), Some(theirs)) = (self.members(), other.members()) {
            let (mine, theirs) = (BTreeMap::from_iter(mine), BTreeMap::from_iter(theirs));
            let mut pairs = mine.iter().zip(&theirs);
            return mine.len() == theirs.len()
                && pairs.all(|(a, b)| a.0 == b.0 && a.1.is_same(b.1, depth - 1));
        }
        self.string().is_some_and(|text| other.string() == Some(text))
    }
}

/// `null`.
impl Default for Json {
    fn default() -> Self {
        Self::null()
    }
}

/// The same value: blanks, escapes and the order of members make no difference, but numbers have to be written the same
/// way (`1` is not `1.0`).
impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other, 100)
    }
}

/// The value as JSON text, secrets and all: do not log it.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Type, number of items and names of members; no values.
impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Json ")?;
        if let Some(members) = self.members() {
            return f
                .debug_set()
                .entries(members.iter().map(|(name, _)| name))
                .finish();
        }
        match self.items() {
            Some(items) => write!(f, "array of {}", items.len()),
            None => f.write_str(self.kind().trim_start_matches("a ")),
        }
    }
}

/// Reads JSON text.
impl std::str::FromStr for Json {
    type Err = serde_json::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        serde_json::from_str(text)
    }
}

/// Kept exactly by `serde_json`; other formats get what [`RawValue`] gives them.
impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &RawValue = serde_json::from_str(&self.text).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

/// From `serde_json` only.
impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        Ok(Self::of_valid(Box::<str>::from(raw)))
    }
}

impl From<&RawValue> for Json {
    fn from(value: &RawValue) -> Self {
        Self::of_valid(value.get())
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        Self::of_valid(value.to_string())
    }
}

macro_rules! plain {
    ($($ty:ty)*) => {$(
        impl From<$ty> for Json {
            fn from(value: $ty) -> Self {
                Self::from(Value::from(value))
            }
        }
    )*};
}
plain!(bool i32 i64 u16 u32 u64 &str String Vec<&str>);

/// The type of the value that begins this text.
pub(crate) fn kind_of(text: &str) -> &'static str {
    match text.as_bytes().first() {
        Some(b'n') => "null",
        Some(b't' | b'f') => "a boolean",
        Some(b'"') => "a text",
        Some(b'[') => "an array",
        Some(b'{') => "an object",
        _ => "a number",
    }
}

/// The digits of a JSON number, or of a JSON text that holds a number and nothing else.
pub(crate) fn number_in(text: &str) -> Option<&str> {
    let text = match text.strip_prefix('"') {
        Some(rest) => rest.strip_suffix('"')?,
        None => text,
    };
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|c: char| c.is_ascii_digit()).then_some(text)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Json {
        text.parse().unwrap()
    }

    #[test]
    fn debug_shows_the_shape_and_no_value() {
        let shown = |value| format!("{:?}", Json::from(value));
        assert_eq!(
            shown(json!({"apiPassword": "hunter2", "id": 7})),
            r#"Json {"apiPassword", "id"}"#
        );
        assert_eq!(shown(json!(["hunter2", 7])), "Json array of 2");
        assert_eq!(shown(json!("hunter2")), "Json text");
        assert_eq!(shown(json!(true)), "Json boolean");
        assert_eq!(shown(json!(null)), "Json null");
    }

    #[test]
    fn text_is_kept_as_it_was_sent() {
        for text in [
            "123456789012345678901234567890",
            "1.0",
            "1",
            "-0",
            "1e400",
            "0.10",
            r#"{"b":1,"a":[1.50, {"c":1E2}],"b":2}"#,
            r#""\u00e9\/""#,
        ] {
            let json = read(text);
            assert_eq!(json.text(), text);
            assert_eq!(serde_json::to_string(&json).unwrap(), text);
            assert_eq!(serde_json::to_string(&vec![&json]).unwrap(), format!("[{text}]"));
        }
        let object = read(r#" {"id": 1, "id": 123456789012345678901234567890} "#);
        assert_eq!(object.get("id").unwrap().text(), "123456789012345678901234567890");
    }

    #[test]
    fn the_same_value_is_equal_however_it_is_written() {
        assert_eq!(
            read(r#"{"a": [1, "\u00e9"], "b": null}"#),
            json!({"b": null, "a": [1, "é"]}).into()
        );
        for (one, other) in [
            ("1", "1.0"),
            ("1", "\"1\""),
            ("[1]", "[1,1]"),
            (r#"{"a":1}"#, r#"{"a":1,"b":1}"#),
            (r#"{"a":1}"#, r#"{"b":1}"#),
        ] {
            assert_ne!(read(one), read(other));
        }
    }

    /// A comparison that recurses without a limit would overflow the stack.
    #[test]
    fn deeply_nested_values_are_compared_and_shown() {
        let nested = |blank: &str| read(&format!("{}{blank}{}", "[".repeat(200_000), "]".repeat(200_000)));
        assert_eq!(nested(""), nested(""));
        assert_ne!(nested(""), nested(" "));
        assert_eq!(format!("{:?}", nested("")), "Json array of 1");
        assert!(nested("").decode::<Value>().is_err());
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for text in ["", "NaN", "Infinity", "01", "1 2", "{", "{'a':1}", "\u{feff}1"] {
            assert!(text.parse::<Json>().is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn numbers_of_any_length_keep_their_digits(text in "-?(0|[1-9][0-9]{0,60})(\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,6})?") {
            let object = read(&format!(r#"{{"n": {text}}}"#));
            let kept = object.get("n").unwrap();
            prop_assert_eq!(kept.text(), text);
        }
    }
}
