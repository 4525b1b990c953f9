//! Values that cross the bridge.

use proptest::prelude::*;
use python_bridge::{ErrorKind, Json, PythonValue};
use serde_json::{Value, json as value};

use crate::scene::{scene, scene_without_runtime};
use crate::support::{close, json, open};

#[test]
fn special_arguments_arrive_as_their_python_types() {
    scene(async || {
        let connection = open().await;
        let date = "2026-05-02T10:30:04.5".parse::<wire_values::DateTime>().unwrap();
        for (argument, described) in [
            (PythonValue::bytes(b"\xff\x00"), r"bytes b'\xff\x00'"),
            (PythonValue::set(["a"]), "set {'a'}"),
            (PythonValue::float(f64::NAN), "float nan"),
            (PythonValue::float(f64::NEG_INFINITY), "float -inf"),
            (PythonValue::float(0.5), "float 0.5"),
            (
                PythonValue::date_time(date),
                "datetime datetime.datetime(2026, 5, 2, 10, 30, 4, 500000)",
            ),
            (PythonValue::date(date.date()), "date datetime.date(2026, 5, 2)"),
            (
                PythonValue::time(date.time()),
                "time datetime.time(10, 30, 4, 500000)",
            ),
        ] {
            let call = connection
                .call("describe")
                .arg("value", argument)
                .returns::<String>();
            assert_eq!(call.await.unwrap(), described);
        }
        close(connection).await;
    });
}

#[test]
fn data_cannot_imitate_special_values() {
    scene(async || {
        let connection = open().await;
        for (argument, described) in [
            (value!({"$bytes": "AAA="}), "dict {'$bytes': 'AAA='}"),
            (value!([{"$handle": 1}]), "list [{'$handle': 1}]"),
            (value!({"a": 1, "$int": "7"}), "dict {'$int': '7', 'a': 1}"),
        ] {
            let call = connection
                .call("describe")
                .arg("value", argument)
                .returns::<String>();
            assert_eq!(call.await.unwrap(), described);
        }
        let hidden: Json = r#"{"\u0024bytes": "AAA="}"#.parse().unwrap();
        let call = connection
            .call("describe")
            .arg("value", hidden)
            .returns::<String>();
        assert_eq!(call.await.unwrap(), "dict {'$bytes': 'AAA='}");
        close(connection).await;
    });
}

#[test]
fn results_keep_what_json_cannot_hold() {
    scene(async || {
        let connection = open().await;
        let strange = connection.call("strange").await.unwrap();
        let pairs: Vec<(Json, Json)> = strange.get("$map").unwrap().decode().unwrap();
        assert_eq!(pairs[0], ("$bytes".into(), "AAA=".into()));
        assert_eq!(pairs[1], ("data".into(), json(value!({"$bytes": "/wA="}))));
        assert_eq!(pairs[2], (json(value!(1.5)), json(value!({"$float": "nan"}))));
        assert_eq!(pairs[3].1.get("$type"), Some("builtins.object".into()));
        let set = connection.call("echo").arg("value", PythonValue::set(["a"]));
        assert_eq!(set.await.unwrap(), json(value!(["a"])));
        let date = PythonValue::date(wire_values::civil::date(2026, 5, 2));
        assert_eq!(
            connection.call("echo").arg("value", date).await.unwrap(),
            "2026-05-02".into()
        );
        close(connection).await;
    });
}

#[test]
fn numbers_keep_their_digits() {
    scene(async || {
        let connection = open().await;
        for text in [
            "123456789012345678901234567890",
            "-9223372036854775809",
            "9223372036854775807",
            "0.1",
            "-0",
        ] {
            let number: Json = text.parse().unwrap();
            let echoed = connection.call("echo").arg("value", number).await.unwrap();
            assert_eq!(echoed.text(), if text == "-0" { "0" } else { text });
        }
        let huge: Json = "1e400".parse().unwrap();
        let error = connection.call("echo").arg("value", huge).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Value(_)), "{error}");
        close(connection).await;
    });
}

#[test]
fn deep_values_are_refused_without_harm() {
    scene(async || {
        let connection = open().await;
        for depth in [150, 5000] {
            let deep: Json = format!("{}{}", "[".repeat(depth), "]".repeat(depth))
                .parse()
                .unwrap();
            let error = connection.call("echo").arg("value", deep).await.unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Value(_)), "{error}");
        }
        connection.ping().await.unwrap();
        close(connection).await;
    });
}

fn any_json() -> impl Strategy<Value = Value> {
    let key = prop_oneof![
        any::<String>(),
        "\\$[a-z]{0,3}",
        Just("$bytes".to_owned()),
        Just("$map".to_owned())
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i32>().prop_map(|number| Value::from(f64::from(number) / 8.0)),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(key.clone(), inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A map that has the name of a form as a key stays a `$map`.
fn plain(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(plain).collect(),
        Value::Object(members) => match members.get("$map") {
            Some(Value::Array(pairs)) if members.len() == 1 && pairs.iter().all(Value::is_array) => {
                let pairs = pairs
                    .iter()
                    .map(|pair| (pair[0].as_str().unwrap().to_owned(), plain(&pair[1])));
                Value::Object(pairs.collect())
            }
            _ => Value::Object(
                members
                    .iter()
                    .map(|(name, value)| (name.clone(), plain(value)))
                    .collect(),
            ),
        },
        other => other.clone(),
    }
}

#[test]
fn any_json_comes_back_unchanged() {
    scene_without_runtime(|| {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let connection = runtime.block_on(open());
        proptest!(|(sent in any_json())| {
            let call = connection.call("echo").arg("value", &sent);
            let echoed: Value = runtime.block_on(call.into_future()).unwrap().decode().unwrap();
            prop_assert_eq!(plain(&echoed), sent);
        });
        runtime.block_on(close(connection));
    });
}
