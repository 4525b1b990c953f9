//! A value that may be missing, with the reason.

use serde::{Deserialize, Serialize};

/// A value that was read from a server, or the reason why it could not be read.
///
/// In JSON, a value is `{"value": 5}`, and a missing one is `{"not_read": "the instance is not running"}`.
///
/// ```
/// use mailstore_operations::Reading;
///
/// let users = Reading::Value(5);
/// assert_eq!(users.value(), Some(&5));
/// let size: Reading<i64> = Reading::not_read("the instance is not running");
/// assert_eq!(size.value(), None);
/// ```
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Reading<T> {
    /// The value.
    #[serde(rename = "value")]
    Value(T),
    /// The reason why the value could not be read, for people.
    #[serde(rename = "not_read")]
    NotRead(String),
}

impl<T> Reading<T> {
    /// Creates a missing value from its reason.
    pub fn not_read(reason: impl std::fmt::Display) -> Self {
        Self::NotRead(reason.to_string())
    }

    /// Returns the value, or `None` if it could not be read.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::NotRead(_) => None,
        }
    }

    /// Changes the value. Keeps the reason of a missing one.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Reading<U> {
        match self {
            Self::Value(value) => Reading::Value(change(value)),
            Self::NotRead(reason) => Reading::NotRead(reason),
        }
    }
}

impl<T, E: std::fmt::Display> From<Result<T, E>> for Reading<T> {
    fn from(result: Result<T, E>) -> Self {
        match result {
            Ok(value) => Self::Value(value),
            Err(error) => Self::not_read(error),
        }
    }
}
