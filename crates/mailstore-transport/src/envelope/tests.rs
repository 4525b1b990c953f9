//! Tests of reading the envelope.

use wire_values::Json;

use super::*;

const IMMEDIATE: &str = "\u{feff}{\"error\": null, \"token\": null, \"statusVersion\": 2, \"statusCode\": \"succeeded\",
    \"percentProgress\": null, \"statusText\": null, \"result\": {\"version\": \"9.0.0.9702\"}, \"logOutput\": null}";

#[test]
fn a_byte_order_mark_is_skipped() {
    let reply = Reply::parse(IMMEDIATE.into()).unwrap();
    assert_eq!((reply.version, &reply.status), (Some(2), &StatusCode::Succeeded));
    assert_eq!(reply.result_json(), r#"{"version": "9.0.0.9702"}"#);
}

#[test]
fn missing_members_are_treated_like_null_and_unknown_members_are_ignored() {
    let reply = Reply::parse(br#"{"statusCode":"running","extra":{"deep":[1]}}"#.to_vec()).unwrap();
    assert_eq!(
        (reply.version, reply.percent, reply.result_json()),
        (None, None, "null")
    );
}

fn parse(text: &str) -> Reply {
    Reply::parse(text.into()).unwrap()
}

fn with(member: &str) -> Reply {
    parse(&format!(r#"{{"statusCode":"running",{member}}}"#))
}

#[test]
fn a_version_is_an_integer_or_none() {
    for (written, version) in [
        ("71", Some(71)),
        ("\"71\"", Some(71)),
        ("71.0", Some(71)),
        ("18446744073709551615", Some(u64::MAX)),
        ("-1", None),
        ("1.5", None),
        ("123456789012345678901234567890", None),
        ("1e400", None),
        ("\"NaN\"", None),
        ("[71]", None),
        ("null", None),
    ] {
        assert_eq!(
            with(&format!(r#""statusVersion":{written}"#)).version,
            version,
            "{written}"
        );
    }
}

#[test]
fn the_progress_is_a_finite_number_or_none() {
    for (written, percent) in [
        ("50", Some(50.0)),
        ("\"12.5\"", Some(12.5)),
        ("-5", Some(-5.0)),
        ("1e400", None),
        ("\"NaN\"", None),
        ("\"Infinity\"", None),
        ("true", None),
        ("{}", None),
    ] {
        assert_eq!(
            with(&format!(r#""percentProgress":{written}"#)).percent,
            percent,
            "{written}"
        );
    }
}

#[test]
fn an_invalid_optional_member_is_treated_as_missing() {
    for odd in ["5", "true", "[]", "{}", "[\"a\"]", "1e400"] {
        let reply = with(&format!(r#""logOutput":{odd},"statusText":{odd},"token":{odd}"#));
        assert_eq!(
            (reply.log(), reply.text, reply.token),
            (String::new(), None, None),
            "{odd}"
        );
    }
}

#[test]
fn an_error_of_any_type_is_an_error() {
    for (written, message) in [
        (r#"{"message":"m","details":"d"}"#, "m"),
        (r#""m""#, ""),
        (r#"{"message":5}"#, ""),
        ("{}", ""),
        ("5", ""),
        ("false", ""),
        ("[]", ""),
    ] {
        let reply = with(&format!(r#""error":{written}"#));
        assert_eq!(reply.error.unwrap().message, message, "{written}");
    }
    assert!(with(r#""error":null"#).error.is_none());
}

#[test]
fn a_response_that_does_not_determine_the_outcome_is_rejected() {
    for odd in [
        "{}",
        "[]",
        r#"["succeeded"]"#,
        r#"[{"statusCode":"succeeded"}]"#,
        r#""succeeded""#,
        "5",
        "null",
        "<html>",
        "",
        r#"{"statusCode":null}"#,
        r#"{"statusCode":5}"#,
        r#"{"statusCode":["succeeded"]}"#,
        r#"{"StatusCode":"succeeded"}"#,
        r#"{"statusCode":"running","statusCode":"succeeded"}"#,
        r#"{"statusCode":"succeeded","error":{"message":"m"},"error":null}"#,
        r#"{"statusCode":"succeeded","result":1,"result":2}"#,
        r#"{"statusCode":"succeeded"}x"#,
        r#"{"statusCode":"succeeded""#,
        r#"{"statusCode":"running","percentProgress":NaN}"#,
    ] {
        assert!(Reply::parse(odd.into()).is_err(), "{odd}");
    }
}

/// The result is checked when it is decoded, even if nothing of it is read.
#[test]
fn a_result_that_is_not_json_is_a_problem_of_the_result() {
    for odd in [
        r#"{"a":tru}"#,
        "[01]",
        "[}",
        r#""\q""#,
        "nul",
        r#"{"a" 1}"#,
        "[1,]",
    ] {
        let reply = parse(&format!(
            r#"{{"statusCode":"succeeded","result":{odd},"token":null}}"#
        ));
        assert!(from_json::<Json>(reply.result_json()).is_err(), "{odd}");
        let problem = reply.check_result().unwrap_err().to_string();
        assert!(problem.starts_with("result: not JSON: "), "{problem}");
        assert_eq!(reply.into_decoded::<Json>().unwrap_err().to_string(), problem);
    }
}

#[test]
fn repeated_members_are_accepted_if_they_do_not_determine_the_outcome() {
    let reply = with(r#""statusVersion":3,"statusVersion":4,"statusCode":"running","other":1,"other":2"#);
    assert_eq!((reply.version, reply.status), (Some(4), StatusCode::Running));
}

#[test]
fn half_a_surrogate_pair_becomes_the_replacement_character() {
    let text = r#"{"statusCode":"failed","statusText":"a\ud83d","error":{"message":"\ude00b","details":"\ud83dd"},
        "result":{"\ud83d":"\ud83d\ude00 \\ud83d \uDE00"}}"#;
    let reply = parse(text);
    assert_eq!(reply.text.as_deref(), Some("a\u{fffd}"));
    let error = reply.error.clone().unwrap();
    assert_eq!((&*error.message, &*error.details), ("\u{fffd}b", "\u{fffd}d"));
    let result: Json = reply.into_decoded().unwrap();
    let expected = serde_json::json!({"\u{fffd}": "😀 \\ud83d \u{fffd}"});
    assert_eq!(result, expected.into());
}

#[test]
fn debug_shows_neither_token_nor_result_nor_details() {
    let text =
        r#"{"statusCode":"failed","token":"tttt","result":"rrrr","error":{"message":"m","details":"dddd"}}"#;
    let shown = format!("{:?}", Reply::parse(text.into()).unwrap());
    assert!(
        !shown.contains("tttt") && !shown.contains("rrrr") && !shown.contains("dddd"),
        "{shown}"
    );
}
