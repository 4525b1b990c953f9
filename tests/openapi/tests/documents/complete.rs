//! A document contains everything that is in its dump, and nothing else.

use indexmap::IndexMap;
use mailstore_metadata::{Argument, ArgumentKind, Function, low_level};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::support::{EDITIONS, document, dump, names, operations, text};

/// The signature of a function that a document must contain.
fn wanted(function: &Function) -> String {
    let argument = |argument: &Argument| {
        let optional = if argument.nullable { "?" } else { "" };
        format!("{}{optional}: {}", argument.name, argument.kind)
    };
    let arguments: Vec<String> = function.arguments.iter().map(argument).collect();
    format!("/{}{}({})", function.path(), function.name, arguments.join(", "))
}

fn found(document: &Value, path: &str, operation: &Value) -> String {
    let form = &operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"];
    let required: Vec<&str> = form["required"].as_array().map_or(Vec::new(), |names| {
        names.iter().map(|name| name.as_str().unwrap()).collect()
    });
    let empty = serde_json::Map::new();
    let arguments: Vec<String> = form["properties"]
        .as_object()
        .unwrap_or(&empty)
        .iter()
        .map(|(name, schema)| {
            let optional = if required.contains(&name.as_str()) {
                ""
            } else {
                "?"
            };
            format!("{name}{optional}: {}", kind(document, schema))
        })
        .collect();
    assert_eq!(form.is_null(), arguments.is_empty(), "{path}");
    format!("{path}({})", arguments.join(", "))
}

/// The type in the dump for a form field with this schema.
fn kind(document: &Value, schema: &Value) -> ArgumentKind {
    let reference = schema["$ref"].as_str().or(schema["allOf"][0]["$ref"].as_str());
    if let Some(reference) = reference {
        return kind(document, document.pointer(&reference[1..]).unwrap());
    }
    if schema["format"] == "json" || schema["contentMediaType"] == "application/json" {
        return ArgumentKind::Json;
    }
    match schema["type"].as_str() {
        Some("integer") => ArgumentKind::Number,
        Some("boolean") => ArgumentKind::Bool,
        // A list is joined with commas; a vocabulary has no type of its own.
        Some("string" | "array") => ArgumentKind::String,
        None if schema["anyOf"][0]["type"] == "string" => ArgumentKind::String,
        _ => panic!("the type of {schema} is unknown"),
    }
}

#[test]
fn a_document_has_exactly_the_functions_and_arguments_of_its_dump() {
    for edition in EDITIONS {
        let dump = dump(edition);
        // `serde_json` sorts the members of objects here. The next test checks their order.
        let mut functions: Vec<Function> = dump.functions().iter().chain(low_level()).cloned().collect();
        for function in &mut functions {
            function.arguments.sort_by(|a, b| a.name.cmp(&b.name));
        }
        let mut wanted: Vec<String> = functions.iter().map(wanted).collect();
        wanted.sort();
        for name in [edition.to_owned(), format!("3.0/{edition}")] {
            let document = document(&name);
            let mut found: Vec<String> = operations(&document)
                .into_iter()
                .map(|(path, operation)| found(&document, path, operation))
                .collect();
            found.sort();
            assert_eq!(found, wanted, "{name}");
        }
    }
}

#[test]
fn arguments_are_in_the_order_of_the_dump() {
    const FORM: &str = "post/requestBody/content/application~x-www-form-urlencoded/schema/properties";
    for name in names() {
        let edition = name.trim_start_matches("3.0/");
        let paths = Members::of(&text(&name)).member("paths");
        let dump = dump(edition);
        for function in dump.functions() {
            let arguments: Vec<&str> = function.arguments.iter().map(|a| a.name.as_str()).collect();
            let path = format!("/{}{}", function.path(), function.name);
            let mut item = paths.member(&path);
            if !arguments.is_empty() {
                for step in FORM.split('/') {
                    item = item.member(&step.replace('~', "/"));
                }
                assert_eq!(item.names(), arguments, "{name}: {path}");
            }
        }
    }
}

/// A JSON object with its members in the order of the text.
struct Members(IndexMap<String, Box<RawValue>>);

impl Members {
    fn of(text: &str) -> Self {
        Self(serde_json::from_str(text).unwrap())
    }

    fn member(&self, name: &str) -> Self {
        Self::of(self.0.get(name).expect(name).get())
    }

    fn names(&self) -> Vec<&str> {
        self.0.keys().map(String::as_str).collect()
    }
}

#[test]
fn operations_have_the_names_and_effects_of_their_functions() {
    for name in names() {
        for (path, operation) in operations(&document(&name)) {
            let function = path.rsplit('/').next().unwrap();
            assert_eq!(operation["operationId"], function, "{name}");
            assert_ne!(operation["summary"], "", "{name}: {path}");
            assert_ne!(operation["description"], "", "{name}: {path}");
            assert!(operation["x-mailstore-effect"].is_string(), "{name}: {path}");
            assert!(
                operation["x-mailstore-long-running"].is_boolean(),
                "{name}: {path}"
            );
        }
    }
}

#[test]
fn a_list_is_joined_with_commas() {
    let form = |name: &str| {
        let operation = &document(name)["paths"]["/api/invoke/CreateUser"]["post"];
        operation["requestBody"]["content"]["application/x-www-form-urlencoded"].clone()
    };
    for edition in EDITIONS {
        let new = form(edition);
        let set = &new["schema"]["properties"]["privileges"]["$ref"];
        assert_eq!(set, "#/components/schemas/Privileges");
        assert_eq!(
            document(edition)["components"]["schemas"]["Privileges"]["type"],
            "array"
        );
        let joined = json!({"style": "form", "explode": false});
        assert_eq!(new["encoding"]["privileges"], joined);
        let old = form(&format!("3.0/{edition}"));
        assert_eq!(old["schema"]["properties"]["privileges"]["type"], "string");
        assert!(old["encoding"].is_null());
    }
}

/// Descriptions come from overlays, which use the names of Rust methods.
#[test]
fn descriptions_contain_no_rust_names() {
    for name in names() {
        let text = document(&name).to_string();
        for code in text.split('`').skip(1).step_by(2) {
            let snake =
                code.contains('_') && code.chars().all(|c| c.is_ascii_lowercase() || "_()".contains(c));
            assert!(!snake && !code.contains("::"), "{name}: {code}");
        }
    }
}
