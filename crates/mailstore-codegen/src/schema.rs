//! The JSON Schema of overlays, so that editors complete them and show what is wrong.
//!
//! What depends on other parts of an overlay or on a function list, such as which types there are, is left to the
//! generator.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use crate::lower::type_words;
use crate::overlay::file::File;

/// The JSON Schema (draft 7, which editors know best) of overlay files as text, the same on any machine.
pub fn overlay_schema() -> String {
    let settings = SchemaSettings::draft07().with_transform(NoNull);
    let schema = settings.into_generator().into_root_schema_for::<File>();
    let text = serde_json::to_string_pretty(&sorted(schema.into())).expect("a schema is made of texts alone");
    text + "\n"
}

/// TOML has no null: whatever is optional is left out.
#[derive(Clone, Debug)]
struct NoNull;

impl Transform for NoNull {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let is_null = |option: &Value| *option == "null" || option["type"] == "null";
        for choice in ["type", "anyOf"] {
            if let Some(Value::Array(options)) = schema.get_mut(choice) {
                options.retain(|option| !is_null(option));
                if let ("type", [only]) = (choice, options.as_slice()) {
                    let only = only.clone();
                    schema.insert(choice.to_owned(), only);
                }
            }
        }
    }
}

/// The value with the members of objects in order, whatever order `serde_json` was told to keep.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut members: Vec<(String, Value)> = members.into_iter().collect();
            members.sort_by(|(a, _), (b, _)| a.cmp(b));
            members
                .into_iter()
                .map(|(name, value)| (name, sorted(value)))
                .collect()
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        other => other,
    }
}

/// The name of a type or variant.
pub(crate) struct TypeName;

impl JsonSchema for TypeName {
    fn schema_name() -> Cow<'static, str> {
        "TypeName".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A Rust name in upper camel case.",
            "type": "string",
            "pattern": "^[A-Z][A-Za-z0-9]*$",
        })
    }
}

/// The name of a module, method, parameter or field.
pub(crate) struct SnakeName;

impl JsonSchema for SnakeName {
    fn schema_name() -> Cow<'static, str> {
        "SnakeName".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A Rust name in snake case.",
            "type": "string",
            "pattern": "^[a-z][a-z0-9]*(_[a-z0-9]+)*_?$",
        })
    }
}

/// The type of an argument, field or result.
pub(crate) struct TypeExpression;

impl JsonSchema for TypeExpression {
    fn schema_name() -> Cow<'static, str> {
        "TypeExpression".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let words: Vec<&str> = type_words().collect();
        let one = format!("({}|[A-Z][A-Za-z0-9]*)", words.join("|"));
        json_schema!({
            "description": "A type: a word, the name of a type of an overlay, or either in brackets for a list.",
            "type": "string",
            "pattern": format!(r"^\s*({one}|\[\s*{one}\s*\])\s*$"),
            "examples": words.into_iter().chain(["[string]"]).collect::<Vec<_>>(),
        })
    }
}
