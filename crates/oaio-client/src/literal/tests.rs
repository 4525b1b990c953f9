//! Tests of reading and writing literals.

use proptest::prelude::*;
use serde_json::{Value, json};
use wire_values::Json;

use super::*;

mod generated;

/// The JSON of a literal.
fn read(text: &str) -> String {
    let literal = parse(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    let json = to_json(&literal, "value").unwrap_or_else(|error| panic!("{text:?}: {error}"));
    json.text().to_owned()
}

fn written(json: &str) -> String {
    let mut text = String::new();
    write(&json.parse().unwrap(), &mut text);
    text
}

fn error_of(text: &str) -> String {
    match parse(text) {
        Ok(literal) => panic!("{text:?} was read as {literal:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn literals_become_json() {
    for (text, json) in [
        ("None", "null"),
        ("[True, False]", "[true,false]"),
        ("{}", "{}"),
        ("()", "[]"),
        ("(1)", "1"),
        ("(1,)", "[1]"),
        ("(1, 'a', (2,))", r#"[1,"a",[2]]"#),
        ("[1,]", "[1]"),
        ("{'a': 1,}", r#"{"a":1}"#),
        ("{'a'\n:\n1}", r#"{"a":1}"#),
        ("{'a': 1, 'b': 2, 'a': 3}", r#"{"a":3,"b":2}"#),
        ("[[], {}, ()]", "[[],{},[]]"),
    ] {
        assert_eq!(read(text), json, "{text:?}");
    }
}

#[test]
fn white_space_and_comments_between_values_are_skipped() {
    for text in [
        " [1, 2]",
        "\t[1, 2]",
        "\n[1, 2]\n",
        "\r\n[1, 2]\r\n\r\n",
        "# a comment\n[1, 2]",
        "[1, 2]# a comment",
        "  # a comment\r\n[1, # one\r\n 2\n\n]",
        "\x0c[\x0c1,\t2 ]",
        "[1,\r2]",
        "\\\n[1, \\\r\n2]",
        "[1 ,2]\n  # a comment",
    ] {
        assert_eq!(read(text), "[1,2]", "{text:?}");
    }
}

#[test]
fn every_form_of_a_string_is_read() {
    for (text, content) in [
        ("''", ""),
        (r#""""#, ""),
        ("''''''", ""),
        (r#"'"'"#, "\""),
        (r#""'""#, "'"),
        (r#"'\'\"\\'"#, "'\"\\"),
        (r"'\a\b\f\n\r\t\v'", "\x07\x08\x0c\n\r\t\x0b"),
        (r"'\0\7\101\1011\400'", "\0\x07AA1\u{100}"),
        (r"'\x00\xff\u20ac\U0001F600'", "\0ÿ€😀"),
        (r"'\ud83d\ude00'", "😀"),
        (r"'\z\8\ü'", r"\z\8\ü"),
        ("'a\\\nb\\\r\nc'", "abc"),
        ("'''a\nb\r\nc\rd''e\\''''", "a\nb\nc\nd''e'"),
        (r#""""a"b""c\"""""#, "a\"b\"\"c\""),
        ("'a' \"b\"'''c''' r'd'", "abcd"),
        ("('a'\n # a comment\n u'b')", "ab"),
        (r"u'a\n' U'b'", "a\nb"),
        (r"r'\n\'' R'\\'", r"\n\'\\"),
        ("r'a\\\r\nb'", "a\\\nb"),
        ("'\t\x7fü☃😀\u{2028}'", "\t\x7fü☃😀\u{2028}"),
    ] {
        assert_eq!(read(text), Value::from(content).to_string(), "{text:?}");
    }
}

#[test]
fn lone_surrogates_are_kept() {
    for (literal, json) in [
        (r"'\ud800'", r#""\ud800""#),
        (r"'a\udfffü'", r#""a\udfffü""#),
        (r"{'\ud800': 1}", r#"{"\ud800":1}"#),
    ] {
        assert_eq!(read(literal), json);
        assert_eq!(written(json), literal);
    }
    assert_eq!(read(r"'\U0000d800'"), r#""\ud800""#);
    assert_eq!(written(r#""\uD83D\uDE00\ude00""#), r"'😀\ude00'");
}

#[test]
fn every_form_of_a_number_is_read() {
    for (text, json) in [
        ("0", "0"),
        ("00_0", "0"),
        ("-12", "-12"),
        ("+12", "12"),
        ("- 12", "-12"),
        ("1_000", "1000"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("0xfF", "255"),
        ("-0X_f_f", "-255"),
        ("0o17", "15"),
        ("0B1_01", "5"),
        ("0xe", "14"),
        ("1.5", "1.5"),
        ("1.50", "1.50"),
        ("1.", "1.0"),
        (".5", "0.5"),
        ("-.5e-3", "-0.5e-3"),
        ("1.e5", "1.0e5"),
        ("1e5", "1e5"),
        ("1E+05", "1E+05"),
        ("08.5", "8.5"),
        ("00e1", "0e1"),
        ("1_0.0_1e1_0", "10.01e10"),
        ("-0.0", "-0.0"),
    ] {
        assert_eq!(read(text), json, "{text:?}");
    }
    let digits = "9".repeat(4300);
    assert_eq!(read(&digits), digits);
}

#[test]
fn text_that_is_not_a_literal_is_rejected_with_the_place() {
    for (text, error) in [
        (
            "",
            "line 1, column 1: expected a value, found the end of the text",
        ),
        ("\u{feff}1", "line 1, column 1: expected a value"),
        ("\u{a0}1", "line 1, column 1: expected a value"),
        (
            "{'a': 1",
            "line 1, column 8: expected a comma or the closing bracket",
        ),
        (
            "{'a': 1]",
            "line 1, column 8: expected a comma or the closing bracket",
        ),
        (
            "{'ü': open}",
            "line 1, column 7: a name or a call is not a literal",
        ),
        ("[\n  nan]", "line 2, column 3: a name or a call is not a literal"),
        ("{'a': 1, 'b'}", "line 1, column 13: expected a colon"),
        (
            "[1 2]",
            "line 1, column 4: expected a comma or the closing bracket",
        ),
        ("[1,,2]", "line 1, column 4: expected a value"),
        ("1 2", "line 1, column 3: expected the end of the literal"),
        ("'a", "line 1, column 1: the string has no end"),
        ("'a\nb'", "line 1, column 1: the string has no end"),
        (r"'\'", "line 1, column 1: the string has no end"),
        ("'''a''", "line 1, column 1: the string has no end"),
        (
            "'ü\\x4'",
            "line 1, column 3: the escape has too few hexadecimal digits",
        ),
        (
            r"'\U00110000'",
            "line 1, column 2: Unicode has no character with this number",
        ),
        (
            "'\0'",
            "line 1, column 2: a literal cannot contain the character NUL",
        ),
        (
            "'a' b'b'",
            "line 1, column 5: a string and bytes cannot be joined",
        ),
        (
            "b'ü'",
            "line 1, column 3: bytes can contain only ASCII characters",
        ),
        (
            "f'a'",
            "line 1, column 1: a literal cannot contain a string with this prefix",
        ),
        ("017", "line 1, column 1: the integer begins with the digit 0"),
    ] {
        assert_eq!(error_of(text), error, "{text:?}");
    }
    for text in [
        "true",
        "null",
        "inf",
        "-inf",
        "nan",
        "_1",
        "1_",
        "1__0",
        "1a",
        "1e",
        "1e+",
        "1e-_1",
        "1._5",
        "1.5_",
        ".",
        "-",
        "--1",
        "0x",
        "0xg",
        "0x1p3",
        "0b2",
        "0o8",
        "0_",
        "0_7",
        "1.2.3",
        "1L",
        "-True",
        "-[1]",
        "-'a'",
        "1+2",
        "1j+2",
        "١",
        "[*[1]]",
        "{**{}}",
        "{1:2}[1]",
        "'a'.b",
        "open('a')",
        "set([1])",
        "frozenset()",
        "(,)",
        "[,]",
        "{,}",
        "{:}",
        "ur'a'",
        "ub'a'",
        "'a'\n'b'",
        r"'\N'",
        r"'\N{}'",
        "1;",
        "[1\\ \n]",
        "`1`",
    ] {
        error_of(text);
    }
}

#[test]
fn values_that_json_cannot_hold_are_named_with_their_place() {
    for (text, error) in [
        (
            "{'photo': [1, 2, b'\\xff']}",
            "value.photo[2] is bytes, which JSON cannot hold",
        ),
        (
            "{'a': {'b': {1, 2}}}",
            "value.a.b is a set, which JSON cannot hold",
        ),
        ("[set()]", "value[0] is a set, which JSON cannot hold"),
        (
            "[1, (2, {3: 4})]",
            "value[1][1] is a dictionary with a key that is not a string, which JSON cannot hold",
        ),
        (
            "1e400",
            "value is a number that is infinite in Python, which JSON cannot hold",
        ),
        (
            "[-1e999]",
            "value[0] is a number that is infinite in Python, which JSON cannot hold",
        ),
        ("[(1+2j)]", "value[0] is a complex number, which JSON cannot hold"),
        ("-1.5 - 2J", "value is a complex number, which JSON cannot hold"),
        ("01j", "value is a complex number, which JSON cannot hold"),
        ("...", "value is an ellipsis, which JSON cannot hold"),
        (
            r"'\N{BULLET}'",
            "value is a string with a character that is written by its name, which JSON cannot hold",
        ),
        (r"b'a\'\u12' Rb'\x'", "value is bytes, which JSON cannot hold"),
    ] {
        let literal = parse(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        assert_eq!(
            to_json(&literal, "value").unwrap_err().to_string(),
            error,
            "{text:?}"
        );
    }
    assert!(matches!(
        parse(&format!("0x{}", "f".repeat(33))),
        Ok(Literal::Other(_))
    ));
}

#[test]
fn brackets_may_be_nested_as_deeply_as_in_python() {
    for (open, inner, close) in [("[", "", "]"), ("(", "1", ",)"), ("{'a':", "1", "}")] {
        let nested = |depth| format!("{}{inner}{}", open.repeat(depth), close.repeat(depth));
        to_json(&parse(&nested(200)).unwrap(), "value").unwrap();
        assert!(error_of(&nested(201)).contains("nested too deeply"));
        error_of(&open.repeat(1_000_000));
    }
}

#[test]
fn values_are_written_as_repr_writes_them() {
    for (json, literal) in [
        ("null", "None"),
        (" [ true , false ] ", "[True, False]"),
        (r#"{"a":{},"b":[{"c" : []}]}"#, "{'a': {}, 'b': [{'c': []}]}"),
        (r#""it's""#, r#""it's""#),
        (r#""\"""#, r#"'"'"#),
        (r#""it's \"q\"""#, r#"'it\'s "q"'"#),
        (r#""\\ \/ \b\f\n\r\t""#, r"'\\ / \x08\x0c\n\r\t'"),
        (
            r#""\u0000\u001f\u007f\u0085\u00a0\u00ad""#,
            r"'\x00\x1f\x7f\x85\xa0\xad'",
        ),
        (
            r#""\u200b\u2028\u3000\ud7ff\ue000\ufeff""#,
            r"'\u200b\u2028\u3000\ud7ff\ue000\ufeff'",
        ),
        (r#""\ud83d\ude00\udb40\udc01""#, r"'😀\U000e0001'"),
        (r#""üé⫻﹫⁄␣☃a\u0301""#, "'üé⫻﹫⁄␣☃a\u{301}'"),
        (r#""\u0301""#, "'\u{301}'"),
        (
            "[1e+100,-0.0,1e16,1.50,-0,123456789012345678901234567890]",
            "[1e+100, -0.0, 1e16, 1.50, -0, 123456789012345678901234567890]",
        ),
        (r#"["a]\\","b,:"]"#, r"['a]\\', 'b,:']"),
    ] {
        assert_eq!(written(json), literal);
    }
}

/// A writer that recursed would overflow the stack.
#[test]
fn json_of_any_depth_is_written() {
    let nested = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    assert_eq!(written(&nested), nested);
}

proptest! {
    #[test]
    fn any_text_is_a_literal_or_an_error(text in any::<String>()) {
        let _ = parse(&text);
    }

    #[test]
    fn any_text_of_parts_of_literals_is_a_literal_or_an_error(
        parts in prop::collection::vec(prop::sample::select(PARTS), 0..12)
    ) {
        if let Ok(literal) = parse(&parts.concat()) {
            let _ = to_json(&literal, "value");
        }
    }
}

const PARTS: &[&str] = &[
    "'", "\"", "'''", "\\", "\\u", "\\x4", "\\U0001", "\\N{", "b", "r", "u", "e", "j", "_", "0", "1", "x",
    "f", ".", "-", "+", "{", "}", "[", "]", "(", ")", ",", ":", " ", "\n", "\r\n", "#", "None", "True",
    "set", "ü", "😀", "\0", "d800",
];
