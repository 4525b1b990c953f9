//! From a typed value to JSON, for arguments that are objects.
//!
//! No serde derives, for the reasons that `decode.rs` gives; and what a server sent goes back to it whole, members
//! that this version does not know included.

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};

use crate::decode::Unknown;
use crate::json::Json;

/// A value that can be sent as JSON, or as a part of it.
pub trait ToJson {
    /// The value as JSON. It may hold secrets, so it is for sending and not for showing.
    fn to_json(&self) -> Value;
}

macro_rules! plain {
    ($($ty:ty)*) => {$(
        impl ToJson for $ty {
            fn to_json(&self) -> Value {
                Value::from(self.clone())
            }
        }
    )*};
}
plain!(bool i64 u16 String Value);

impl ToJson for Json {
    fn to_json(&self) -> Value {
        self.0.clone()
    }
}

impl ToJson for SecretString {
    fn to_json(&self) -> Value {
        Value::from(self.expose_secret())
    }
}

impl<T: ToJson> ToJson for [T] {
    fn to_json(&self) -> Value {
        self.iter().map(ToJson::to_json).collect()
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(&self) -> Value {
        self.as_slice().to_json()
    }
}

/// Nothing is `null`; in an object it is left out, see [`Object`].
impl<T: ToJson> ToJson for Option<T> {
    fn to_json(&self) -> Value {
        self.as_ref().map_or(Value::Null, ToJson::to_json)
    }
}

/// An object being put together, member by member. Used by generated code.
#[doc(hidden)]
#[derive(Debug)]
pub struct Object(Map<String, Value>);

impl Object {
    /// Begins with the members that no field has.
    pub fn with(unknown: &Unknown) -> Self {
        Self(unknown.members().clone())
    }

    /// Puts a member in. A `null` is left out: the server has members that it wants absent.
    pub fn put(&mut self, name: &str, value: &impl ToJson) {
        match value.to_json() {
            Value::Null => _ = self.0.remove(name),
            value => _ = self.0.insert(name.to_owned(), value),
        }
    }

    /// The object.
    pub fn into_json(self) -> Value {
        Value::Object(self.0)
    }
}

/// Implements [`ToJson`] for a struct with the field `unknown` beside the named ones. Used by generated code.
#[doc(hidden)]
#[macro_export]
macro_rules! object {
    ($name:ident { $($field:ident = $wire:literal),* $(,)? }) => {
        impl $crate::ToJson for $name {
            fn to_json(&self) -> $crate::Value {
                #[allow(unused_mut, reason = "of some objects no member is known")]
                let mut object = $crate::Object::with(&self.unknown);
                $(object.put($wire, &self.$field);)*
                object.into_json()
            }
        }
    };
}

#[cfg(test)]
#[allow(unreachable_pub, reason = "the macros are made for public types")]
mod tests {
    use super::*;
    use crate::FromJson;
    use serde_json::json;

    #[derive(Debug)]
    struct Host {
        name: String,
        base: Option<String>,
        password: Option<SecretString>,
        unknown: Unknown,
    }
    crate::record!(Host { name = "name", base = "base", password = "password" });
    crate::object!(Host { name = "name", base = "base", password = "password" });

    #[test]
    fn what_was_read_goes_back_whole() {
        let sent = json!({"name": "a", "base": "b", "quota": {"soft": 5}});
        assert_eq!(Host::from_json(sent.clone()).unwrap().to_json(), sent);
    }

    #[test]
    fn what_is_not_there_is_left_out_and_a_secret_is_sent() {
        let mut host = Host::from_json(json!({"name": "a", "password": null})).unwrap();
        assert_eq!(host.to_json(), json!({"name": "a"}));
        host.password = Some("hunter2".into());
        assert_eq!(host.to_json(), json!({"name": "a", "password": "hunter2"}));
        assert!(!format!("{host:?}").contains("hunter2"));
    }

    #[test]
    fn unknown_members_can_be_set_and_taken_out() {
        let mut host = Host::from_json(json!({"name": "a", "old": 1})).unwrap();
        assert_eq!(host.unknown().get("old"), Some(&json!(1)));
        host.unknown.remove("old");
        host.unknown.insert("quota", 5);
        assert_eq!(host.to_json(), json!({"name": "a", "quota": 5}));
    }
}
