//! Tests of the redaction.

use proptest::prelude::*;
use serde_json::json;

use super::*;

fn redacted(mut value: Value) -> Value {
    redact(&mut value);
    value
}

#[test]
fn secrets_are_replaced_at_any_depth_and_whatever_their_type() {
    let secret = json!({ "secret": "set" });
    for value in [
        json!("a"),
        json!(7),
        json!(["a"]),
        json!({"secret": "hunter2"}),
        json!({"a": 1}),
    ] {
        assert_eq!(
            redacted(json!([{ "a": { "smtpPassword": value.clone() } }])),
            json!([{ "a": { "smtpPassword": secret } }]),
            "{value}"
        );
    }
    for value in [json!(null), json!(""), json!([]), json!({})] {
        assert_eq!(
            redacted(json!({ "key": value })),
            json!({ "key": { "secret": "absent" } })
        );
    }
    assert_eq!(
        redacted(json!({ "passwordSet": true })),
        json!({ "passwordSet": true })
    );
}

#[test]
fn secrets_in_pairs_and_in_texts_are_replaced() {
    assert_eq!(
        redacted(json!([{ "Name": "Password", "Value": "hunter2" }, { "key": "host", "value": "a" }])),
        json!([{ "Name": "Password", "Value": { "secret": "set" } }, { "key": { "secret": "set" }, "value": "a" }])
    );
    assert_eq!(
        redacted(json!({ "settings": "{\"password\": \"hunter2\", \"inner\": \"[{\\\"token\\\": 5}]\"}" })),
        json!({ "settings": r#"{"inner":"[{\"token\":{\"secret\":\"set\"}}]","password":{"secret":"set"}}"# })
    );
    assert_eq!(
        redacted(json!({ "a": "{\"b\":  1}" })),
        json!({ "a": "{\"b\":  1}" })
    );
    assert_eq!(
        redacted(json!({ "pem": "-----BEGIN PRIVATE KEY-----\nx" })),
        json!({ "pem": { "secret": "set" } })
    );
}

/// JSON values with keys that are names of secrets, and with texts that contain secrets.
fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z=:;&@/\" -]{0,12}".prop_map(Value::from),
        "(password|--token|https://a:)[=: ]{1,2}[a-z\" ;@]{0,9}".prop_map(Value::from),
        Just(json!("{\"password\": \"x\"}")),
        Just(json!("set")),
    ];
    let key = prop_oneof![
        Just("password"),
        Just("name"),
        Just("value"),
        Just("secret"),
        Just("key"),
        Just("other"),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..4)
                .prop_map(|members| members.into_iter().map(|(k, v)| (k.to_owned(), v)).collect()),
        ]
    })
}

proptest! {
    #[test]
    fn a_second_redaction_changes_nothing(value in values()) {
        let once = redacted(value);
        prop_assert_eq!(redacted(once.clone()), once);
    }

    #[test]
    fn no_value_of_a_secret_remains(secret in "[a-z]{3}7[a-z]{3}", name in "(user|api)?(Password|Token|Key|Secret)") {
        for value in [
            json!({ name.clone(): secret.clone() }),
            json!([{ "a": [{ name.clone(): [secret.clone()] }] }]),
            json!({ "a": json!({ name.clone(): secret.clone() }).to_string() }),
            json!({ "a": format!("run --{name}={secret}") }),
            json!({ "a": format!("run --{name} {secret}") }),
            json!({ "name": name, "value": secret.clone() }),
        ] {
            let shown = redacted(value).to_string();
            prop_assert!(!shown.contains(&secret), "{shown}");
        }
    }
}
