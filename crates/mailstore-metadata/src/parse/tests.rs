//! Tests of every problem: its message, its place, the labels of reports, and its advice.

mod advice;
mod content;
mod document;

use miette::Diagnostic;

use crate::{Argument, ArgumentKind, Dump, DumpError};

fn parse(text: &str) -> Dump {
    Dump::parse("d", text.as_bytes()).unwrap()
}

fn error(bytes: impl AsRef<[u8]>) -> DumpError {
    Dump::parse("d", bytes.as_ref()).unwrap_err()
}

/// Asserts the one-line message and the labels, as `marked text: label`, of the error for a text.
#[track_caller]
fn assert_error(text: &str, message: &str, marks: &[&str]) {
    let error = error(text);
    assert_eq!(error.to_string(), message);
    let found: Vec<String> = error
        .labels()
        .unwrap()
        .map(|label| {
            let marked = &text[label.offset()..label.offset() + label.len()];
            format!("{marked}: {}", label.label().unwrap_or_default())
        })
        .collect();
    assert_eq!(found, marks);
    assert!(error.help().is_some_and(|help| help.to_string().len() > 20));
}

#[test]
fn every_member_of_a_function_is_parsed() {
    let dump = parse(
        r#"[{"path": "api/", "more": {"name": [1]}, "name": "F", "args": [
            {"nullable": true, "type": "json", "name": "z", "default": 1e999},
            {"name": "\u0061", "type": "bool", "nullable": false}]}]"#,
    );
    let function = dump.function("F").unwrap();
    assert_eq!(function.path.as_deref(), Some("api/"));
    let argument = |name: &str, kind, nullable| Argument {
        name: name.to_owned(),
        kind,
        nullable,
    };
    assert_eq!(
        function.arguments,
        [
            argument("z", ArgumentKind::Json, true),
            argument("a", ArgumentKind::Bool, false)
        ]
    );
}

#[test]
fn missing_and_null_mean_no_arguments_and_no_path() {
    let plain = parse(r#"[{"name":"F","args":[]}]"#);
    assert_eq!(plain.functions()[0].path, None);
    for text in [r#"[{"name":"F"}]"#, r#"[{"name":"F","args":null,"path":null}]"#] {
        assert_eq!(parse(text), plain);
    }
}

#[test]
fn names_that_differ_in_case_are_different() {
    let dump = parse(
        r#"[{"name":"F"},{"name":"f","args":[
            {"name":"id","type":"number","nullable":false},{"name":"ID","type":"number","nullable":false}]}]"#,
    );
    assert_eq!(dump.functions().len(), 2);
    assert_eq!(dump.functions()[1].arguments.len(), 2);
}

/// The parser does not recurse and has no depth limit: its memory is proportional to the text.
#[test]
fn nesting_may_have_any_depth() {
    let depth = 1_000_000;
    for bracket in ["[", "{\"a\":", "[{\"x\":"] {
        let message = error(bracket.repeat(depth)).to_string();
        assert!(
            message.ends_with("the text ends before the list is complete"),
            "{message}"
        );
    }
    let deep = "[".repeat(depth) + &"]".repeat(depth);
    assert_eq!(
        error(&deep).to_string(),
        "d:1:2: a function must be an object, but is an array"
    );
    assert_eq!(
        parse(&format!(r#"[{{"name":"F","more":{deep}}}]"#)),
        parse(r#"[{"name":"F"}]"#)
    );
}
