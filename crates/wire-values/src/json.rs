//! A JSON value that is kept as its text.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::printable::write_printable_json;

/// A JSON value that is kept as its text. It is used for results of unknown shape, for members that have no field in
/// this version, and for parts of arguments.
///
/// The text of a value from a server is kept exactly: the digits of numbers, the order of members and repeated members.
/// Features of `serde_json` such as `arbitrary_precision` or `preserve_order` do not affect it.
///
/// The value may contain secrets. `Debug` shows only its type and the names of its members. `Display` and
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
    /// Returns the value `null`.
    pub fn null() -> Self {
        Self::of_valid("null")
    }

    /// Creates a value from valid JSON text, without validation.
    pub(crate) fn of_valid(text: impl Into<Box<str>>) -> Self {
        Self { text: text.into() }
    }

    /// Returns the value as JSON text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns whether the value is `null`.
    pub fn is_null(&self) -> bool {
        &*self.text == "null"
    }

    /// Decodes the value as your own type or as a [`Value`].
    ///
    /// # Errors
    /// Those of [`serde_json::from_str`]: the value does not have the shape of the type, or is out of its range. A
    /// [`Value`] cannot hold a number outside the range of `f64`, and it rounds numbers with many digits.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(&self.text)
    }

    /// Returns the type of the value, for an error message.
    pub(crate) fn kind(&self) -> &'static str {
        kind_of(&self.text)
    }
}

/// `null`.
impl Default for Json {
    fn default() -> Self {
        Self::null()
    }
}

/// Writes the value as JSON text. Characters that could control a terminal are escaped as JSON escapes them; the
/// [`text`](Self::text) is not changed. It may contain secrets: do not log it.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_printable_json(&self.text, f)
    }
}

/// Parses JSON text.
impl std::str::FromStr for Json {
    type Err = serde_json::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        serde_json::from_str(text)
    }
}

/// `serde_json` writes the exact text. Other formats get the serialization of [`RawValue`].
impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &RawValue = serde_json::from_str(&self.text).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

/// Works only with `serde_json`.
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

/// Returns the type of the value at the start of this text.
pub(crate) fn kind_of(text: &str) -> &'static str {
    match text.as_bytes().first() {
        Some(b'n') => "null",
        Some(b't' | b'f') => "a boolean",
        Some(b'"') => "a string",
        Some(b'[') => "an array",
        Some(b'{') => "an object",
        _ => "a number",
    }
}

/// Returns the digits of a JSON number, or of a JSON string that contains only a number.
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
    fn debug_shows_the_shape_but_no_value() {
        let shown = |value| format!("{:?}", Json::from(value));
        assert_eq!(
            shown(json!({"apiPassword": "hunter2", "id": 7})),
            r#"Json {"apiPassword", "id"}"#
        );
        assert_eq!(shown(json!(["hunter2", 7])), "Json array of 2");
        assert_eq!(shown(json!("hunter2")), "Json string");
        assert_eq!(shown(json!(true)), "Json boolean");
        assert_eq!(shown(json!(null)), "Json null");
    }

    #[test]
    fn the_text_is_kept_unchanged() {
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
    fn equality_ignores_white_space_escapes_and_order() {
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

    /// A comparison without a recursion limit would overflow the stack.
    #[test]
    fn deeply_nested_values_are_compared_and_shown() {
        let nested = |blank: &str| read(&format!("{}{blank}{}", "[".repeat(200_000), "]".repeat(200_000)));
        assert_eq!(nested(""), nested(""));
        assert_ne!(nested(""), nested(" "));
        assert_eq!(format!("{:?}", nested("")), "Json array of 1");
        assert!(nested("").decode::<Value>().is_err());
    }

    #[test]
    fn invalid_json_is_rejected() {
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
