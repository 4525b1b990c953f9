//! From a JSON result to a typed value, with the place in the result on every error.
//!
//! This is no serde format on purpose: a derived deserializer per result type is what makes generated clients
//! slow to compile, and keeping unknown members would make it slower still. Here a result is read into a
//! [`Value`] once, and each type takes its members out of it.

use std::fmt;

use secrecy::SecretString;
use serde_json::{Map, Value};

/// A type that a result, or a part of one, can be read as.
pub trait FromJson: Sized {
    /// Reads the value.
    ///
    /// # Errors
    /// The value has another shape; the [`Problem`] names the place.
    fn from_json(value: Value) -> Result<Self, Problem>;
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
    pub fn expected(what: &str, found: &Value) -> Self {
        let found = match found {
            Value::Null => "null",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "a text",
            Value::Array(_) => "an array",
            Value::Object(_) => "an object",
        };
        Self {
            message: format!("expected {what}, found {found}"),
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

/// Nothing worth reading: whatever the server answers is accepted.
///
/// That setters answer `null` is observed for some of them and inferred for the rest, so an answer is no error.
impl FromJson for () {
    fn from_json(_: Value) -> Result<Self, Problem> {
        Ok(())
    }
}

impl FromJson for bool {
    fn from_json(value: Value) -> Result<Self, Problem> {
        value
            .as_bool()
            .ok_or_else(|| Problem::expected("a boolean", &value))
    }
}

impl FromJson for i64 {
    fn from_json(value: Value) -> Result<Self, Problem> {
        value
            .as_i64()
            .ok_or_else(|| Problem::expected("a whole number of at most 64 bits", &value))
    }
}

/// A TCP port.
impl FromJson for u16 {
    fn from_json(value: Value) -> Result<Self, Problem> {
        let port = value.as_u64().and_then(|number| number.try_into().ok());
        port.ok_or_else(|| Problem::expected("a whole number up to 65535", &value))
    }
}

impl FromJson for String {
    fn from_json(value: Value) -> Result<Self, Problem> {
        match value {
            Value::String(text) => Ok(text),
            other => Err(Problem::expected("a text", &other)),
        }
    }
}

impl FromJson for SecretString {
    fn from_json(value: Value) -> Result<Self, Problem> {
        String::from_json(value).map(SecretString::from)
    }
}

impl<T: FromJson> FromJson for Option<T> {
    fn from_json(value: Value) -> Result<Self, Problem> {
        if value.is_null() {
            Ok(None)
        } else {
            T::from_json(value).map(Some)
        }
    }
}

impl<T: FromJson> FromJson for Vec<T> {
    fn from_json(value: Value) -> Result<Self, Problem> {
        match value {
            Value::Array(items) => {
                let read = |(index, item)| {
                    T::from_json(item).map_err(|problem: Problem| problem.at(Place::Index(index)))
                };
                items.into_iter().enumerate().map(read).collect()
            }
            other => Err(Problem::expected("an array", &other)),
        }
    }
}

/// The members of an object that no field took: those a newer server sends and this version does not know.
#[derive(Clone, Default, PartialEq)]
pub struct Unknown(Map<String, Value>);

impl Unknown {
    /// The member with this wire name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// All of them, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// Sets a member, for an object that is sent back to the server. A name that a field has is not looked at.
    pub fn insert(&mut self, name: &str, value: impl Into<Value>) {
        self.0.insert(name.to_owned(), value.into());
    }

    /// Takes a member out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        self.0.remove(name)
    }

    pub(crate) fn members(&self) -> &Map<String, Value> {
        &self.0
    }

    /// Whether every member was known.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Names only: nothing is known of the values, so they may be secret.
impl fmt::Debug for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// An object being taken apart, member by member. Used by generated code.
#[doc(hidden)]
#[derive(Debug)]
pub struct Members(Map<String, Value>);

impl Members {
    pub fn of(value: Value) -> Result<Self, Problem> {
        match value {
            Value::Object(members) => Ok(Self(members)),
            other => Err(Problem::expected("an object", &other)),
        }
    }

    /// A member that every known server sends. An `Option` also takes an absent one.
    pub fn take<T: FromJson>(&mut self, name: &str) -> Result<T, Problem> {
        let value = self.0.remove(name).unwrap_or(Value::Null);
        T::from_json(value).map_err(|problem| problem.at(Place::Member(name.to_owned())))
    }

    pub fn rest(self) -> Unknown {
        Unknown(self.0)
    }
}

/// Implements [`FromJson`] for a struct with the field `unknown` beside the named ones. Used by generated code.
#[doc(hidden)]
#[macro_export]
macro_rules! record {
    ($name:ident { $($field:ident = $wire:literal),* $(,)? }) => {
        impl $crate::FromJson for $name {
            fn from_json(value: $crate::Value) -> ::core::result::Result<Self, $crate::Problem> {
                let mut members = $crate::Members::of(value)?;
                ::core::result::Result::Ok(Self {
                    $($field: members.take($wire)?,)*
                    unknown: members.rest(),
                })
            }
        }

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
mod tests {
    use super::*;
    use serde_json::json;

    #[derive(Debug)]
    struct Person {
        user_name: String,
        full_name: Option<String>,
        unknown: Unknown,
    }
    record!(Person { user_name = "userName", full_name = "fullName" });

    #[test]
    fn absent_and_null_members_are_none_and_unknown_ones_are_kept() {
        let person = Person::from_json(json!({"userName": "jane", "fullName": null, "quota": 5})).unwrap();
        assert_eq!(
            (person.user_name.as_str(), person.full_name.as_deref()),
            ("jane", None)
        );
        assert_eq!(person.unknown().get("quota"), Some(&json!(5)));
    }

    #[test]
    fn a_problem_names_the_place() {
        let answer = json!([{"userName": "jane"}, {"userName": 7}]);
        let problem = Vec::<Person>::from_json(answer).unwrap_err();
        assert_eq!(
            problem.to_string(),
            "result[1].userName: expected a text, found a number"
        );
    }

    #[test]
    fn a_missing_member_is_a_problem_unless_optional() {
        let problem = Person::from_json(json!({})).unwrap_err();
        assert_eq!(
            problem.to_string(),
            "result.userName: expected a text, found null"
        );
    }

    #[test]
    fn numbers_beyond_32_bits_are_read() {
        assert_eq!(
            i64::from_json(json!(3_000_000_000_000_i64)).unwrap(),
            3_000_000_000_000
        );
    }

    #[test]
    fn unknown_members_show_no_value() {
        let person = Person::from_json(json!({"userName": "jane", "apiKey": "hunter2"})).unwrap();
        assert!(!format!("{person:?}").contains("hunter2"));
    }
}
