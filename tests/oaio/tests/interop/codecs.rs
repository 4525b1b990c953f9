//! Ids and record files with generated values, compared with what Python makes of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use oaio_client::{Object, ObjectId, Registration, Values, blocking};
use oaio_interop::{Environment, Peer, PythonClient};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::rust_client::{id, settings, values};

const STAMP: &str = "20261122010447953010";

/// Runs a test with this many generated values.
fn for_each<S: Strategy>(count: u32, strategy: S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let config = Config {
        cases: count,
        failure_persistence: None,
        ..Config::default()
    };
    TestRunner::new(config).run(&strategy, test).unwrap();
}

/// JSON objects with these strings and numbers.
fn json_objects(
    text: impl Strategy<Value = String> + Clone + 'static,
    number: impl Strategy<Value = Value> + 'static,
) -> impl Strategy<Value = Value> {
    let simple = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        number,
        text.clone().prop_map(Value::from),
    ];
    let name = text.clone();
    let value = simple.prop_recursive(3, 20, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name.clone(), inner, 0..4).prop_map(|members| json!(members)),
        ]
    });
    // These names have a meaning.
    let name = text.prop_filter("a name with a meaning", |name| !name.starts_with('_'));
    prop::collection::btree_map(name, value, 0..12).prop_map(|members| json!(members))
}

/// A folder, and a client that uses it without a server.
struct Offline {
    client: blocking::Client,
    folder: TempDir,
}

impl Offline {
    fn start(peer: &Peer) -> Self {
        peer.go_offline();
        let folder = tempfile::tempdir().unwrap();
        let client = settings(peer, "alice", folder.path()).build().unwrap();
        Self {
            client: client.into(),
            folder,
        }
    }

    /// Registers an object. Returns it with the content of its record file. The file is removed, because a client reads
    /// all record files each time.
    fn register(&self, registration: impl Into<Registration>) -> (Object, String) {
        let object = self.client.register_object(registration).unwrap().into_object();
        let place = self.place(&object.id);
        let text = fs::read_to_string(&place).unwrap();
        fs::remove_file(place).unwrap();
        (object, text)
    }

    fn place(&self, id: &ObjectId) -> PathBuf {
        self.folder.path().join("objz").join(id.as_str())
    }
}

/// Characters that every version of Python knows. Python escapes the others.
const ASSIGNED: &str =
    "[\\x00-\\x7f'\"\\\\\u{80}-\u{ff}Α-Ρü€⁄⫻﹫␣\u{200b}\u{2028}\u{e000}\u{feff}😀\u{e0001}]{0,12}";

#[test]
fn record_files_are_those_of_python() {
    let environment = Environment::oldest();
    let peer = Peer::start(environment);
    let python = PythonClient::start(environment, &peer, "alice");
    let rust = Offline::start(&peer);
    let number = prop_oneof![
        any::<i64>().prop_map(Value::from),
        (-4_000..4_000).prop_map(|quarters| json!(f64::from(quarters) / 4.0)),
    ];
    for_each(256, json_objects(ASSIGNED, number), |json| {
        let (object, text) = rust.register(values(json.clone()));
        let members = python.must("representation", &json!({"value": json}));
        let expected = format!(
            "{{'oaio_id': '{}', 'client_stamp': '{stamp}', 'server_stamp': '', 'client_values': {}, 'server_values': {{}}, \
             'csh_id': 'Digi', 'username': 'alice', 'device_id': 'rust', 'app_id': 'demo', 'csh_access_right': 'C'}}",
            object.id,
            members.as_str().unwrap(),
            stamp = object.client_stamp,
        );
        prop_assert_eq!(text, expected);
        Ok(())
    });
}

#[test]
fn record_files_with_any_value_are_read_by_both() {
    let environment = Environment::oldest();
    let peer = Peer::start(environment);
    let python = PythonClient::start(environment, &peer, "alice");
    let rust = Offline::start(&peer);
    let theirs = id("written-by-python");
    let number = prop_oneof![
        any::<u64>().prop_map(Value::from),
        // `serde_json` rounds numbers with more digits, and the process of Python is read with it.
        (any::<i32>(), -20..20)
            .prop_map(|(digits, power)| json!(format!("{digits}e{power}").parse::<f64>().unwrap())),
    ];
    for_each(256, json_objects(any::<String>(), number), |json| {
        let (_, text) = rust.register(values(json.clone()));
        let read = python.must("literal", &json!({"text": text}));
        prop_assert_eq!(&read["client_values"], &json);

        let record = json!({"oaio_id": theirs.as_str(), "client_stamp": STAMP, "client_values": json});
        let written = python.must("representation", &json!({"value": record}));
        fs::write(rust.place(&theirs), written.as_str().unwrap()).unwrap();
        let read: Values = rust.client.object(&theirs).unwrap().values;
        let read = read
            .iter()
            .map(|(name, value)| (name, value.decode::<Value>().unwrap()));
        prop_assert_eq!(&json!(read.collect::<BTreeMap<_, _>>()), &json);
        Ok(())
    });
}

#[test]
fn ids_are_those_of_python() {
    let environment = Environment::oldest();
    let peer = Peer::start(environment);
    let python = PythonClient::start(environment, &peer, "alice");
    let rust = Offline::start(&peer);
    let name = prop_oneof!["[\\x00-\\x7f]{0,40}", "(://|[ -~]|\\PC){0,40}"];
    for_each(256, name, |name| {
        let stamp = STAMP.parse().unwrap();
        let registration = Registration::new(Values::new().with("_name", name.as_str())).stamp(stamp);
        let (object, _) = rust.register(registration);
        let arguments = json!({
            "user_name": "alice",
            "device_id": "rust",
            "app_id": "demo",
            "stamp": STAMP,
            "values": {"_name": name},
        });
        prop_assert_eq!(python.must("object_id", &arguments), object.id.as_str());
        let readable = python.must("dedefuse", &json!({"text": object.id.as_str()}));
        prop_assert_eq!(readable, object.id.readable());
        Ok(())
    });
}
