//! A JSON value of which nothing more is known.

use std::fmt;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::decode::{FromJson, Problem};

/// A result whose shape is not publicly known, as the server sent it.
///
/// Nothing being known, it may hold secrets: `Debug` shows its type and the names of its members only, while
/// `Display` and the field show everything.
///
/// ```
/// # use mailstore_transport::Json;
/// # let licence: Json = serde_json::from_str(r#"{"namedUsers": 7}"#).unwrap();
/// assert_eq!(licence.get("namedUsers").and_then(|n| n.as_i64()), Some(7));
/// ```
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Json(pub Value);

impl Json {
    /// The member of an object; `None` if this is no object or has no such member.
    pub fn get(&self, member: &str) -> Option<&Value> {
        self.0.get(member)
    }

    /// Whether the server answered nothing (`null`).
    pub fn is_null(&self) -> bool {
        self.0.is_null()
    }

    /// Reads the value as a type of your own.
    ///
    /// # Errors
    /// Those of [`serde_json::from_value`]: the value has another shape.
    pub fn decode<T: DeserializeOwned>(self) -> Result<T, serde_json::Error> {
        serde_json::from_value(self.0)
    }
}

/// The whole value as compact JSON, secrets and all: do not log it.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Type, number of items and names of members; no values.
impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Json ")?;
        match &self.0 {
            Value::Null => f.write_str("null"),
            Value::Bool(_) => f.write_str("boolean"),
            Value::Number(_) => f.write_str("number"),
            Value::String(_) => f.write_str("text"),
            Value::Array(items) => write!(f, "array of {}", items.len()),
            Value::Object(members) => f.debug_set().entries(members.keys()).finish(),
        }
    }
}

impl FromJson for Json {
    fn from_json(value: Value) -> Result<Self, Problem> {
        Ok(Self(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn debug_shows_the_shape_and_no_value() {
        let shown = |value| format!("{:?}", Json(value));
        assert_eq!(
            shown(json!({"apiPassword": "hunter2", "id": 7})),
            r#"Json {"apiPassword", "id"}"#
        );
        assert_eq!(shown(json!(["hunter2", 7])), "Json array of 2");
        assert_eq!(shown(json!("hunter2")), "Json text");
        assert_eq!(shown(json!(null)), "Json null");
    }
}
