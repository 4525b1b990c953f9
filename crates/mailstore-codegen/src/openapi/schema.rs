//! Writes types of the model as JSON Schemas. Only this file contains the form of types on the wire.

use std::collections::{BTreeMap, BTreeSet};

use super::node::{Node, Object};
use super::texts::{Texts, evidence};
use super::version::Version;
use clientgen::model::{Api, Argument, ArgumentKind, Field, Shape, Type, TypeBody, TypeDef, Word};

/// A schema without its description. The place of use decides whether its value may be null.
pub(super) enum Schema {
    /// Any value.
    Any,
    /// A schema with a `type`.
    Typed(Object),
    /// A reference to a component.
    Component {
        /// The name of the component.
        name: String,
        /// The `type` of the component.
        ty: &'static str,
    },
}

impl Schema {
    fn typed(ty: &str) -> Self {
        Self::Typed(Object::new().with("type", ty))
    }

    fn formatted(ty: &str, format: &str) -> Self {
        Self::Typed(Object::new().with("type", ty).with("format", format))
    }

    fn number() -> Self {
        Self::formatted("integer", "int64")
    }

    /// The schema for a document. An empty description is left out.
    pub(super) fn described(self, version: Version, description: &str) -> Object {
        let object = match (self, version) {
            (Self::Any, _) => Object::new(),
            (Self::Typed(object), _) => object,
            // In 3.0, a reference cannot have other members.
            (Self::Component { name, .. }, Version::V3_0) if !description.is_empty() => {
                Object::new().with("allOf", vec![reference(&name)])
            }
            (Self::Component { name, .. }, _) => reference(&name),
        };
        object.with_some("description", Some(description))
    }

    /// Like [`described`](Self::described), but the value may also be null.
    pub(super) fn or_null(self, version: Version, description: &str) -> Object {
        match (self, version) {
            (Self::Any, _) => Self::Any.described(version, description),
            (Self::Typed(object), Version::V3_0) => object
                .with("nullable", true)
                .with_some("description", Some(description)),
            (Self::Typed(mut object), Version::V3_1) => {
                if let Some(Node::Text(ty)) = object.remove("type") {
                    object = Object::new()
                        .with("type", vec![ty, "null".to_owned()])
                        .extended(object);
                }
                object.with_some("description", Some(description))
            }
            // In 3.0, `nullable` has no effect without `type`.
            (Self::Component { name, ty }, Version::V3_0) => Object::new()
                .with("type", ty)
                .with("allOf", vec![reference(&name)])
                .with("nullable", true)
                .with_some("description", Some(description)),
            (Self::Component { name, .. }, Version::V3_1) => Object::new()
                .with(
                    "anyOf",
                    vec![reference(&name), Object::new().with("type", "null")],
                )
                .with_some("description", Some(description)),
        }
    }
}

/// A reference to a component.
pub(super) fn reference(name: &str) -> Object {
    Object::new().with("$ref", format!("#/components/schemas/{name}"))
}

/// The schema of a value in a response.
pub(super) fn value(version: Version, ty: &Type) -> Schema {
    match ty {
        Type::Null | Type::Json => Schema::Any,
        // A date in UTC may end with `Z` or not, so no format describes it.
        Type::String | Type::Utc => Schema::typed("string"),
        // The formats `date-time` and `time` require a time zone, which the server rejects.
        Type::DateTime => Schema::formatted("string", "date-time-local"),
        Type::Time => Schema::formatted("string", "time-local"),
        Type::Number | Type::EpochMilliseconds | Type::Seconds | Type::Port => Schema::number(),
        Type::Bool => Schema::typed("boolean"),
        Type::Secret => Schema::formatted("string", "password"),
        Type::Named { name, shape, .. } => Schema::Component {
            name: name.clone(),
            ty: match shape {
                Shape::NumberId => "integer",
                Shape::TextId | Shape::AnyId | Shape::Words => "string",
                Shape::Set => "array",
                // `Parts` never occurs here: a value is always a single argument.
                Shape::Record | Shape::Parts => "object",
            },
        },
        Type::List(item) => {
            let items = value(version, item).described(version, "");
            Schema::Typed(Object::new().with("type", "array").with("items", items))
        }
        // A type that a later generator adds.
        _ => Schema::Any,
    }
}

/// The schema of an argument. It is a field of a form, so its value on the wire is always a string.
pub(super) fn argument(version: Version, argument: &Argument, description: &str) -> Object {
    let schema = match (&argument.ty, argument.kind) {
        (ty, ArgumentKind::Json) => Schema::Typed(json_text(version, ty)),
        // Generators for 3.0 encode lists in different ways, and most of them are wrong.
        (ty, _) if version == Version::V3_0 && is_list(ty) => Schema::typed("string"),
        (Type::Port, ArgumentKind::String) => Schema::typed("string"),
        (ty, _) => value(version, ty),
    };
    let mut object = schema.described(version, description);
    if argument.ty == Type::Secret {
        object.insert("writeOnly", true);
    }
    if is_joined(version, argument) {
        object.insert("minItems", 1);
    }
    match (&argument.fixed, version) {
        (None, _) => {}
        (Some(fixed), Version::V3_0) => object.insert("enum", vec![constant(fixed, argument.kind)]),
        (Some(fixed), Version::V3_1) => object.insert("const", constant(fixed, argument.kind)),
    }
    object
}

/// Whether an argument is an array that the form joins with commas.
pub(super) fn is_joined(version: Version, argument: &Argument) -> bool {
    version == Version::V3_1 && argument.kind != ArgumentKind::Json && is_list(&argument.ty)
}

fn is_list(ty: &Type) -> bool {
    matches!(
        ty,
        Type::List(_)
            | Type::Named {
                shape: Shape::Set,
                ..
            }
    )
}

/// The fixed value of an argument as JSON.
fn constant(text: &str, kind: ArgumentKind) -> Node {
    match kind {
        ArgumentKind::Bool => Node::Bool(text == "true"),
        ArgumentKind::Number => text.parse().map_or_else(|_| text.into(), Node::Number),
        ArgumentKind::String | ArgumentKind::Json | ArgumentKind::Any => text.into(),
    }
}

/// A sentence about the form of an argument, for facts that the schema cannot express.
pub(super) fn form_words(version: Version, argument: &Argument) -> Option<String> {
    match (&argument.ty, argument.kind) {
        (ty, ArgumentKind::Json) => Some(match ty.named() {
            // In 3.1, `contentSchema` names the type.
            Some(name) if version == Version::V3_0 => {
                format!("Sent as a string that contains JSON. The schema of the JSON is `{name}`.")
            }
            _ => "Sent as a string that contains JSON.".to_owned(),
        }),
        (ty, _) if version == Version::V3_0 && is_list(ty) => Some(match ty.named() {
            Some(name) => format!("One or more values, separated by commas: see `{name}`."),
            None => "One or more values, separated by commas.".to_owned(),
        }),
        _ => None,
    }
}

fn json_text(version: Version, ty: &Type) -> Object {
    let text = Object::new().with("type", "string");
    match (version, value(version, ty)) {
        (Version::V3_0, _) => text.with("format", "json"),
        (Version::V3_1, content) => text
            .with("contentMediaType", "application/json")
            .with_some("contentSchema", Some(content.described(version, ""))),
    }
}

/// Names of the types that functions of an edition use, directly or through other types.
pub(super) fn used_types<'a>(api: &'a Api, all: &BTreeMap<&'a str, &'a TypeDef>) -> BTreeSet<&'a str> {
    let mut used = BTreeSet::new();
    let functions = api.functions();
    let mut open: Vec<&str> = functions
        .iter()
        .flat_map(|function| {
            function
                .arguments
                .iter()
                .map(|argument| &argument.ty)
                .chain([&function.result])
        })
        .filter_map(Type::named)
        .collect();
    while let Some(name) = open.pop() {
        if let Some((name, definition)) = all.get_key_value(name)
            && used.insert(*name)
        {
            open.extend(definition.body.used_types());
        }
    }
    used
}

/// The definition of a type as a component.
pub(super) fn definition(version: Version, definition: &TypeDef, texts: &Texts) -> Object {
    let doc = texts.prose(&definition.doc) + &texts.since(&definition.since);
    let object = match &definition.body {
        TypeBody::NumberId => Schema::number().described(version, &doc),
        TypeBody::TextId => Schema::typed("string").described(version, &doc),
        TypeBody::AnyId => Schema::Any.described(version, &doc),
        TypeBody::Words { words, otherwise } => {
            let others = match otherwise {
                Some(other) => format!("- any other string: {}", texts.line(&other.doc)),
                None => "- other words are possible".to_owned(),
            };
            let doc = format!("{doc}\n\n{}{others}", word_list(words, texts));
            let words: Vec<&str> = words.iter().map(|word| word.wire.as_str()).collect();
            let other = otherwise.as_ref().map(|other| other.ty.as_str());
            vocabulary(version, &doc, &words, other)
        }
        TypeBody::Record { fields } => record(version, &doc, fields, texts),
        TypeBody::Set { item, alone, .. } => {
            let doc = format!(
                "{doc}\n\n{}- or any number of words of `{item}`",
                word_list(alone, texts)
            );
            set(version, &doc, item, alone)
        }
        // Never used: a value is always a single argument.
        TypeBody::Parts => Schema::Any.described(version, &doc),
    };
    object.with_some("x-mailstore-evidence", evidence(definition.evidence))
}

/// A vocabulary: the known words, and any other string or a value of the component `other`. Servers may use other
/// words.
pub(super) fn vocabulary(version: Version, doc: &str, words: &[&str], other: Option<&str>) -> Object {
    let words = words.to_vec();
    match version {
        Version::V3_0 => Object::new()
            .with("type", "string")
            .with("description", doc)
            .with("x-extensible-enum", words),
        Version::V3_1 => {
            let known = Object::new().with("type", "string").with("enum", words);
            let other = other.map_or_else(|| Object::new().with("type", "string"), reference);
            Object::new()
                .with("description", doc)
                .with("anyOf", vec![known, other])
        }
    }
}

/// An array of words of the component `item`, or of one word of `alone`.
fn set(version: Version, doc: &str, item: &str, alone: &[Word]) -> Object {
    let alone: Vec<&str> = alone.iter().map(|word| word.wire.as_str()).collect();
    let items = match version {
        // In 3.0, the schema of a vocabulary allows any string.
        Version::V3_0 => reference(item),
        Version::V3_1 => {
            let alone = Object::new().with("type", "string").with("enum", alone);
            Object::new().with("anyOf", vec![reference(item), alone])
        }
    };
    Object::new()
        .with("type", "array")
        .with("description", doc)
        .with("items", items)
}

/// The words with their descriptions, one on each line.
fn word_list(words: &[Word], texts: &Texts) -> String {
    words
        .iter()
        .map(|word| format!("- `{}`: {}\n", word.wire, texts.line(&word.doc)))
        .collect()
}

fn record(version: Version, doc: &str, fields: &[Field], texts: &Texts) -> Object {
    let always: Vec<&str> = fields
        .iter()
        .filter(|field| field.always)
        .map(|field| field.wire.as_str())
        .collect();
    let mut properties = Object::new();
    for field in fields {
        let schema = value(version, &field.ty);
        let doc = texts.line(&field.doc);
        let schema = match field.always {
            true => schema.described(version, &doc),
            false => schema.or_null(version, &doc),
        };
        properties.insert(&field.wire, schema);
    }
    Object::new()
        .with("type", "object")
        .with_some("description", Some(doc))
        .with("properties", properties)
        .with_some("required", Some(always))
        .with("additionalProperties", true)
}
