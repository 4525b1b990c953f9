//! Values that JSON cannot hold, and values that cannot be carried.

use python_bridge::{ErrorKind, Json, PythonValue};
use serde_json::{Value, json as value};
use wire_values::civil::date;

use super::open;
use crate::scene::scene;
use crate::support::{close, json};

/// What the module returns for each special value, and what the program gets.
fn expected() -> Value {
    value!({
        "most": 9_223_372_036_854_775_807_i64,
        "nan": {"$float": "nan"},
        "inf": {"$float": "inf"},
        "minus": {"$float": "-inf"},
        "bytes": {"$bytes": "gP8="},
        "array": {"$bytes": "YWI="},
        "keys": {"$map": [[1, "one"]]},
        "dollar": {"$map": [["$handle", 7]]},
        "moment": "2020-01-02T03:04:05",
        "day": "2020-01-02",
        "clock": "03:04:05",
        "set": [5],
        "frozen": [5],
        "tuple": [1, 2],
        "text": "caf\u{e9} \u{2028} \u{1f600} \u{0}",
        "complex": {"$type": "builtins.complex", "text": "1j"},
        "ordered": {"a": 1},
        "range": [0, 1, 2],
        "true": true,
        "none": null,
    })
}

#[test]
fn integers_beyond_64_bits_keep_their_digits() {
    scene(async || {
        let connection = open().await;
        let values = connection.call("values").await.unwrap();
        assert_eq!(values.get("big").unwrap().text(), "18446744073709551616");
        assert_eq!(values.get("small").unwrap().text(), "-9223372036854775809");
        let large: Json = "1180591620717411303424".parse().unwrap();
        let same = connection.call("same").arg("value", large).arg("number", 0);
        assert_eq!(same.await.unwrap(), json(value!(true)));
        // The text of such a number is not made, because that takes minutes.
        let enormous = connection.call("enormous_integer").await.unwrap();
        assert_eq!(enormous.get("text"), Some("an integer of 1000001 bits".into()));
        close(connection).await;
    });
}

#[test]
fn special_floats_bytes_keys_and_times_of_results_are_kept() {
    scene(async || {
        let connection = open().await;
        let values = connection.call("values").await.unwrap();
        for (name, value) in expected().as_object().unwrap() {
            assert_eq!(values.get(name).unwrap(), Json::from(value.clone()), "{name}");
        }
        for name in ["object", "function"] {
            let kind = values.get(name).unwrap().get("$type").unwrap();
            assert_eq!(kind, format!("builtins.{name}").into());
        }
        close(connection).await;
    });
}

#[test]
fn special_arguments_arrive_as_they_were_meant() {
    scene(async || {
        let connection = open().await;
        let moment: wire_values::DateTime = "2020-01-02T03:04:05.6".parse().unwrap();
        let clock: wire_values::DateTime = "2020-01-02T03:04:00".parse().unwrap();
        for (number, argument) in [
            (1, PythonValue::float(f64::INFINITY)),
            (2, PythonValue::bytes(b"\x00\xff")),
            (4, PythonValue::date_time(moment)),
            (5, PythonValue::date(date(2020, 1, 2))),
            (6, PythonValue::time(clock.time())),
            (7, PythonValue::set([1, 2])),
        ] {
            let same = connection
                .call("same")
                .arg("value", argument)
                .arg("number", number);
            assert_eq!(same.await.unwrap(), json(value!(true)), "{number}");
        }
        let nan = connection.call("echo").arg("value", PythonValue::float(f64::NAN));
        assert_eq!(nan.await.unwrap(), json(value!({"$float": "nan"})));
        close(connection).await;
    });
}

#[test]
fn what_cannot_be_carried_is_named_and_never_guessed() {
    scene(async || {
        let connection = open().await;
        let kind = |value: Json| value.get("$type").expect("a type");
        let moment = connection.call("bad_moment").await.unwrap();
        assert_eq!(kind(moment), "datetime.datetime".into());
        let [text, map] = connection
            .call("lone_surrogate")
            .returns::<Vec<Json>>()
            .await
            .unwrap()
            .try_into()
            .unwrap();
        assert_eq!(kind(text), "builtins.str".into());
        assert!(map.text().starts_with(r#"{"$map":[[{"$type":"#), "{}", map.text());
        // The methods of classes that are derived from those of Python are not called.
        assert_eq!(
            connection.call("bad_subclasses").await.unwrap(),
            json(value!(["text", 5, [1], {"a": 1}]))
        );
        close(connection).await;
    });
}

#[test]
fn results_without_an_end_and_above_the_limits_are_refused() {
    scene(async || {
        let connection = open().await;
        for name in ["generator", "contains_itself", "long_text"] {
            let error = connection.call(name).await.unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Value(_)), "{name}: {error}");
            // Python did the call, and said so.
            assert!(!error.is_outcome_unknown());
        }
        let nested = |depth: u32| connection.call("nested").arg("depth", depth).into_future();
        assert!(nested(99).await.is_ok());
        for depth in [101, 5000] {
            let error = nested(depth).await.unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Value(_)), "{depth}: {error}");
        }
        connection.ping().await.unwrap();
        close(connection).await;
    });
}
