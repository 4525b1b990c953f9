//! Tests of the written JSON.

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
crate::equal!(Host { name, base } secret { password });

fn host(value: Value) -> Host {
    Host::from_json(&value.into()).unwrap()
}

fn sent(host: &Host) -> Json {
    host.to_json().unwrap()
}

#[test]
fn a_decoded_object_is_sent_back_completely() {
    let value = json!({"name": "a", "base": "b", "quota": {"soft": 5}});
    assert_eq!(sent(&host(value.clone())), value.into());
}

#[test]
fn unknown_and_unreadable_members_are_sent_back_unchanged() {
    let text = r#"{"z":123456789012345678901234567890,"base":[1.0, -0],"a":{"y":1e400,"x":"\u00e9"},"z":2,"name":"a"}"#;
    let mut host = Host::from_json(&text.parse().unwrap()).unwrap();
    assert_eq!(host.base, None);
    assert_eq!(sent(&host).text(), text);
    host.base = Some("b".to_owned());
    assert_eq!(sent(&host).get("base"), Some("b".into()));
}

#[test]
fn missing_members_are_left_out_and_secrets_are_sent() {
    let mut host = host(json!({"name": "a", "password": null}));
    assert_eq!(sent(&host), json!({"name": "a"}).into());
    host.password = Some("hunter2".into());
    assert_eq!(sent(&host), json!({"name": "a", "password": "hunter2"}).into());
    assert!(!format!("{host:?}").contains("hunter2"));
}

#[test]
fn unknown_members_can_be_set_and_removed() {
    let mut host = host(json!({"name": "a", "old": 1}));
    assert_eq!(host.unknown().get("old"), Some(&1.into()));
    host.unknown.remove("old");
    host.unknown.insert("quota", 5);
    assert_eq!(sent(&host), json!({"name": "a", "quota": 5}).into());
}

#[test]
fn strings_and_names_are_escaped() {
    let mut host = host(json!({"name": "\"\\\n\u{1}é😀"}));
    host.unknown.insert("a\"b", "c");
    let value: Value = sent(&host).decode().unwrap();
    assert_eq!(value, json!({"name": "\"\\\n\u{1}é😀", "a\"b": "c"}));
}

#[test]
fn secrets_and_unknown_members_are_not_public() {
    let host = host(json!({"name": "a", "password": "hunter2", "apiKey": "hunter3"}));
    assert_eq!(host.to_public_json().unwrap().text(), r#"{"name":"a"}"#);
    assert_eq!(
        vec![Some(host)].to_public_json().unwrap().text(),
        r#"[{"name":"a"}]"#
    );
}

#[test]
fn equality_includes_secrets_and_unknown_members() {
    let one = json!({"name": "a", "password": "hunter2"});
    assert!(host(one.clone()) == host(one.clone()));
    for other in [
        json!({"name": "a", "password": "hunter3"}),
        json!({"name": "a"}),
        json!({"name": "a", "password": "hunter2", "more": 1}),
        json!({"name": "b", "password": "hunter2"}),
    ] {
        assert!(host(one.clone()) != host(other));
    }
}

#[cfg(feature = "serde")]
mod serialize {
    use super::*;

    #[derive(Debug)]
    struct Any {
        value: Json,
        unknown: Unknown,
    }
    crate::record!(Any { value = "value" });

    #[test]
    fn results_serialize_as_the_server_writes_them_without_secrets() {
        let host = host(json!({"name": "a", "base": "b", "password": "hunter2", "more": 1}));
        let text = serde_json::to_string(&[host]).unwrap();
        assert_eq!(text, r#"[{"name":"a","base":"b"}]"#);
    }

    /// Whether `serde_json` sorts the members of a `Value` depends on the features of a build.
    #[test]
    fn members_keep_their_order_in_any_format() {
        let text = r#"{"value":{"b":[1,-2.5,true,null,"x"],"a":{}}}"#;
        let any: Any = crate::from_json(text).unwrap();
        assert_eq!(serde_json::to_string(&any).unwrap(), text);
        assert!(any.unknown().is_empty());
        let value = serde_json::to_value(&any).unwrap();
        assert_eq!(value["value"]["b"][1], json!(-2.5));
    }

    #[test]
    fn too_large_numbers_and_too_deep_values_are_errors() {
        for value in ["1e400".to_owned(), "[".repeat(200) + &"]".repeat(200)] {
            let any = Any::from_json(&Json::of_valid(format!("{{\"value\":{value}}}"))).unwrap();
            assert!(serde_json::to_string(&any).is_err());
        }
    }
}
