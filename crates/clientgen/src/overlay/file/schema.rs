//! JSON Schemas of the names and type expressions in an overlay file.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::model::Type;

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
        let words: Vec<&str> = Type::words().collect();
        let one = format!("({}|[A-Z][A-Za-z0-9]*)", words.join("|"));
        json_schema!({
            "description": "A built-in type, or the name of a type of an overlay. In brackets, it is a list.",
            "type": "string",
            "pattern": format!(r"^\s*({one}|\[\s*{one}\s*\])\s*$"),
            "examples": words.into_iter().chain(["[string]"]).collect::<Vec<_>>(),
        })
    }
}
