//! Writes typed values as JSON, for arguments that are objects.
//!
//! It does not use serde derives, for the reasons in `decode.rs`. An object from a server is sent back complete: it
//! includes the members that this version does not know or cannot decode.

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::argument::Unsendable;
use crate::decode::Unknown;
use crate::json::Json;

/// A value that can be sent as JSON or as a part of a JSON value.
pub trait ToJson {
    /// Returns the value as JSON. It may contain secrets: send it, but do not show it.
    ///
    /// # Errors
    /// The server would reject or misread the value, as in
    /// [`ToArgument::to_argument`](crate::ToArgument::to_argument).
    fn to_json(&self) -> Result<Json, Unsendable>;

    /// Returns the value as JSON without its secrets, to show or store it. `null` replaces a secret.
    ///
    /// A type that contains a secret must implement this method. The default is [`to_json`](Self::to_json).
    ///
    /// # Errors
    /// Those of [`to_json`](Self::to_json).
    fn to_public_json(&self) -> Result<Json, Unsendable> {
        self.to_json()
    }
}

macro_rules! plain {
    ($($ty:ty)*) => {$(
        impl ToJson for $ty {
            fn to_json(&self) -> Result<Json, Unsendable> {
                Ok(Json::from(self.clone()))
            }
        }
    )*};
}
plain!(bool i64 u16 String Value Json);

impl ToJson for str {
    fn to_json(&self) -> Result<Json, Unsendable> {
        Ok(Json::from(self))
    }
}

impl ToJson for SecretString {
    fn to_json(&self) -> Result<Json, Unsendable> {
        Ok(Json::from(self.expose_secret()))
    }

    fn to_public_json(&self) -> Result<Json, Unsendable> {
        Ok(Json::null())
    }
}

/// Writes a string in UTC, such as `2026-05-02T10:30:04Z`.
impl ToJson for Timestamp {
    fn to_json(&self) -> Result<Json, Unsendable> {
        Ok(Json::from(self.to_string()))
    }
}

impl<T: ToJson> ToJson for [T] {
    fn to_json(&self) -> Result<Json, Unsendable> {
        array(&mut self.iter().map(ToJson::to_json))
    }

    fn to_public_json(&self) -> Result<Json, Unsendable> {
        array(&mut self.iter().map(ToJson::to_public_json))
    }
}

fn array(items: &mut dyn Iterator<Item = Result<Json, Unsendable>>) -> Result<Json, Unsendable> {
    let mut text = String::from("[");
    for (index, item) in items.enumerate() {
        if index > 0 {
            text.push(',');
        }
        text.push_str(item?.text());
    }
    text.push(']');
    Ok(Json::of_valid(text))
}

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(&self) -> Result<Json, Unsendable> {
        self.as_slice().to_json()
    }

    fn to_public_json(&self) -> Result<Json, Unsendable> {
        self.as_slice().to_public_json()
    }
}

/// `None` is `null`. An [`Object`] leaves it out.
impl<T: ToJson> ToJson for Option<T> {
    fn to_json(&self) -> Result<Json, Unsendable> {
        match self {
            Some(value) => value.to_json(),
            None => Ok(Json::null()),
        }
    }

    fn to_public_json(&self) -> Result<Json, Unsendable> {
        match self {
            Some(value) => value.to_public_json(),
            None => Ok(Json::null()),
        }
    }
}

/// Lets optional arguments accept a value or a reference.
impl<T: ToJson + ?Sized> ToJson for &T {
    fn to_json(&self) -> Result<Json, Unsendable> {
        (**self).to_json()
    }

    fn to_public_json(&self) -> Result<Json, Unsendable> {
        (**self).to_public_json()
    }
}

/// Builds an object from its members. Used by generated code.
#[doc(hidden)]
#[derive(Debug)]
pub struct Object {
    members: Unknown,
    problem: Option<Unsendable>,
}

impl Object {
    /// Creates an object with the members that have no field.
    pub fn with(unknown: &Unknown) -> Self {
        Self {
            members: unknown.clone(),
            problem: None,
        }
    }

    /// Creates an object without the members that have no field, because they may be secret.
    pub fn public() -> Self {
        Self {
            members: Unknown::default(),
            problem: None,
        }
    }

    /// Adds a member. `null` is left out, because the server rejects `null` in some members. If the server sent a value
    /// that does not match the type of the field, `null` keeps this value.
    #[must_use]
    pub fn put(self, name: &str, value: &dyn ToJson) -> Self {
        self.insert(name, value.to_json())
    }

    /// Adds a member without its secrets.
    #[must_use]
    pub fn put_public(self, name: &str, value: &dyn ToJson) -> Self {
        self.insert(name, value.to_public_json())
    }

    fn insert(mut self, name: &str, json: Result<Json, Unsendable>) -> Self {
        match json {
            Ok(json) if json.is_null() => {}
            Ok(json) => self.members.insert(name, json),
            Err(problem) => _ = self.problem.get_or_insert(problem),
        }
        self
    }

    /// Returns the object, or the error of the first member that cannot be sent.
    pub fn into_json(self) -> Result<Json, Unsendable> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        let mut text = String::from("{");
        for (index, (name, value)) in self.members.members().iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            text.push_str(Json::from(name.as_str()).text());
            text.push(':');
            text.push_str(value.text());
        }
        text.push('}');
        Ok(Json::of_valid(text))
    }
}

/// A JSON value for any `Serializer`. Members keep their order with any features of `serde_json`.
#[cfg(feature = "serde")]
struct Plain {
    json: Json,
    /// How many more levels are written. A deeply nested value from the server must not overflow the stack.
    levels: usize,
}

#[cfg(feature = "serde")]
impl serde::Serialize for Plain {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::Error;

        let Some(levels) = self.levels.checked_sub(1) else {
            return Err(S::Error::custom("the value is nested too deeply"));
        };
        if let Some(members) = self.json.members() {
            return serializer.collect_map(
                members
                    .into_iter()
                    .map(|(name, json)| (name, Self { json, levels })),
            );
        }
        if let Some(items) = self.json.items() {
            return serializer.collect_seq(items.into_iter().map(|json| Self { json, levels }));
        }
        if let Some(text) = self.json.string() {
            return serializer.serialize_str(&text);
        }
        match self.json.text() {
            "null" => serializer.serialize_unit(),
            "true" => serializer.serialize_bool(true),
            "false" => serializer.serialize_bool(false),
            number => match (number.parse::<i64>(), number.parse::<f64>()) {
                (Ok(whole), _) => serializer.serialize_i64(whole),
                (_, Ok(number)) if number.is_finite() => serializer.serialize_f64(number),
                _ => Err(S::Error::custom("a number is too large")),
            },
        }
    }
}

/// Serializes the public JSON of a value. Used by generated code.
///
/// # Errors
/// Those of the serializer, or the value has no JSON form.
#[cfg(feature = "serde")]
#[doc(hidden)]
pub fn serialize_public<S: serde::Serializer>(value: &impl ToJson, serializer: S) -> Result<S::Ok, S::Error> {
    let json = value.to_public_json().map_err(serde::ser::Error::custom)?;
    serde::Serialize::serialize(&Plain { json, levels: 128 }, serializer)
}

/// Implements [`ToJson`] for a struct with the named fields and the field `unknown`. Used by
/// [`record!`](crate::record).
#[doc(hidden)]
#[macro_export]
macro_rules! object {
    ($name:ident { $($field:ident = $wire:literal),* $(,)? }) => {
        impl $crate::ToJson for $name {
            fn to_json(&self) -> ::core::result::Result<$crate::Json, $crate::Unsendable> {
                $crate::Object::with(&self.unknown)$(.put($wire, &self.$field))*.into_json()
            }

            fn to_public_json(&self) -> ::core::result::Result<$crate::Json, $crate::Unsendable> {
                $crate::Object::public()$(.put_public($wire, &self.$field))*.into_json()
            }
        }

        $crate::serialize!($name);
    };
}

/// Implements `Serialize` with [`ToJson::to_public_json`], if the feature `serde` is enabled. Derives would make
/// generated clients slow to compile.
#[cfg(feature = "serde")]
#[doc(hidden)]
#[macro_export]
macro_rules! serialize {
    ($name:ident) => {
        /// Writes the value as the server does, without secrets and without members that this version does not know.
        impl $crate::serde::Serialize for $name {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::serialize_public(self, serializer)
            }
        }
    };
}

#[cfg(not(feature = "serde"))]
#[doc(hidden)]
#[macro_export]
macro_rules! serialize {
    ($name:ident) => {};
}

/// Compares secrets in generated types, because `SecretString` has no `==`. It does not take constant time: use it in
/// tests and to find changes, but not to verify credentials.
#[doc(hidden)]
pub trait SameSecret {
    fn same_secret(&self, other: &Self) -> bool;
}

impl SameSecret for SecretString {
    fn same_secret(&self, other: &Self) -> bool {
        self.expose_secret() == other.expose_secret()
    }
}

impl<T: SameSecret> SameSecret for Option<T> {
    fn same_secret(&self, other: &Self) -> bool {
        match (self, other) {
            (None, None) => true,
            (Some(one), Some(other)) => one.same_secret(other),
            _ => false,
        }
    }
}

impl<T: SameSecret> SameSecret for Vec<T> {
    fn same_secret(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().zip(other).all(|(one, other)| one.same_secret(other))
    }
}

/// Implements `PartialEq` for a struct with secrets. Their fields follow after `secret`. Other structs derive it.
#[doc(hidden)]
#[macro_export]
macro_rules! equal {
    ($name:ident { $($field:ident),* } secret { $($secret:ident),* }) => {
        impl ::core::cmp::PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.unknown == other.unknown
                    $(&& self.$field == other.$field)*
                    $(&& $crate::SameSecret::same_secret(&self.$secret, &other.$secret))*
            }
        }
    };
}

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macros are made for public types")]
mod tests;
