//! Tests of decoding results: accepted, rejected and kept values.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::record;

#[derive(Debug)]
struct Person {
    user_name: String,
    full_name: Option<String>,
    unknown: Unknown,
}
record!(Person { user_name = "userName", full_name = "fullName" });

fn read<T: FromJson>(value: serde_json::Value) -> Result<T, Problem> {
    T::from_json(&value.into())
}

fn text<T: FromJson>(text: &str) -> Result<T, Problem> {
    T::from_json(&text.parse().unwrap())
}

#[test]
fn missing_and_null_members_are_none_and_unknown_members_are_kept() {
    let person: Person = read(json!({"userName": "jane", "fullName": null, "quota": 5})).unwrap();
    assert_eq!(
        (person.user_name.as_str(), person.full_name.as_deref()),
        ("jane", None)
    );
    assert_eq!(person.unknown().get("quota"), Some(&5.into()));
    assert_eq!(person.unknown().unreadable().count(), 0);
}

#[test]
fn unknown_members_are_kept_unchanged_and_in_their_order() {
    let sent = r#"{"z":123456789012345678901234567890,"userName":"jane","a":1e400,"m":[1.0, -0],"z":2}"#;
    let person: Person = text(sent).unwrap();
    let kept: Vec<_> = person
        .unknown()
        .iter()
        .map(|(name, json)| format!("{name}={json}"))
        .collect();
    assert_eq!(
        kept,
        [
            "z=123456789012345678901234567890",
            "a=1e400",
            "m=[1.0, -0]",
            "z=2"
        ]
    );
    assert_eq!(person.unknown().get("z"), Some(&2.into()));
}

#[test]
fn an_optional_member_that_cannot_be_decoded_is_none_and_is_kept_in_unknown() {
    let people: Vec<Person> = read(json!([
        {"userName": "jane", "fullName": ["Jane"]},
        {"userName": "john", "fullName": "John"},
    ]))
    .unwrap();
    assert_eq!(
        (people[0].full_name.as_deref(), people[1].full_name.as_deref()),
        (None, Some("John"))
    );
    assert_eq!(people[0].unknown().unreadable().collect::<Vec<_>>(), ["fullName"]);
    assert_eq!(people[0].unknown().get("fullName"), Some(&json!(["Jane"]).into()));
    assert!(people[1].unknown().is_empty());
}

#[test]
fn the_last_of_several_members_with_the_same_name_is_used() {
    let person: Person = text(r#"{"userName":"jane","userName":"john"}"#).unwrap();
    assert_eq!(person.user_name, "john");
    assert!(person.unknown().is_empty());
}

#[test]
fn a_problem_names_the_place() {
    let problem = read::<Vec<Person>>(json!([{"userName": "jane"}, {"userName": 7}])).unwrap_err();
    assert_eq!(
        problem.to_string(),
        "result[1].userName: expected a string, found a number"
    );
}

#[test]
fn a_missing_required_member_is_a_problem() {
    assert_eq!(
        read::<Person>(json!({})).unwrap_err().to_string(),
        "result.userName: expected a string, found null"
    );
}

#[test]
fn integers_are_decoded_from_every_notation_and_never_rounded() {
    for (written, number) in [
        ("3000000000000", 3_000_000_000_000),
        ("3.0", 3),
        ("3e0", 3),
        ("1.5E+15", 1_500_000_000_000_000),
        ("1200e-2", 12),
        ("-0", 0),
        ("-0.0", 0),
        ("0e99", 0),
        ("-7.00", -7),
        ("\"300\"", 300),
        ("\"-3.0\"", -3),
        ("9223372036854775807", i64::MAX),
        ("-9223372036854775808", i64::MIN),
        ("9223372036854775807.000", i64::MAX),
    ] {
        assert_eq!(text::<i64>(written).unwrap(), number, "{written}");
    }
    for written in [
        "3.5",
        "0.1",
        "5e-1",
        "3.00000000000000000001",
        "9223372036854775808",
        "9223372036854775807.5",
        "123456789012345678901234567890",
        "1e400",
        "1e99999999999",
        "1e-400",
        "1234567890123456789012345678900e-1",
        "true",
        "null",
        "[3]",
        "\"\"",
        "\"-\"",
        "\"+3\"",
        "\" 3\"",
        "\"3 GB\"",
        "\"0x3\"",
        "\"NaN\"",
        "\"1,000\"",
        "\"3e\"",
    ] {
        assert!(text::<i64>(written).is_err(), "{written}");
    }
    assert!(text::<u16>("65536").is_err() && text::<u16>("-1").is_err());
    assert_eq!(text::<u16>("8080.0").unwrap(), 8080);
}

#[test]
fn booleans_are_decoded_from_words_in_any_case_and_from_nothing_else() {
    for (written, flag) in [
        ("true", true),
        ("false", false),
        ("\"True\"", true),
        ("\"FALSE\"", false),
    ] {
        assert_eq!(text::<bool>(written).unwrap(), flag, "{written}");
    }
    for written in ["1", "0", "\"1\"", "\"yes\"", "\"\"", "null", "\" true\""] {
        assert!(text::<bool>(written).is_err(), "{written}");
    }
}

#[test]
fn debug_shows_no_values_of_unknown_members() {
    let person: Person = read(json!({"userName": "jane", "apiKey": "hunter2"})).unwrap();
    assert!(!format!("{person:?}").contains("hunter2"));
}

proptest! {
    /// The point and the exponent of a number cancel each other.
    #[test]
    fn an_integer_is_the_same_in_every_notation(number: i64, places in 1_usize..19, zeros in 0_usize..9) {
        let digits = number.unsigned_abs().to_string();
        let padded = format!("{digits:0>20}");
        let (integer, fraction) = padded.split_at(20 - places);
        let integer = integer.trim_start_matches('0');
        let integer = if integer.is_empty() { "0" } else { integer };
        let sign = if number < 0 { "-" } else { "" };
        for form in [
            format!("{number}.{}", "0".repeat(zeros + 1)),
            format!("{sign}{integer}.{fraction}e{places}"),
            format!("{number}{}e-{zeros}", "0".repeat(zeros)),
        ] {
            prop_assert_eq!(text::<i64>(&form).ok(), Some(number), "{}", form);
        }
    }

    #[test]
    fn no_number_causes_a_panic(form in "-?[0-9]{1,25}(\\.[0-9]{1,25})?([eE][+-]?[0-9]{1,12})?") {
        if let Some(found) = whole(&form) {
            let near: f64 = form.parse().unwrap();
            prop_assert!((found as f64 - near).abs() <= near.abs() * 1e-15);
        }
    }
}
