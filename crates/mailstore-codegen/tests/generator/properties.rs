//! Properties of the output for every valid dump.

mod overlays;

use std::collections::{BTreeMap, BTreeSet};

use mailstore_codegen::model::{Api, Function};
use mailstore_codegen::openapi::{self, Version};
use mailstore_codegen::{Generated, Generator, Overlay};
use mailstore_metadata::Dump;
use proptest::prelude::*;

use crate::support::HOSTILE_NAMES;

const HANDLE: &str = r#"
[surface]
name = "spe"
title = "SPE"
port = 1
handle = { argument = "instanceID", type = "InstanceId", name = "Instance", method = "instance", doc = "" }
[types.InstanceId]
kind = "id"
of = "string"
doc = ""
"#;

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => proptest::sample::select(HOSTILE_NAMES).prop_map(str::to_owned),
        3 => "[A-Za-z0-9_][A-Za-z0-9_.-]{0,12}",
        1 => "[A-Za-z0-9_][A-Za-z0-9_.-]{199}",
    ]
}

/// The JSON of one function with these arguments.
fn function(name: &str, arguments: &BTreeMap<String, (usize, bool, u8)>, instance: bool) -> String {
    let mut arguments: Vec<_> = arguments.iter().collect();
    arguments.sort_by_key(|(_, (_, _, place))| *place);
    let mut arguments: Vec<String> = arguments
        .into_iter()
        .map(|(name, (kind, nullable, _))| {
            let kind = ["string", "number", "bool", "json"][*kind];
            format!(r#"{{"name": "{name}", "type": "{kind}", "nullable": {nullable}}}"#)
        })
        .collect();
    if instance {
        arguments.insert(
            0,
            r#"{"name": "instanceID", "type": "string", "nullable": false}"#.to_owned(),
        );
    }
    format!(r#"{{"name": "{name}", "args": [{}]}}"#, arguments.join(", "))
}

/// The functions of a dump as JSON, in two orders.
fn functions() -> impl Strategy<Value = (Vec<String>, Vec<String>)> {
    let arguments = proptest::collection::btree_map(name(), (0..4_usize, any::<bool>(), any::<u8>()), 0..8);
    let functions = proptest::collection::btree_map(name(), (arguments, any::<bool>()), 0..12);
    functions.prop_flat_map(|functions| {
        let texts: Vec<String> = functions
            .iter()
            .map(|(name, (arguments, instance))| function(name, arguments, *instance))
            .collect();
        (Just(texts.clone()), Just(texts).prop_shuffle())
    })
}

fn generate(functions: &[String], overlays: &[Overlay]) -> Generated {
    let dump = format!("[{}]", functions.join(",\n"));
    let dump = Dump::parse("dump.json", dump.as_bytes()).expect("the dump is valid");
    Generator::new("generate")
        .single(dump, "dump.json", overlays)
        .expect("the overlay is valid")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_valid_dump_becomes_valid_rust((functions, shuffled) in functions(), with_handle: bool) {
        let with_handle = with_handle && functions.iter().any(|function| function.contains(r#""instanceID""#));
        let overlays: &[Overlay] =
            if with_handle { &[Overlay::parse("overlay.toml", HANDLE).unwrap()] } else { &[] };
        let generated = generate(&functions, overlays);
        for (path, text) in generated.tree.files() {
            prop_assert!(syn::parse_file(text).is_ok(), "{path} is not valid Rust:\n{text}");
        }
        let api = &generated.apis[0];
        prop_assert_eq!(api.functions().len(), functions.len());
        names_are_unique(api)?;
        wire_names_are_in_the_catalog(&generated)?;

        let documents = documents(&generated);
        for document in &documents {
            operations_are_unique(document, &functions)?;
        }

        let again = generate(&functions, overlays);
        prop_assert_eq!(&again.tree, &generated.tree, "the same input gave another output");
        let shuffled = generate(&shuffled, overlays);
        prop_assert_eq!(&shuffled.tree, &generated.tree, "the order of functions matters");
        prop_assert_eq!(self::documents(&shuffled), documents, "the order of functions matters");
    }
}

fn documents(generated: &Generated) -> [String; 2] {
    [Version::V3_0, Version::V3_1].map(|version| openapi::document(generated, &generated.apis[0], version))
}

/// Checks that a document has one operation for each function and for the three of the protocol, with different ids.
fn operations_are_unique(document: &str, functions: &[String]) -> Result<(), TestCaseError> {
    let document: serde_json::Value = serde_json::from_str(document).expect("the document is JSON");
    let paths = document["paths"].as_object().expect("the document has paths");
    prop_assert_eq!(paths.len(), functions.len() + 3);
    let ids: Vec<String> = paths
        .values()
        .map(|item| item["post"]["operationId"].to_string())
        .collect();
    differ("operations", &ids)
}

fn names_are_unique(api: &Api) -> Result<(), TestCaseError> {
    let functions = api.functions();
    let all = |name: fn(&Function) -> &str| -> Vec<String> {
        functions
            .iter()
            .map(|function| name(function).to_owned())
            .collect()
    };
    differ("methods", &all(|function| function.method.as_str()))?;
    differ("requests", &all(|function| function.request.as_str()))?;
    differ("constants", &all(|function| function.constant.as_str()))?;
    for function in functions {
        let given = function
            .arguments
            .iter()
            .filter(|argument| argument.is_asked_for());
        let given = given.map(|argument| &argument.name);
        let combined = function.combined.iter().map(|parts| &parts.name);
        let names: Vec<String> = given
            .chain(combined)
            .map(|name| name.as_str().to_owned())
            .collect();
        differ(&function.wire, &names)?;
        for setter in function.optional() {
            prop_assert!(!["start", "raw", "timeout", "effect"].contains(&setter.name.as_str()));
        }
    }
    Ok(())
}

fn differ(what: &str, names: &[String]) -> Result<(), TestCaseError> {
    let unique: BTreeSet<&String> = names.iter().collect();
    prop_assert_eq!(unique.len(), names.len(), "{}: {:?}", what, names);
    Ok(())
}

/// Checks that the catalog has the unchanged wire names.
fn wire_names_are_in_the_catalog(generated: &Generated) -> Result<(), TestCaseError> {
    let catalog = generated.tree.get("catalog.rs").expect("there is a catalog");
    for function in generated.apis[0].functions() {
        let wire = format!("\"{}\"", function.wire);
        prop_assert!(catalog.contains(&wire), "{wire} is not in the catalog");
        for argument in &function.arguments {
            let wire = format!("\"{}\"", argument.wire);
            prop_assert!(catalog.contains(&wire), "{wire} is not in the catalog");
        }
    }
    Ok(())
}
