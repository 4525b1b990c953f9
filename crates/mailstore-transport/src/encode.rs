//! From a typed value to JSON, for arguments that are objects.
//!
//! No serde derives, for the reasons that `decode.rs` gives; and what a server sent goes back to it whole, members
//! that this version does not know or cannot read included.

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;

use crate::argument::Unsendable;
use crate::decode::Unknown;
use crate::json::Json;

/// A value that can be sent as JSON, or as a part of it.
pub trait ToJson {
    /// The value as JSON. It may hold secrets, so it is for sending and not for showing.
    ///
    /// # Errors
    /// The server would refuse the value, or understand something else, as in
    /// [`ToArgument::to_argument`](crate::ToArgument::to_argument).
    fn to_json(&self) -> Result<Json, Unsendable>;
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

impl ToJson for SecretString {
    fn to_json(&self) -> Result<Json, Unsendable> {
        Ok(Json::from(self.expose_secret()))
    }
}

impl<T: ToJson> ToJson for [T] {
    fn to_json(&self) -> Result<Json, Unsendable> {
        let mut text = String::from("[");
        for (index, item) in self.iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            text.push_str(item.to_json()?.text());
        }
        text.push(']');
        Ok(Json::of_valid(text))
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(&self) -> Result<Json, Unsendable> {
        self.as_slice().to_json()
    }
}

/// `None` is `null`; in an object it is left out, see [`Object`].
impl<T: ToJson> ToJson for Option<T> {
    fn to_json(&self) -> Result<Json, Unsendable> {
        self.as_ref().map_or_else(|| Ok(Json::null()), ToJson::to_json)
    }
}

/// An object being put together, member by member. Used by generated code.
#[doc(hidden)]
#[derive(Debug)]
pub struct Object {
    members: Unknown,
    problem: Option<Unsendable>,
}

impl Object {
    /// Begins with the members that no field has.
    pub fn with(unknown: &Unknown) -> Self {
        Self {
            members: unknown.clone(),
            problem: None,
        }
    }

    /// Puts a member in. A `null` is left out: the server has members that it wants absent. If the server sent a value
    /// that its field cannot hold, a `null` leaves that value where it is.
    pub fn put(&mut self, name: &str, value: &(impl ToJson + ?Sized)) {
        match value.to_json() {
            Ok(json) if json.is_null() => {}
            Ok(json) => self.members.insert(name, json),
            Err(problem) => _ = self.problem.get_or_insert(problem),
        }
    }

    /// The object, or why the first member that cannot be sent cannot.
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

/// Implements [`ToJson`] for a struct with the field `unknown` beside the named ones. Used by generated code.
#[doc(hidden)]
#[macro_export]
macro_rules! object {
    ($name:ident { $($field:ident = $wire:literal),* $(,)? }) => {
        impl $crate::ToJson for $name {
            fn to_json(&self) -> ::core::result::Result<$crate::Json, $crate::Unsendable> {
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

    fn host(value: Value) -> Host {
        Host::from_json(&value.into()).unwrap()
    }

    fn sent(host: &Host) -> Json {
        host.to_json().unwrap()
    }

    #[test]
    fn what_was_read_goes_back_whole() {
        let value = json!({"name": "a", "base": "b", "quota": {"soft": 5}});
        assert_eq!(sent(&host(value.clone())), value.into());
    }

    #[test]
    fn what_this_version_does_not_know_or_cannot_read_goes_back_exactly() {
        let text = r#"{"z":123456789012345678901234567890,"base":[1.0, -0],"a":{"y":1e400,"x":"\u00e9"},"z":2,"name":"a"}"#;
        let mut host = Host::from_json(&text.parse().unwrap()).unwrap();
        assert_eq!(host.base, None);
        assert_eq!(sent(&host).text(), text);
        host.base = Some("b".to_owned());
        assert_eq!(sent(&host).get("base"), Some("b".into()));
    }

    #[test]
    fn what_is_not_there_is_left_out_and_a_secret_is_sent() {
        let mut host = host(json!({"name": "a", "password": null}));
        assert_eq!(sent(&host), json!({"name": "a"}).into());
        host.password = Some("hunter2".into());
        assert_eq!(sent(&host), json!({"name": "a", "password": "hunter2"}).into());
        assert!(!format!("{host:?}").contains("hunter2"));
    }

    #[test]
    fn unknown_members_can_be_set_and_taken_out() {
        let mut host = host(json!({"name": "a", "old": 1}));
        assert_eq!(host.unknown().get("old"), Some(&1.into()));
        host.unknown.remove("old");
        host.unknown.insert("quota", 5);
        assert_eq!(sent(&host), json!({"name": "a", "quota": 5}).into());
    }

    #[test]
    fn texts_and_names_are_escaped() {
        let mut host = host(json!({"name": "\"\\\n\u{1}é😀"}));
        host.unknown.insert("a\"b", "c");
        let value: Value = sent(&host).decode().unwrap();
        assert_eq!(value, json!({"name": "\"\\\n\u{1}é😀", "a\"b": "c"}));
    }
}
