//! Every overlay gives valid Rust or an error with a place.

use std::collections::BTreeMap;
use std::fmt::Write;

use mailstore_codegen::{Generated, Generator, Overlay, OverlayError};
use mailstore_metadata::Dump;
use miette::Diagnostic;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::{function, name, names_are_unique, wire_names_are_in_the_catalog};
use crate::compiles::typed;
use crate::support::short;

fn generate(dump: Dump, text: &str) -> Result<Generated, OverlayError> {
    let overlay = Overlay::parse("overlay.toml", text)?;
    Generator::new("generate").single(dump, "dump.json", &[overlay])
}

/// Checks that the output is valid Rust or that the error has a place.
fn check(generated: Result<Generated, OverlayError>, text: &str) -> Result<(), TestCaseError> {
    match generated {
        Ok(generated) => {
            for (path, text) in generated.tree.files() {
                prop_assert!(syn::parse_file(text).is_ok(), "{path} is not valid Rust:\n{text}");
            }
            let api = &generated.apis[0];
            names_are_unique(api)?;
            wire_names_are_in_the_catalog(&generated)?;
            let calls = Generator::new("generate").exercise(api, "crate::client", "crate::values");
            prop_assert!(
                syn::parse_file(&calls).is_ok(),
                "the calls are not valid Rust:\n{calls}"
            );
        }
        Err(error) => {
            let label = error.labels().and_then(|mut labels| labels.next());
            let label = label.expect("every error has a place");
            let marked = label.offset()..label.offset() + label.len();
            prop_assert!(text.get(marked).is_some(), "{error}: the place does not exist");
            prop_assert!(
                error.line() <= text.lines().count() + 1,
                "{error}: the line does not exist"
            );
            prop_assert!(error.help().is_some());
        }
    }
    Ok(())
}

/// Types of every kind, and facts about a function that uses all of them.
const TYPES: &str = r#"
[types]
Number = { kind = "id", doc = "" }
Text = { kind = "id", of = "string", doc = "" }
Hand = { kind = "id", of = "string", doc = "", rust = "crate::Hand" }
Word = { kind = "enum", doc = "", values = { a = "", type = "" } }
Words = { kind = "set", doc = "", item = "Word", alone = { none = "" }, empty = "none" }
Object = { kind = "struct", doc = "", fields = { a = { type = "[Object]", doc = "" } } }
Record = { kind = "struct", doc = "", fields = { a = { type = "utc", always = true, doc = "" } } }
Parts = { kind = "parts", doc = "", rust = "crate::Parts" }
[functions.UseAll.combine]
parts = { type = "Parts", arguments = ["parts"], doc = "" }
[functions.UseAll]
result = "Record"
[functions.UseAll.args]
number = { type = "Number", doc = "" }
text = { type = "Text", doc = "" }
hand = { type = "Hand", doc = "" }
words = { type = "Words", doc = "" }
object = { type = "Object", doc = "" }
"#;
const USE_ALL: &str = r#"{"name": "UseAll", "args": [
    {"name": "number", "type": "number", "nullable": false}, {"name": "text", "type": "string", "nullable": true},
    {"name": "hand", "type": "string", "nullable": false}, {"name": "words", "type": "string", "nullable": true},
    {"name": "object", "type": "json", "nullable": false}, {"name": "parts", "type": "string", "nullable": true}]}"#;

/// Type expressions that are valid for arguments, by the type in the dump.
const FITTING: [&[&str]; 4] = [
    &[
        "string", "secret", "datetime", "time", "port", "Text", "Hand", "Word", "Words", "[string]",
        "[Text]", "[Hand]", "[Word]", "[Number]",
    ],
    &["number", "seconds", "port", "Number"],
    &["bool"],
    &["json", "Object", "[Object]"],
];
const OTHERS: &[&str] = &[
    "utc",
    "epoch_milliseconds",
    "[utc]",
    "[port]",
    "[json]",
    "[Record]",
    "Record",
    "null",
    "[Words]",
    "[time]",
];

/// Facts about an argument: the choice of a type, whether it is one of [`FITTING`], the fixed value and the name.
type ArgumentFacts = (Index, bool, Option<&'static str>, Option<&'static str>);

fn argument_facts() -> impl Strategy<Value = ArgumentFacts> {
    let fixed = proptest::option::weighted(0.1, select(&["true", "7", "a \\ {}"][..]));
    let name = proptest::option::weighted(0.1, select(&["type", "start", "a", "b_", "name"][..]));
    (any::<Index>(), proptest::bool::weighted(0.95), fixed, name)
}

/// The functions of a dump, and an overlay for them.
fn functions_and_overlay() -> impl Strategy<Value = (Vec<String>, String)> {
    let argument = ((0..4_usize, any::<bool>(), any::<u8>()), argument_facts());
    let arguments = proptest::collection::btree_map(name(), argument, 0..6);
    let combined = proptest::option::weighted(0.3, select(&["type", "start", "schedule", "a"][..]));
    let facts = (any::<Index>(), combined, any::<Index>());
    let functions = proptest::collection::btree_map(name(), (arguments, facts), 0..5);
    functions.prop_map(|functions| {
        let mut texts = vec![USE_ALL.to_owned()];
        let mut overlay = TYPES.to_owned();
        for (name, (arguments, (result, combined, places))) in functions {
            let words: BTreeMap<String, (usize, bool, u8)> =
                arguments.iter().map(|(name, (word, _))| (name.clone(), *word)).collect();
            texts.push(function(&name, &words, false));
            let results: Vec<&str> = FITTING.concat().into_iter().chain(OTHERS.iter().copied()).collect();
            writeln!(overlay, "[functions.{name:?}]\nresult = {:?}", result.get(&results)).unwrap();
            if let (Some(parameter), false) = (combined, arguments.is_empty()) {
                let together: Vec<&String> = arguments.keys().take(places.index(arguments.len()) + 1).collect();
                writeln!(
                    overlay,
                    "combine = {{ {parameter} = {{ type = \"Parts\", arguments = {together:?}, doc = \"\" }} }}"
                )
                .unwrap();
            }
            writeln!(overlay, "[functions.{name:?}.args]").unwrap();
            for (argument, ((kind, ..), (choice, fits, fixed, name))) in &arguments {
                let ty = if *fits { choice.get(FITTING[*kind]) } else { choice.get(OTHERS) };
                let fixed = fixed
                    .map(|value| format!(", fixed = {value:?}"))
                    .unwrap_or_default();
                let name = name.map(|name| format!(", name = {name:?}")).unwrap_or_default();
                writeln!(overlay, "{argument:?} = {{ type = {ty:?}, doc = \"\"{fixed}{name} }}").unwrap();
            }
        }
        (texts, overlay)
    })
}

/// A change that makes an overlay invalid in many cases.
#[derive(Clone, Copy, Debug)]
enum Mistake {
    Remove,
    Repeat,
    Replace,
    Exchange,
}

/// Changes the line `here`. Some changes use the line `there` or a quoted string of it.
fn make(mistake: Mistake, lines: &mut Vec<String>, here: Index, there: Index) {
    if lines.is_empty() {
        return;
    }
    let (here, there) = (here.index(lines.len()), there.index(lines.len()));
    let other = lines[there].clone();
    match mistake {
        Mistake::Remove => _ = lines.remove(here),
        Mistake::Repeat => lines.insert(there, lines[here].clone()),
        Mistake::Replace => lines[here] = other,
        Mistake::Exchange => {
            let quoted = |line: &str| line.split('"').nth(1).map(str::to_owned);
            if let (Some(old), Some(new)) = (quoted(&lines[here]), quoted(&other)) {
                lines[here] = lines[here].replacen(&old, &new, 1);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_overlay_for_any_dump_is_accepted_or_rejected_with_a_place((functions, overlay) in functions_and_overlay()) {
        let dump = format!("[{}]", functions.join(",\n"));
        // The dump is invalid if it has another function with the name `UseAll`.
        let dump = Dump::parse("dump.json", dump.as_bytes());
        prop_assume!(dump.is_ok());
        check(generate(dump.unwrap(), &overlay), &overlay)?;
    }

    /// Lines that are missing, repeated or in the wrong place.
    #[test]
    fn a_changed_overlay_is_accepted_or_rejected_with_a_place(
        mistakes in proptest::collection::vec(
            (
                select(&[Mistake::Remove, Mistake::Repeat, Mistake::Replace, Mistake::Exchange][..]),
                any::<Index>(),
                any::<Index>(),
            ),
            1..4,
        )
    ) {
        let mut lines: Vec<String> = typed::overlay().lines().map(str::to_owned).collect();
        for (mistake, here, there) in mistakes {
            make(mistake, &mut lines, here, there);
        }
        let overlay = lines.join("\n");
        check(generate(short(typed::DUMP), &overlay), &overlay)?;
    }
}
