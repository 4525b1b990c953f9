//! JSON Schemas of the arguments of tools.

use std::sync::Arc;

use mailstore_codegen::model::{Argument, ArgumentKind, Function, Shape, Type, TypeBody};
use mailstore_reach::{Catalog, Words, is_instance, is_secret, name_of_type, without_markdown};
use rmcp::model::JsonObject;
use serde_json::{Map, Value, json};

use crate::confirmation::CONFIRMATION;
use crate::settings::Settings;

/// How deep the members of objects are described.
const DEEPEST: usize = 4;

/// Returns the schema of the arguments of a function. Arguments that are secrets are left out.
pub(crate) fn of(
    catalog: &Catalog,
    function: &Function,
    settings: &Settings,
    is_confirmed: bool,
) -> Arc<JsonObject> {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for argument in function.arguments.iter().filter(|argument| !is_secret(argument)) {
        let has_instance = is_instance(argument) && settings.instance.is_some();
        let mut schema = argument_schema(catalog, argument);
        if has_instance {
            schema.insert("default".to_owned(), json!(settings.instance));
        }
        if argument.is_required() && argument.fixed.is_none() && !has_instance {
            required.push(argument.wire.clone());
        }
        properties.insert(argument.wire.clone(), Value::Object(schema));
    }
    if is_confirmed {
        let description = "The token that the person reads on the terminal. Leave it out in the first call.";
        let schema = json!({"type": "string", "description": description});
        properties.insert(CONFIRMATION.to_owned(), schema);
    }
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!("object"));
    schema.insert("properties".to_owned(), Value::Object(properties));
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema.insert("additionalProperties".to_owned(), json!(false));
    Arc::new(schema)
}

/// Returns whether an argument is a list of words that are sent as one text, separated by commas.
pub(crate) fn is_joined(argument: &Argument) -> bool {
    let is_list = matches!(
        argument.ty,
        Type::List(_)
            | Type::Named {
                shape: Shape::Set,
                ..
            }
    );
    is_list && argument.sent_as() != ArgumentKind::Json
}

fn argument_schema(catalog: &Catalog, argument: &Argument) -> JsonObject {
    let mut schema = match argument.sent_as() {
        ArgumentKind::Number => typed("integer"),
        ArgumentKind::Bool => typed("boolean"),
        ArgumentKind::Json => object_or_array(catalog, &argument.ty),
        _ if is_joined(argument) => {
            let mut items = typed("string");
            add_words(&mut items, catalog.words(&argument.ty).as_ref());
            let mut schema = typed("array");
            schema.insert("items".to_owned(), Value::Object(items));
            schema
        }
        _ => {
            let mut schema = typed("string");
            add_words(&mut schema, catalog.words(&argument.ty).as_ref());
            schema
        }
    };
    if let Some(fixed) = &argument.fixed {
        let constant = match argument.sent_as() {
            ArgumentKind::Number | ArgumentKind::Bool => serde_json::from_str(fixed).unwrap_or(json!(fixed)),
            _ => json!(fixed),
        };
        schema.insert("const".to_owned(), constant);
    } else if !argument.is_required() {
        allow_null(&mut schema);
    }
    describe(&mut schema, description(catalog, argument));
    schema
}

/// Returns the description of an argument, with what the schema does not say.
fn description(catalog: &Catalog, argument: &Argument) -> String {
    let mut sentences = Vec::new();
    if !argument.doc.is_empty() {
        sentences.push(without_markdown(catalog, &argument.doc));
    }
    if matches!(argument.ty, Type::DateTime | Type::Time | Type::Utc) {
        sentences.push(format!("Form: {}.", name_of_type(&argument.ty)));
    }
    if let Some(known) = catalog.words(&argument.ty).filter(|known| known.is_open) {
        let words: Vec<&str> = known.words.iter().map(|(word, _)| *word).collect();
        sentences.push(format!("Known values: {}.", words.join(", ")));
    }
    if let Some(default) = &argument.default {
        sentences.push(format!("Default: {}.", without_markdown(catalog, default)));
    }
    sentences.join(" ")
}

/// The schema of a value that is sent as JSON.
fn object_or_array(catalog: &Catalog, ty: &Type) -> JsonObject {
    match ty {
        Type::Named { .. } | Type::List(_) => value_schema(catalog, ty, DEEPEST),
        _ => {
            let mut schema = Map::new();
            schema.insert("type".to_owned(), json!(["object", "array"]));
            schema
        }
    }
}

/// The schema of a value in a JSON argument.
fn value_schema(catalog: &Catalog, ty: &Type, depth: usize) -> JsonObject {
    match ty {
        Type::String | Type::Secret | Type::DateTime | Type::Time | Type::Utc => typed("string"),
        Type::Number | Type::EpochMilliseconds | Type::EpochMicroseconds | Type::Seconds => typed("integer"),
        Type::Bool => typed("boolean"),
        Type::List(item) => {
            let mut schema = typed("array");
            if depth > 0 {
                let items = value_schema(catalog, item, depth - 1);
                schema.insert("items".to_owned(), Value::Object(items));
            }
            schema
        }
        Type::Named { .. } => match catalog.named(ty).map(|definition| &definition.body) {
            Some(TypeBody::Record { fields }) if depth > 0 => {
                let fields = fields.iter().filter(|field| !matches!(field.ty, Type::Secret));
                let members = fields.map(|field| {
                    let mut member = value_schema(catalog, &field.ty, depth - 1);
                    allow_null(&mut member);
                    describe(&mut member, without_markdown(catalog, &field.doc));
                    (field.wire.clone(), Value::Object(member))
                });
                let mut schema = typed("object");
                schema.insert("properties".to_owned(), Value::Object(members.collect()));
                schema
            }
            Some(TypeBody::Record { .. }) => typed("object"),
            Some(TypeBody::NumberId) => typed("integer"),
            Some(TypeBody::TextId) => typed("string"),
            Some(TypeBody::Words { .. }) => {
                let mut schema = typed("string");
                add_words(&mut schema, catalog.words(ty).as_ref());
                schema
            }
            _ => Map::new(),
        },
        _ => Map::new(),
    }
}

fn typed(ty: &str) -> JsonObject {
    let mut schema = Map::new();
    schema.insert("type".to_owned(), json!(ty));
    schema
}

/// Adds the words that a value may have, if others are not valid.
fn add_words(schema: &mut JsonObject, known: Option<&Words<'_>>) {
    if let Some(known) = known.filter(|known| !known.is_open) {
        let words: Vec<&str> = known.words.iter().map(|(word, _)| *word).collect();
        schema.insert("enum".to_owned(), json!(words));
    }
}

/// Allows `null`, which means the same as leaving the value out.
fn allow_null(schema: &mut JsonObject) {
    let types = match schema.get("type") {
        Some(Value::String(ty)) => json!([ty, "null"]),
        Some(Value::Array(types)) => types.iter().cloned().chain([json!("null")]).collect(),
        _ => return,
    };
    schema.insert("type".to_owned(), types);
    if let Some(Value::Array(words)) = schema.get_mut("enum") {
        words.push(Value::Null);
    }
}

fn describe(schema: &mut JsonObject, description: String) {
    if !description.is_empty() {
        schema.insert("description".to_owned(), json!(description));
    }
}
