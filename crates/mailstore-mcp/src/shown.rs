//! Text from a server as an assistant sees it: without secrets, and without characters that are invisible or control
//! something.

use mailstore_operations::{redact, redact_text};
use mailstore_transport::{ExposeSecret as _, SecretString, printable_lines};
use serde_json::{Map, Value};

/// What is shown instead of a secret.
const HIDDEN: &str = "***";

/// Returns a text of a server as an assistant sees it.
pub(crate) fn text(text: &str, hidden: &[SecretString]) -> String {
    printable_lines(&without(&redact_text(text), hidden))
}

/// Changes a result of a server into what an assistant sees.
pub(crate) fn value(mut value: Value, hidden: &[SecretString]) -> Value {
    redact(&mut value);
    escaped(value, hidden)
}

fn escaped(value: Value, hidden: &[SecretString]) -> Value {
    let line = |text: &str| printable_lines(&without(text, hidden));
    match value {
        Value::String(text) => Value::String(line(&text)),
        Value::Array(items) => items.into_iter().map(|item| escaped(item, hidden)).collect(),
        Value::Object(members) => {
            let members = members
                .into_iter()
                .map(|(name, member)| (line(&name), escaped(member, hidden)));
            Value::Object(members.collect::<Map<_, _>>())
        }
        other => other,
    }
}

/// Replaces the secrets of this program in a text.
fn without(text: &str, hidden: &[SecretString]) -> String {
    let mut shown = text.to_owned();
    for secret in hidden.iter().map(SecretString::expose_secret) {
        if shown.contains(secret) {
            shown = shown.replace(secret, HIDDEN);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn secrets_and_invisible_characters_are_not_shown() {
        let secrets = [SecretString::from("hunter22")];
        let sent = json!({
            "na\u{202e}me": "a\u{1b}[2J\u{200b}\nb",
            "password": "x",
            "log": ["hunter22 was used", "--password y"],
            "count": 3,
        });
        assert_eq!(
            value(sent, &secrets),
            json!({
                "na\\u{202e}me": "a\\u{1b}[2J\\u{200b}\nb",
                "password": {"secret": "set"},
                "log": ["*** was used", "--password ***"],
                "count": 3,
            })
        );
        assert_eq!(text("hunter22\u{7f} token=z", &secrets), "***\\u{7f} token=***");
    }
}
