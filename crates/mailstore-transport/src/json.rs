//! A JSON value of which nothing more is known.

use std::fmt;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::decode::{FromJson, Problem};

/// A result whose shape is not publicly known, as the server sent it.
///
/// ```
/// # use mailstore_transport::Json;
/// # let licence: Json = serde_json::from_str(r#"{"namedUsers": 7}"#).unwrap();
/// assert_eq!(licence.get("namedUsers").and_then(|n| n.as_i64()), Some(7));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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

/// The value as compact JSON.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromJson for Json {
    fn from_json(value: Value) -> Result<Self, Problem> {
        Ok(Self(value))
    }
}
