//! Configurations that are read and replaced as one JSON object.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// The configurations of one archive or of the platform, by the names that the functions use.
#[derive(Debug, Default)]
pub(crate) struct Configuration(BTreeMap<&'static str, Value>);

impl Configuration {
    /// Returns the last value that was set, or an empty object.
    pub(crate) fn get(&self, name: &str) -> Value {
        self.0.get(name).cloned().unwrap_or_else(|| json!({}))
    }

    /// Stores a configuration without its passwords.
    pub(crate) fn set(&mut self, name: &'static str, mut value: Value) {
        forget_passwords(&mut value);
        self.0.insert(name, value);
    }
}

/// Replaces every value whose key ends in `password` with null, as the real getters do (documented).
pub(crate) fn forget_passwords(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                if key.to_ascii_lowercase().ends_with("password") {
                    *member = Value::Null;
                } else {
                    forget_passwords(member);
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(forget_passwords),
        _ => {}
    }
}
