//! Removes secrets from what a server sent.

mod name;
mod text;

use serde_json::{Map, Value, json};

/// The member of the object that replaces a secret.
const MEMBER: &str = "secret";
const SET: &str = "set";
const ABSENT: &str = "absent";

/// Replaces every secret in a JSON value with `{"secret": "set"}` or, if it is null or empty, with
/// `{"secret": "absent"}`.
///
/// A value is a secret if its key is the name of a secret, such as `password`, `clientSecret`, `encryptionKey` or
/// `apiToken`, at any depth. The same holds for the member `value` of an object whose member `name` or `key` is such a
/// name. Texts that are JSON are read like JSON. In other texts, the value in `password=...`, `--password ...` and
/// `https://user:...@host` is replaced with `***`. Booleans stay, because they are never secrets.
///
/// Two different secrets look the same in the result, and so do their digests: there is no digest, because a digest of
/// a short secret can be guessed. The function changes nothing in its own result.
///
/// ```
/// use mailstore_operations::redact;
/// use serde_json::json;
///
/// let mut profile = json!({"host": "imap.example.com", "password": "hunter2", "proxy": {"token": null}});
/// redact(&mut profile);
/// assert_eq!(profile, json!({
///     "host": "imap.example.com",
///     "password": {"secret": "set"},
///     "proxy": {"token": {"secret": "absent"}},
/// }));
/// ```
pub fn redact(value: &mut Value) {
    if secret_is_set(value).is_some() {
        return;
    }
    match value {
        Value::Object(members) => {
            let is_named = names_a_secret(members);
            for (key, member) in members {
                if name::is_secret(key) || is_named && key.eq_ignore_ascii_case("value") {
                    hide(member);
                } else {
                    redact(member);
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(redact),
        Value::String(text) if text::is_private_key(text) => hide(value),
        Value::String(text) => {
            let redacted = match json_in(text) {
                Some(json) => redacted_json(&json),
                None => text::redacted(text),
            };
            if let Some(redacted) = redacted {
                *text = redacted;
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Returns a text from a server without the secrets that [`redact`] finds in a text.
///
/// ```
/// let log = mailstore_operations::redact_text("cannot open Server=db;Password=hunter2");
/// assert_eq!(log, "cannot open Server=db;Password=***");
/// ```
pub fn redact_text(text: &str) -> String {
    let mut value = Value::from(text);
    redact(&mut value);
    match value {
        Value::String(redacted) => redacted,
        _ => "***".to_owned(),
    }
}

/// Returns whether a value contains what replaces a secret, at any depth: the object of [`redact`], `***`, or
/// `[secret]`. A program must not send such a value to a server, because it would overwrite the secret there.
///
/// ```
/// use mailstore_operations::has_placeholder;
/// use serde_json::json;
///
/// assert!(has_placeholder(&json!({"password": {"secret": "set"}})));
/// assert!(has_placeholder(&json!(["Server=db;Password=***"])));
/// assert!(!has_placeholder(&json!({"host": "imap.example.com", "password": null})));
/// ```
pub fn has_placeholder(value: &Value) -> bool {
    let is_in_text = |text: &str| text.contains("***") || text.contains("[secret]");
    match value {
        _ if secret_is_set(value).is_some() => true,
        Value::Object(members) => members
            .iter()
            .any(|(key, member)| is_in_text(key) || has_placeholder(member)),
        Value::Array(elements) => elements.iter().any(has_placeholder),
        Value::String(text) => is_in_text(text) || json_in(text).is_some_and(|json| has_placeholder(&json)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// What a [`redact`]ed value says about a secret: `true` if a secret is set. Returns `None` for other values.
pub(crate) fn secret_is_set(value: &Value) -> Option<bool> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    match members.get(MEMBER)?.as_str()? {
        SET => Some(true),
        ABSENT => Some(false),
        _ => None,
    }
}

fn hide(value: &mut Value) {
    if value.is_boolean() || secret_is_set(value).is_some() {
        return;
    }
    let is_absent = match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(elements) => elements.is_empty(),
        Value::Object(members) => members.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    };
    *value = json!({ MEMBER: if is_absent { ABSENT } else { SET } });
}

/// Returns whether an object is a pair such as `{"name": "password", "value": "..."}`.
fn names_a_secret(members: &Map<String, Value>) -> bool {
    members.iter().any(|(key, member)| {
        let is_name = key.eq_ignore_ascii_case("name") || key.eq_ignore_ascii_case("key");
        is_name && member.as_str().is_some_and(name::is_secret)
    })
}

/// Returns the object or array in a text that is JSON.
fn json_in(text: &str) -> Option<Value> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    serde_json::from_str(text).ok()
}

/// Returns the text of JSON without its secrets, or `None` if it has none.
fn redacted_json(original: &Value) -> Option<String> {
    let mut value = original.clone();
    redact(&mut value);
    (value != *original).then(|| value.to_string())
}

#[cfg(test)]
mod tests;
