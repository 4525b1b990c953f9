//! Tests of reading and writing record files.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

/// A record that the Python client wrote.
const RECORD: &str = r#"{'oaio_id': 'demo⫻alice﹫dev1⁄first␣note⁄20261128113911005910', 'client_stamp': '20261128113911005910', 'server_stamp': '20261128113911005910', 'client_values': {'_name': 'first note', 'a': 1, 't': 'it\'s "q" ü\n', 'n': None, 'l': [1, 2.5, True]}, 'server_values': {'a': 2}, 'csh_id': 'Digi', 'username': 'alice', 'device_id': 'dev1', 'app_id': 'demo', 'csh_access_right': 'C'}"#;

fn problem(text: &str) -> Unreadable {
    read(text).expect_err(text)
}

#[test]
fn a_record_of_the_python_client_is_read_and_written_byte_for_byte() {
    let object = read(RECORD).unwrap();
    assert_eq!(
        object.id.as_str(),
        "demo⫻alice﹫dev1⁄first␣note⁄20261128113911005910"
    );
    assert_eq!(object.client_stamp.as_str(), "20261128113911005910");
    assert_eq!(object.server_stamp, Some(object.client_stamp));
    assert_eq!(
        object.values,
        r#"{"_name": "first note", "a": 1, "t": "it's \"q\" ü\n", "n": null, "l": [1, 2.5, true]}"#
            .parse()
            .unwrap()
    );
    assert_eq!(object.server_values, Values::new().with("a", 2));
    assert_eq!(object.storage_host.as_deref(), Some("Digi"));
    assert_eq!(object.user_name, "alice");
    assert_eq!(object.device_id, "dev1");
    assert_eq!(object.app_id, "demo");
    assert_eq!(object.access_right, AccessRight::Create);
    assert_eq!(write(&object), RECORD);
}

#[test]
fn a_record_that_a_person_edited_is_read() {
    let object = read(RECORD).unwrap();
    for text in [
        format!(" {RECORD}\n"),
        format!("# a comment\r\n{}\r\n", RECORD.replace(", ", ",\r\n  ")),
        format!("{{'app_id': 'old', {}", RECORD.trim_start_matches('{')),
    ] {
        assert_eq!(read(&text).as_ref(), Ok(&object), "{text}");
    }
}

#[test]
fn missing_members_have_the_defaults_of_the_python_client() {
    let object = read("{'oaio_id': 'x', 'client_stamp': '20261128113911005910'}").unwrap();
    assert_eq!(object.server_stamp, None);
    assert!(object.values.is_empty() && object.server_values.is_empty());
    assert_eq!(object.storage_host, None);
    assert_eq!(
        [&object.user_name, &object.device_id, &object.app_id],
        ["", "", ""]
    );
    assert_eq!(object.access_right.as_str(), "");
    assert_eq!(
        write(&object),
        "{'oaio_id': 'x', 'client_stamp': '20261128113911005910', 'server_stamp': '', 'client_values': {}, \
         'server_values': {}, 'csh_id': None, 'username': '', 'device_id': '', 'app_id': '', 'csh_access_right': ''}"
    );
}

#[test]
fn a_record_without_client_stamp_is_older_than_every_version_and_not_uploaded() {
    for text in [
        "{'oaio_id': 'x'}",
        "{'oaio_id': 'x', 'client_stamp': '', 'server_stamp': '20261128113911005910'}",
    ] {
        let object = read(text).unwrap();
        assert_eq!(object.client_stamp, Stamp::OLDEST);
        assert!(!object.is_changed());
        assert_ne!(object.server_stamp, Some("20261128113911005910".parse().unwrap()));
    }
}

#[test]
fn a_file_that_is_no_record_is_damaged() {
    let truncated = RECORD.strip_suffix('}').unwrap();
    for (text, expected) in [
        ("", "line 1, column 1: "),
        ("garbage", "line 1, column 1: "),
        (truncated, "closing bracket"),
        (&format!("\u{feff}{RECORD}"), "line 1, column 1: "),
        ("[]", "does not contain a dictionary"),
        ("{}", "the record has no id"),
        ("{'oaio_id': 7}", "the record has no id"),
        ("{'oaio_id': ''}", "is empty"),
        ("{'oaio_id': 'a/b'}", "'/'"),
        (
            "{'oaio_id': 'x', 'client_stamp': 7}",
            "`client_stamp` is not a stamp",
        ),
    ] {
        match problem(text) {
            Unreadable::Damaged(problem) => assert!(problem.contains(expected), "{text}: {problem}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn a_record_that_this_version_cannot_keep_is_unsupported() {
    for (members, expected) in [
        (
            "'client_values': {'photo': [0, 1, b'']}",
            "client_values.photo[2] is bytes",
        ),
        ("'server_values': {'a': {1}}", "server_values.a is a set"),
        (
            "'client_values': {1: 2}",
            "client_values is a dictionary with a key that is not a string",
        ),
        (
            "'client_values': {'a': 1e999}",
            "client_values.a is a number that is infinite",
        ),
        ("'client_values': []", "`client_values` is not a dictionary"),
        (
            r"'client_values': {'\ud800': 1}",
            "`client_values` is not a dictionary with names of valid",
        ),
        (r"'username': '\ud800'", "`username` is not text"),
        ("'app_id': 7", "`app_id` is not text"),
        ("'csh_id': b'Digi'", "`csh_id` is not text"),
        ("'extra': 1", "does not know the member `extra`"),
        ("7: 1", "the name of a member is not text"),
    ] {
        let text = format!("{{'oaio_id': 'x', 'client_stamp': '20261128113911005910', {members}}}");
        match problem(&text) {
            Unreadable::Unsupported(problem) => assert!(problem.contains(expected), "{text}: {problem}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}

fn values() -> impl Strategy<Value = Values> {
    let simple = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e300..1e300).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    let value = simple.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..4).prop_map(|members| json!(members)),
        ]
    });
    prop::collection::vec((any::<String>(), value), 0..5).prop_map(Values::from_iter)
}

fn object() -> impl Strategy<Value = Object> {
    let texts = any::<[String; 4]>();
    let stamps = (
        1_700_000_000_000_000_i64..4_000_000_000_000_000,
        prop::option::of(1_700_000_000_000_000_i64..4_000_000_000_000_000),
    );
    let id = "[a-zA-Z0-9⁄⫻﹫␣ü._-]{3,80}";
    (id, texts, stamps, values(), values()).prop_map(
        |(id, [user_name, device_id, app_id, word], (client, server), values, server_values)| {
            let stamp = |time| Stamp::of(wire_values::Timestamp::from_microsecond(time).unwrap());
            Object {
                id: id.parse().unwrap(),
                client_stamp: stamp(client),
                server_stamp: server.map(stamp),
                values,
                server_values,
                storage_host: Some(word.clone()).filter(|word| !word.is_empty()),
                user_name,
                device_id,
                app_id,
                access_right: AccessRight::from(word.as_str()),
            }
        },
    )
}

proptest! {
    #[test]
    fn an_object_that_is_written_is_read_again(object in object()) {
        let text = write(&object);
        let again = read(&text).unwrap();
        prop_assert_eq!(&again, &object, "{}", text);
        prop_assert_eq!(write(&again), text);
    }

    #[test]
    fn any_text_is_a_record_or_an_error(text in any::<String>()) {
        let _ = read(&text);
    }

    #[test]
    fn a_record_with_any_change_is_a_record_or_an_error(place in 0..RECORD.chars().count(), change in any::<String>(), removed in 0..20_usize) {
        let before = RECORD.chars().take(place);
        let after = RECORD.chars().skip(place + removed);
        let text: String = before.chain(change.chars()).chain(after).collect();
        let _ = read(&text);
    }
}

/// The Python client registers an object with any text as its stamp.
#[test]
fn a_record_with_another_text_as_its_stamp_is_unsupported() {
    for text in [
        "{'oaio_id': 'x', 'client_stamp': 'abc'}",
        "{'oaio_id': 'x', 'client_stamp': '', 'server_stamp': 'abc'}",
    ] {
        match problem(text) {
            Unreadable::Unsupported(problem) => assert!(problem.contains("abc"), "{text}: {problem}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}
