//! Property tests of parsing.

mod support;

use mailstore_metadata::{Argument, Dump, Function};
use miette::{Diagnostic, NarratableReportHandler};
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};

use support::functions;

fn object(members: &[String]) -> String {
    format!("{{ {} }}", members.join("\t,\n"))
}

fn argument_members(argument: &Argument) -> Vec<String> {
    let Argument { name, kind, nullable } = argument;
    vec![
        format!("\"name\":\"{name}\""),
        format!("\"type\" : \"{kind}\""),
        format!("\"nullable\":\r\n{nullable}"),
    ]
}

/// Returns the members of a function as JSON. Its arguments are already JSON.
fn function_members(function: &Function, arguments: &[String]) -> Vec<String> {
    let mut members = vec![format!("\"name\": \"{}\"", function.name)];
    if let Some(path) = &function.path {
        members.push(format!("\"path\": \"{path}\""));
    }
    members.push(format!("\"args\": [{}]", arguments.join(" , ")));
    members
}

fn text(functions: &[Function]) -> String {
    let functions: Vec<String> = functions
        .iter()
        .map(|function| {
            let arguments: Vec<String> = function
                .arguments
                .iter()
                .map(|argument| object(&argument_members(argument)))
                .collect();
            object(&function_members(function, &arguments))
        })
        .collect();
    format!("[{}]", functions.join(","))
}

/// Creates an object with these members in any order, and with members that no known dump has.
fn mixed(members: Vec<String>) -> impl Strategy<Value = String> {
    let unknown = vec![
        r#""Name": "x""#.to_owned(),
        r#""description": "{[\"\\ \u00e4""#.to_owned(),
        r#""default": [{"name": {}}, -1.5e+300, []]"#.to_owned(),
        r#""": null"#.to_owned(),
    ];
    subsequence(unknown, 0..=4)
        .prop_flat_map(move |unknown| Just([members.clone(), unknown].concat()).prop_shuffle())
        .prop_map(|members| object(&members))
}

/// Creates another text for the same functions.
fn other_text(functions: Vec<Function>) -> impl Strategy<Value = String> {
    let functions: Vec<_> = functions
        .into_iter()
        .map(|function| {
            let arguments: Vec<_> = function
                .arguments
                .iter()
                .map(|argument| mixed(argument_members(argument)))
                .collect();
            arguments.prop_flat_map(move |arguments| mixed(function_members(&function, &arguments)))
        })
        .collect();
    (
        functions.prop_flat_map(|functions| Just(functions).prop_shuffle()),
        any::<bool>(),
    )
        .prop_map(|(functions, mark)| {
            format!("{}[{}]", if mark { "\u{feff}" } else { "" }, functions.join(","))
        })
}

fn parse(text: &str) -> Dump {
    Dump::parse("test.json", text.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// Returns the text as an editor shows it: UTF-16 if it has a byte order mark or a zero byte at its start, otherwise
/// UTF-8.
fn lossy(bytes: &[u8]) -> String {
    let units = |order: fn([u8; 2]) -> u16| -> Vec<u16> {
        bytes
            .chunks_exact(2)
            .map(|pair| order([pair[0], pair[1]]))
            .collect()
    };
    match bytes {
        [0xFE, 0xFF, ..] | [0, ..] => String::from_utf16_lossy(&units(u16::from_be_bytes)),
        [0xFF, 0xFE, ..] | [_, 0, ..] => String::from_utf16_lossy(&units(u16::from_le_bytes)),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Parses any bytes. An error must have a place in the text and a report.
fn try_parse(bytes: &[u8]) -> Result<(), TestCaseError> {
    let Err(error) = Dump::parse("test.json", bytes) else {
        return Ok(());
    };
    let text = lossy(bytes);
    let line = text.split('\n').nth(error.line() - 1);
    prop_assert!(
        line.is_some_and(|line| error.column() <= line.chars().count() + 1),
        "{}",
        error
    );
    prop_assert!(error.help().is_some());
    let mut report = String::new();
    NarratableReportHandler::new().render_report(&mut report, &error)?;
    prop_assert!(!report.contains("Failed to read"), "{}", report);
    Ok(())
}

proptest! {
    #[test]
    fn parsing_any_bytes_does_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        try_parse(&bytes)?;
    }

    #[test]
    fn parsing_text_that_resembles_json_does_not_panic(
        words in prop::collection::vec(select(vec![
            "[", "]", "{", "}", ",", ":", "\"", "\"name\"", "\"args\"", "\"type\"", "\"json\"",
            "\"nullable\"", "\"path\"", "\"api/\"", "true", "null", "-0.1e9", "\\", "\\ud800", "\n", "\r\n",
            " ", "\u{e4}", "\u{0}", "\u{feff}", "\u{1f600}", "<", "[{\"name\":", "\"x\"}", "\"error\"",
        ]), 0..30)
    ) {
        try_parse(words.concat().as_bytes())?;
    }

    #[test]
    fn parsing_damaged_dumps_does_not_panic(functions in functions(), at in any::<Index>(), byte in any::<u8>()) {
        let mut bytes = text(&functions).into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        try_parse(&bytes)?;
    }

    #[test]
    fn a_dump_contains_the_functions_of_its_text(functions in functions()) {
        let dump = parse(&text(&functions));
        prop_assert_eq!(dump.functions(), &functions);
    }

    #[test]
    fn the_canonical_form_parses_as_the_same_dump(functions in functions()) {
        let dump = parse(&text(&functions));
        let again = parse(&dump.canonical());
        prop_assert_eq!(again.canonical(), dump.canonical());
        prop_assert_eq!(again.digest(), dump.digest());
        prop_assert_eq!(again, dump);
    }

    #[test]
    fn the_order_of_functions_and_members_and_unknown_members_do_not_matter(
        (functions, other) in functions()
            .prop_flat_map(|functions| (Just(functions.clone()), other_text(functions)))
    ) {
        let (dump, other) = (parse(&text(&functions)), parse(&other));
        prop_assert_eq!(other.digest(), dump.digest());
        prop_assert_eq!(other, dump);
    }

    #[test]
    fn the_order_of_arguments_matters(functions in functions()) {
        let mut reversed = functions.clone();
        for function in &mut reversed {
            function.arguments.reverse();
        }
        let (dump, other) = (parse(&text(&functions)), parse(&text(&reversed)));
        prop_assert_eq!(dump == other, functions == reversed);
        prop_assert_eq!(dump.digest() == other.digest(), functions == reversed);
    }

    #[test]
    fn a_truncated_dump_is_rejected_with_a_place_in_it(functions in functions(), at in any::<Index>()) {
        let canonical = parse(&text(&functions)).canonical();
        let cut = &canonical[..at.index(canonical.trim_end().len())];
        prop_assert!(Dump::parse("test.json", cut.as_bytes()).is_err());
        try_parse(cut.as_bytes())?;
    }
}
