//! Writes secrets in the encodings in which a server may return them, and finds them in a text.

use std::fmt::Write as _;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD};
use mailstore_tests::values::CANARY;
use serde_json::Value;

/// Returns the values of a form and a text that contain the canary, in every encoding.
pub(crate) fn encodings(form: &str, other: &str) -> String {
    let mut all = String::new();
    let mut values = vec![other.to_owned()];
    for (_, value) in form_urlencoded::parse(form.as_bytes()) {
        match serde_json::from_str::<Value>(&value) {
            Ok(json @ (Value::Object(_) | Value::Array(_))) => strings(&json, &mut values),
            _ => values.push(value.into_owned()),
        }
    }
    for value in values.iter().filter(|value| value.contains(CANARY)) {
        write!(
            all,
            "{value} {} {} {} {} {} {} ",
            percent(value),
            percent(value).to_lowercase(),
            serde_json::to_string(value).unwrap(),
            BASE64_STANDARD.encode(value),
            hex(value),
            hex(value).to_uppercase()
        )
        .unwrap();
    }
    all + form
}

/// Returns whether a text contains the canary in any encoding.
pub(crate) fn found(text: &str) -> bool {
    static FORMS: LazyLock<Vec<String>> = LazyLock::new(forms);
    FORMS.iter().any(|form| text.contains(form.as_str()))
}

/// Returns the canary in every encoding.
fn forms() -> Vec<String> {
    let json = serde_json::to_string(CANARY).unwrap();
    let form: String = form_urlencoded::byte_serialize(CANARY.as_bytes()).collect();
    let mut forms = vec![
        CANARY.to_owned(),
        json.trim_matches('"').to_owned(),
        json[1..json.len() - 1].to_owned(),
        percent(CANARY),
        percent(CANARY).to_lowercase(),
        form.to_lowercase(),
        form,
        hex(CANARY),
        hex(CANARY).to_uppercase(),
        // The part of the canary that no usual encoding changes.
        "Canary".to_owned(),
    ];
    for offset in 0..3 {
        let encoded = BASE64_STANDARD_NO_PAD.encode([&[0; 2][..offset], CANARY.as_bytes()].concat());
        // The first and the last characters depend on the text around the canary.
        forms.push(encoded[4..encoded.len() - 2].to_owned());
    }
    forms
}

fn strings(json: &Value, found: &mut Vec<String>) {
    match json {
        Value::String(text) => found.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Value::Object(members) => members.values().for_each(|value| strings(value, found)),
        _ => {}
    }
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn the_canary_is_found_in_every_encoding() {
    let secret = format!("{CANARY}password");
    for text in [
        secret.clone(),
        percent(&secret),
        hex(&secret),
        hex(&secret).to_uppercase(),
        serde_json::to_string(&secret).unwrap(),
        BASE64_STANDARD.encode(&secret),
        BASE64_STANDARD.encode(format!("a{secret}")),
        BASE64_STANDARD.encode(format!("ab{secret}")),
        form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
    ] {
        assert!(found(&format!("before {text} after")), "{text}");
    }
    assert!(!found("nothing"));
}
