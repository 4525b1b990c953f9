//! The JSON Schema of overlays accepts and rejects the same overlays as the parser.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use jsonschema::Validator;
use mailstore_codegen::{Overlay, overlay_schema};
use serde_json::Value;

fn schema() -> Value {
    serde_json::from_str(&overlay_schema()).unwrap()
}

fn validator() -> Validator {
    jsonschema::validator_for(&schema()).unwrap()
}

/// The errors of the schema for an overlay. An overlay that is not TOML is also an error.
fn problems(validator: &Validator, overlay: &str) -> Vec<String> {
    let Ok(overlay) = toml::from_str::<Value>(overlay) else {
        return vec!["not TOML".to_owned()];
    };
    let errors = validator.iter_errors(&overlay);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

#[test]
fn the_schema_accepts_the_committed_overlays() {
    let validator = validator();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../metadata/mailstore/overlay");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let overlay = std::fs::read_to_string(&path).unwrap();
        assert_eq!(
            problems(&validator, &overlay),
            [] as [String; 0],
            "{}",
            path.display()
        );
        seen += 1;
    }
    assert!(seen >= 5);
}

#[test]
fn the_schema_accepts_the_overlay_in_the_readme() {
    let readme = include_str!("../README.md").replace("\r\n", "\n");
    let overlay = readme
        .split_once("```toml\n")
        .unwrap()
        .1
        .split_once("```")
        .unwrap()
        .0;
    assert_eq!(problems(&validator(), overlay), [] as [String; 0]);
}

#[test]
fn the_schema_accepts_what_the_parser_accepts() {
    let validator = validator();
    for overlay in [
        "",
        "types = {}",
        "[types.A]\nkind = \"struct\"\ndoc = \"\"",
        "types.A = { kind = \"enum\", doc = \"\", values = { a = \"\", b = { name = \"B\", doc = \"\" } } }",
        "types.A = { kind = \"parts\", doc = \"\", rust = \"crate::A\" }",
        "functions.A.result = \" [ StoreId ] \"",
        "functions.A.result = \"epoch_milliseconds\"",
        "functions.\"get-status\".args.\"a.b\" = { type = \"port\", doc = \"\", fixed = \"7\", since = \"9\" }",
        "functions.A.args.a = { type = \"string\", doc = \"\", name = \"type_\" }",
        "functions.A.combine.a = { type = \"B\", arguments = [\"c\"], doc = \"\" }",
        "groups.users_2 = { title = \"\", doc = \"\" }",
    ] {
        Overlay::parse("overlay.toml", overlay).unwrap_or_else(|error| panic!("{overlay}: {error}"));
        assert_eq!(problems(&validator, overlay), [] as [String; 0], "{overlay}");
    }
}

#[test]
fn the_parser_rejects_what_the_schema_rejects() {
    let validator = validator();
    let surface = |more: &str| format!("surface = {{ name = \"a\", title = \"\", port = 1, {more} }}");
    let of_type = |more: &str| format!("types.A = {{ kind = \"id\", doc = \"\", {more} }}");
    let argument = |more: &str| format!("functions.A.args.a = {{ type = \"string\", doc = \"\", {more} }}");
    for overlay in [
        "functoins = {}",
        &surface("tilte = \"\""),
        &surface("port = 65536").replace("port = 1, ", ""),
        &surface("port = \"1\"").replace("port = 1, ", ""),
        &surface("handle = { argument = \"a\" }"),
        &surface("examples = \"no\""),
        "surface = { title = \"\", port = 1 }",
        "surface = { name = \"Server\", title = \"\", port = 1 }",
        "groups.users = { title = \"\" }",
        "groups.users = { title = \"\", doc = \"\", docs = \"\" }",
        "groups.Users = { title = \"\", doc = \"\" }",
        "types.store_id = { kind = \"id\", doc = \"\" }",
        "types.A = { kind = \"list\", doc = \"\" }",
        "types.A = { kind = \"id\" }",
        &of_type("of = \"text\""),
        &of_type("evidence = \"guessed\""),
        &of_type("since = 9"),
        &of_type("itme = \"B\""),
        "types.A = { kind = \"enum\", doc = \"\", values = { a = 1 } }",
        "types.A = { kind = \"enum\", doc = \"\", values = { a = { nmae = \"B\", doc = \"\" } } }",
        "types.A = { kind = \"enum\", doc = \"\", values = { a = { doc = \"\" } } }",
        "types.A = { kind = \"enum\", doc = \"\", values = { a = \"\" }, otherwise = { name = \"B\", type = \"C\" } }",
        "types.A = { kind = \"struct\", doc = \"\", fields = { a = { type = \"bool\", doc = \"\", alwyas = true } } }",
        "types.A = { kind = \"struct\", doc = \"\", fields = { a = { type = \"bool\", doc = \"\", always = \"yes\" } } }",
        "types.A = { kind = \"struct\", doc = \"\", fields = { a = \"bool\" } }",
        "functions.A.sumary = \"\"",
        "functions.A.effect = \"reads\"",
        "functions.A.effect = \"unknown\"",
        "functions.A.long = \"yes\"",
        "functions.A.args.a = { type = \"string\" }",
        &argument("dco = \"\""),
        &argument("fixed = true"),
        &argument("name = \"userName\""),
        "functions.A.combine.a = { type = \"B\", arguments = [], doc = \"\" }",
        "functions.A.combine.a = { type = \"B\", arguments = \"c\", doc = \"\" }",
        "functions.A.combine.A = { type = \"B\", arguments = [\"c\"], doc = \"\" }",
    ] {
        assert!(Overlay::parse("overlay.toml", overlay).is_err(), "{overlay}");
        assert_ne!(problems(&validator, overlay), [] as [String; 0], "{overlay}");
    }
}

/// The schema checks the form of type expressions. The generator checks that the types exist.
#[test]
fn the_schema_rejects_invalid_type_expressions() {
    let validator = validator();
    for ty in ["", "strng", "[[string]]", "[string", "Vec<A>", "store_id", "a b"] {
        let overlay = format!("functions.A.result = {ty:?}");
        assert_ne!(problems(&validator, &overlay), [] as [String; 0], "{ty}");
    }
}

/// Editors show the descriptions.
#[test]
fn every_member_and_word_has_a_description() {
    let schema = schema();
    let mut waiting = vec![("", &schema)];
    let mut members = 0;
    while let Some((name, value)) = waiting.pop() {
        match value {
            Value::Object(map) => {
                for (member, entry) in map {
                    if name == "properties" {
                        members += 1;
                        assert!(entry["description"].is_string(), "{member}: {entry:#}");
                    }
                    if member == "const" {
                        assert!(value["description"].is_string(), "{value:#}");
                    }
                    waiting.push((member, entry));
                }
            }
            Value::Array(items) => waiting.extend(items.iter().map(|item| ("", item))),
            _ => {}
        }
    }
    assert!(members > 50);
}

#[test]
fn the_schema_is_deterministic_and_ends_with_a_line_feed() {
    let text = overlay_schema();
    assert_eq!(overlay_schema(), text);
    assert!(text.ends_with("}\n"));
    // TOML has no null.
    assert!(!text.contains(r#""type": "null""#) && !text.contains(r#"      "null"\n"#));
    assert_eq!(schema()["$schema"], "http://json-schema.org/draft-07/schema#");
    assert!(text.starts_with("{\n  \"$schema\""));
}
