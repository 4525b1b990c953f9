//! Tests of texts that are not a list.

use miette::Diagnostic;

use super::{assert_error, error};
use crate::{Dump, Problem};

#[test]
fn empty_texts() {
    for text in ["", "\u{feff}", " \r\n\t"] {
        assert_eq!(error(text).to_string(), "d:1:1: the text is empty");
    }
}

#[test]
fn encodings() {
    let utf16: Vec<u8> = "\u{feff}[]".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(Dump::parse("d", &utf16).is_ok());
    let cut_off = utf16[..utf16.len() - 1].to_vec();
    assert_eq!(error(cut_off).to_string(), "d:1:2: the text is invalid UTF-16");
    let error = error(b"[\n\"\xC3\xA4\xE4\"]");
    assert_eq!(
        error.to_string(),
        "d:2:3: the text is not UTF-8: see the byte at offset 5"
    );
    assert_eq!(error.labels().unwrap().next().unwrap().offset(), 5);
}

#[test]
fn too_large() {
    let error = error(vec![b' '; Dump::MAX_BYTES + 1]);
    assert_eq!(
        error.to_string(),
        "d:1:1: the text has 16777217 bytes; the maximum is 16777216"
    );
}

#[test]
fn other_documents() {
    assert_error(
        "\r\n<!DOCTYPE html>\r\n<html>",
        "d:2:1: the text is an HTML or XML page, not JSON",
        &["<: markup starts here"],
    );
    assert_error(
        r#"{"functions": []}"#,
        "d:1:1: a dump is an array of functions, but this is an object",
        &[r#"{"functions": []}: this is an object"#],
    );
    assert_error(
        "401 Unauthorized",
        "d:1:1: a dump is an array of functions, but this is a number",
        &["401: this is a number"],
    );
    assert_error(
        "Unauthorized",
        "d:1:1: this is not JSON: expected value",
        &["U: expected value"],
    );
}

#[test]
fn envelopes_show_the_message_of_the_server_but_no_details() {
    assert_error(
        r#"{"error":{"message":"Access denied.","details":"System.Exception"},"statusCode":"failed"}"#,
        r#"d:1:1: this is the response to an API call, not a list of functions: the server says "Access denied.""#,
        &[concat!(
            r#"{"error":{"message":"Access denied.","details":"System.Exception"},"statusCode":"failed"}"#,
            ": the response to an API call"
        )],
    );
    for text in [
        r#"{"error":null}"#,
        r#"{"error":"x"}"#,
        r#"{"statusCode":"running","result":[]}"#,
    ] {
        assert_eq!(
            error(text).problem(),
            &Problem::Envelope { message: None },
            "{text}"
        );
    }
}

#[test]
fn a_list_in_the_envelope_of_a_successful_call_is_parsed() {
    let list = r#"[{"name": "A", "args": []}]"#;
    let bare = Dump::parse("d", list.as_bytes()).unwrap();
    let envelope = format!(
        r#"{{"error":null,"token":null,"statusVersion":2,"statusCode":"succeeded","result":{list},"logOutput":null}}"#
    );
    let marked = format!("\u{feff}{envelope}");
    for text in [envelope.clone(), marked] {
        assert_eq!(Dump::parse("d", text.as_bytes()).unwrap(), bare);
    }
    for text in [
        envelope.replace("succeeded", "failed"),
        envelope.replace("null,\"token", "{},\"token"),
        envelope.replace(list, "null"),
        envelope.replace(list, "{}"),
        format!("{envelope}x"),
    ] {
        assert!(Dump::parse("d", text.as_bytes()).is_err(), "{text}");
    }
}

#[test]
fn incomplete_texts() {
    assert_error(
        "[\n{\"name\": \"\u{e4}  ",
        "d:2:11: the text ends before the list is complete",
        &["\u{e4}: the text ends here"],
    );
    assert_error(
        "[\r\n",
        "d:1:1: the text ends before the list is complete",
        &["[: the text ends here"],
    );
    let error = error(b"[\"\xE2\x82");
    assert_eq!(
        error.to_string(),
        "d:1:3: the text ends before the list is complete"
    );
}

#[test]
fn texts_with_more_after_the_list() {
    assert_error(
        "[]\n []",
        "d:2:2: there is more text after the end of the list",
        &["[: text after the list"],
    );
    assert_error(
        "[]\u{feff}",
        "d:1:3: there is more text after the end of the list",
        &["\u{feff}: text after the list"],
    );
}

#[test]
fn syntax_errors_are_marked_where_they_are() {
    assert_error(
        "[\r\n{\"name\": abc}]",
        "d:2:10: this is not JSON: expected value",
        &["a: expected value"],
    );
    assert_error(
        "[1,\n]",
        "d:2:1: this is not JSON: expected value",
        &["]: expected value"],
    );
    assert_error(
        "[{\"a\" 1}]",
        "d:1:7: this is not JSON: expected `:`",
        &["1: expected `:`"],
    );
    assert_error(
        "[\"\u{e4}\nb\"]",
        "d:1:4: this is not JSON: control character (\\u0000-\\u001F) found while parsing a string",
        &["\n: control character (\\u0000-\\u001F) found while parsing a string"],
    );
    assert_error(
        "[{\"name\": \"a\\ud800b\"}]",
        "d:1:11: this is not JSON: unexpected end of hex escape",
        &["\"a\\ud800b\": unexpected end of hex escape"],
    );
    assert_error(
        "[\u{a0}1]",
        "d:1:2: this is not JSON: expected value",
        &["\u{a0}: expected value"],
    );
}
