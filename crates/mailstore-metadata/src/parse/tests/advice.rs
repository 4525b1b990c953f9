//! Tests that a broken dump can be parsed after its advice was followed.

use std::collections::HashSet;
use std::mem::discriminant;

use super::error;
use crate::{Dump, Problem};

/// Creates a list with one function that has this member.
fn function(member: &str) -> String {
    format!(r#"[{{"name":"F",{member}}}]"#)
}

/// Creates a list with one function that has one argument with these members.
fn argument(members: &str) -> String {
    function(&format!(r#""args":[{{{members}}}]"#))
}

/// Returns the strings in double quotes in an advice.
fn words(advice: &str) -> Vec<&str> {
    advice.split('"').skip(1).step_by(2).collect()
}

/// Returns the corrected texts: one for each remedy that the advice offers.
fn repaired(problem: &Problem, advice: &str) -> Vec<String> {
    let whole = argument(r#""name":"a","type":"json","nullable":true"#);
    let says = |part: &str| assert!(advice.contains(part), "{problem:?}: {advice}");
    match problem {
        Problem::TooLarge { .. } => {
            says("tens of thousands of bytes");
            vec![whole + &" ".repeat(10_000)]
        }
        Problem::TooMany { .. } => {
            says("a few hundred functions");
            vec![whole]
        }
        Problem::Utf16 => {
            says("as UTF-8");
            vec![whole]
        }
        Problem::Utf8 { .. } => {
            says("convert the file from its encoding to UTF-8");
            vec![function("\"note\":\"\u{e4}\"")]
        }
        Problem::Empty => {
            let list = advice.split('`').nth(1).expect("the advice quotes the response");
            vec![whole, list.to_owned()]
        }
        Problem::Markup => {
            says("check the host, the port");
            vec![whole]
        }
        Problem::Truncated => {
            says("fetch or copy it again");
            vec![whole]
        }
        Problem::Trailing => {
            says("remove what follows its closing bracket");
            vec![function(r#""args":[]"#)]
        }
        Problem::Syntax { .. } => {
            says("correct the marked place");
            vec![function(r#""args":[]"#)]
        }
        Problem::Envelope { .. } => {
            says("check the credentials");
            vec![whole]
        }
        Problem::NotAnArray { .. } => {
            says("without anything around it");
            vec!["[]".to_owned()]
        }
        Problem::WrongType { .. } => {
            let form = advice.split('`').nth(1).expect("the advice quotes the form");
            let mut values = ["\"F\"", "\"a\"", "\"json\"", "true"].into_iter();
            let mut parts = form.split("...");
            let first = parts.next().unwrap_or_default().to_owned();
            let filled = parts.fold(first, |text, part| {
                text + values.next().expect("the form has four values") + part
            });
            vec![filled]
        }
        Problem::Missing { .. } => {
            says("add the member");
            vec![argument(r#""name":"a","type":"json","nullable":true"#)]
        }
        Problem::DuplicateMember { .. } => {
            says("keep one of the two");
            vec![function(r#""path":"api/""#), function(r#""path":"a/""#)]
        }
        Problem::UnknownType { .. } => {
            let words = words(advice);
            assert_eq!(words.len(), 4, "{advice}");
            let with = |word: &&str| argument(&format!(r#""name":"a","type":"{word}","nullable":true"#));
            words.iter().map(with).collect()
        }
        Problem::DuplicateFunction { .. } => {
            says("remove one of the two");
            says("differ in case");
            vec![
                r#"[{"name":"F"}]"#.to_owned(),
                r#"[{"name":"F"},{"name":"f"}]"#.to_owned(),
            ]
        }
        Problem::DuplicateArgument { .. } => {
            says("remove one of the two");
            says("differ in case");
            let [lower, upper] =
                ["a", "A"].map(|name| format!(r#""name":"{name}","type":"json","nullable":true"#));
            vec![argument(&lower), argument(&format!("{lower}}},{{{upper}"))]
        }
        Problem::BadName { .. } => {
            says("1 to 255 ASCII letters, digits, `_`, `-` and `.`, starting with a letter, a digit or `_`");
            let names = ["Z", "_-.z", "9a", &"x".repeat(255)].map(str::to_owned);
            names.map(|name| format!(r#"[{{"name":"{name}"}}]"#)).to_vec()
        }
        Problem::BadPath { .. } => {
            says("leave the member out");
            let paths = words(advice);
            assert_eq!(paths.len(), 2, "{advice}");
            let with = |path: &&str| function(&format!(r#""path":"{path}""#));
            paths.iter().map(with).chain([function(r#""args":[]"#)]).collect()
        }
    }
}

#[test]
fn following_the_advice_repairs_every_broken_dump() {
    let mut broken: Vec<Vec<u8>> = vec![
        vec![b' '; Dump::MAX_BYTES + 1],
        format!("[1{}]", ",1".repeat(Dump::MAX_ENTRIES)).into_bytes(),
        vec![0xff, 0xfe, b'['],
        b"[{\"name\":\"F\",\"note\":\"\xE4\"}]".to_vec(),
    ];
    let texts = [
        String::new(),
        "<html></html>".to_owned(),
        "[{\"name\":".to_owned(),
        function(r#""args":[]"#) + " []",
        function(r#""args"[]"#),
        r#"{"statusCode":"failed"}"#.to_owned(),
        r#"{"functions":[]}"#.to_owned(),
        argument(r#""name":"a","type":"json","nullable":1"#),
        argument(r#""name":"a","type":"json""#),
        function(r#""path":"api/","path":"a/""#),
        argument(r#""name":"a","type":"Json","nullable":true"#),
        r#"[{"name":"F"},{"name":"F"}]"#.to_owned(),
        argument(r#""name":"a","type":"json","nullable":true},{"name":"a""#),
        r#"[{"name":"-f"}]"#.to_owned(),
        function(r#""path":"/api""#),
    ];
    broken.extend(texts.map(String::into_bytes));
    let mut met = HashSet::new();
    for bytes in &broken {
        let found = error(bytes);
        let problem = found.problem();
        for text in repaired(problem, problem.advice()) {
            let read = Dump::parse("d", text.as_bytes());
            assert!(read.is_ok(), "{problem:?}: {text} gives {read:?}");
        }
        met.insert(discriminant(problem));
    }
    assert_eq!(
        met.len(),
        broken.len(),
        "every text must have a different problem"
    );
}
