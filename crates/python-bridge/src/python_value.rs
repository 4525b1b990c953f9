//! Python values that JSON cannot hold, as arguments.

use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use wire_values::{Json, ToJson, Unsendable, civil};

/// A Python value that JSON cannot hold, as an argument: bytes, a set, a date or a special float.
///
/// It may be a part of a larger argument. Ordinary data cannot imitate it: a key that begins with `$` in an argument
/// stays a key.
///
/// ```
/// use python_bridge::{Connection, Error, PythonValue};
///
/// # async fn example(connection: &Connection) -> Result<(), Error> {
/// let tags = serde_json::json!({"tags": PythonValue::set(["a", "b"]), "thumbnail": PythonValue::bytes(b"\xff\xd8")});
/// connection.call("setTags").arg("tags", tags).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct PythonValue(Value);

impl PythonValue {
    fn new(kind: &str, value: Value) -> Self {
        let inner = Map::from_iter([(kind.to_owned(), value)]);
        Self(Value::Object(Map::from_iter([(
            marker().to_owned(),
            Value::Object(inner),
        )])))
    }

    /// Creates `bytes`.
    pub fn bytes(bytes: impl AsRef<[u8]>) -> Self {
        Self::new("$bytes", BASE64_STANDARD.encode(bytes).into())
    }

    /// Creates a set.
    pub fn set<T: Into<Value>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::new("$set", items.into_iter().map(Into::into).collect())
    }

    /// Creates a float. JSON has no infinity and no "not a number".
    pub fn float(number: f64) -> Self {
        let special = match number {
            number if number.is_nan() => "nan",
            f64::INFINITY => "inf",
            f64::NEG_INFINITY => "-inf",
            number => return Self(Value::from(number)),
        };
        Self::new("$float", special.into())
    }

    /// Creates a `datetime` without a time zone.
    pub fn date_time(value: civil::DateTime) -> Self {
        Self::new("$datetime", value.to_string().into())
    }

    /// Creates a `date`.
    pub fn date(value: civil::Date) -> Self {
        Self::new("$date", value.to_string().into())
    }

    /// Creates a `time` without a time zone.
    pub fn time(value: civil::Time) -> Self {
        Self::new("$time", value.to_string().into())
    }

    /// Creates a handle. `session` tells its connection.
    pub(crate) fn handle(number: u64, session: u64) -> Self {
        Self::new("$handle", serde_json::json!([number, session]))
    }
}

/// The key that marks a special value inside an argument. It is random, so that data from outside cannot contain it.
pub(crate) fn marker() -> &'static str {
    static MARKER: OnceLock<String> = OnceLock::new();
    MARKER.get_or_init(|| {
        let random = || RandomState::new().hash_one("python-bridge");
        format!("$python-bridge-{:016x}{:016x}", random(), random())
    })
}

impl ToJson for PythonValue {
    fn to_json(&self) -> Result<Json, Unsendable> {
        Ok(Json::from(self.0.clone()))
    }
}

/// Writes a form that only this crate can read.
impl Serialize for PythonValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl From<PythonValue> for Value {
    fn from(value: PythonValue) -> Self {
        value.0
    }
}

/// Shows no value.
impl std::fmt::Debug for PythonValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PythonValue")
    }
}
