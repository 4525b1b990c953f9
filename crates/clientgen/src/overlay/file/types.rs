//! The definitions of types in an overlay file.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

#[cfg(feature = "schema")]
use super::schema::{SnakeName, TypeExpression, TypeName};
use crate::model::Evidence;
use crate::overlay::key::Key;

/// The definition of a type. Which members it has depends on its kind.
///
/// One struct has the members of all kinds, because serde loses the places in the file if it tries several structs.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(description = "The definition of a type. Which members it has depends on its kind.")
)]
#[serde(deny_unknown_fields, expecting = "a table with `kind` and `doc`")]
pub(crate) struct TypeEntry {
    /// The kind of the type.
    pub(crate) kind: Kind,
    /// Description.
    pub(crate) doc: String,
    /// How the type is known.
    pub(crate) evidence: Option<Evidence>,
    /// The version in which the type was first seen.
    pub(crate) since: Option<String>,
    /// Rust path of a hand-written type, such as `my_crate::StoreId`. In that case, the other members only describe the
    /// type on the wire.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) rust: Option<Spanned<String>>,
    /// For an id: its content. The default is a number.
    pub(crate) of: Option<IdOf>,
    /// Whether the type is generated even if no function uses it. Use it for results of functions without a method.
    #[serde(default)]
    pub(crate) keep: bool,
    /// For an enum: its words, by their form on the wire.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, WordEntry>"))]
    pub(crate) values: BTreeMap<Key, WordEntry>,
    /// For an enum: a variant for every other word.
    pub(crate) otherwise: Option<Otherwise>,
    /// For a struct: its known members, by their wire name.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, FieldEntry>"))]
    pub(crate) fields: BTreeMap<Key, FieldEntry>,
    /// For a set: the enum of its words.
    #[cfg_attr(feature = "schema", schemars(with = "Option<TypeName>"))]
    pub(crate) item: Option<Spanned<String>>,
    /// For a set: words that cannot be combined with others. They are not words of the enum.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, WordEntry>"))]
    pub(crate) alone: BTreeMap<Key, WordEntry>,
    /// For a set: the word in `alone` that is sent for an empty set.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) empty: Option<Spanned<String>>,
}

/// The kind of a type.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// A newtype around a number or a string.
    Id,
    /// An open vocabulary of words.
    Enum,
    /// An object in a result or a JSON argument.
    Struct,
    /// A set of words. Some words cannot be combined with others.
    Set,
    /// Several arguments of a function, combined in one value. The type is hand-written.
    Parts,
}

/// The content of an id.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub(crate) enum IdOf {
    /// A whole number.
    Number,
    /// A string.
    String,
    /// A string or a whole number, as the server sends it.
    Any,
}

/// A word of an enum or set. In the file, it is a description, or a table with a name and a description.
#[derive(Clone, Debug)]
pub(crate) struct WordEntry {
    pub(crate) name: Option<Spanned<String>>,
    pub(crate) doc: String,
}

/// A word with a given variant name, if the word in upper camel case is not suitable.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct NamedWord {
    /// Rust name of the variant.
    #[cfg_attr(feature = "schema", schemars(with = "TypeName"))]
    name: Spanned<String>,
    /// Description.
    doc: String,
}

/// This implementation is hand-written, because errors of an untagged enum name neither the wrong member nor its place.
impl<'de> Deserialize<'de> for WordEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordVisitor)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for WordEntry {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "WordEntry".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "The description of a word, or a table with a name and a description.",
            "anyOf": [{ "type": "string" }, generator.subschema_for::<NamedWord>()],
        })
    }
}

struct WordVisitor;

impl<'de> Visitor<'de> for WordVisitor {
    type Value = WordEntry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a description, or a table with `name` and `doc`")
    }

    fn visit_str<E: de::Error>(self, doc: &str) -> Result<WordEntry, E> {
        Ok(WordEntry {
            name: None,
            doc: doc.to_owned(),
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, table: A) -> Result<WordEntry, A::Error> {
        let NamedWord { name, doc } = NamedWord::deserialize(MapAccessDeserializer::new(table))?;
        Ok(WordEntry {
            name: Some(name),
            doc,
        })
    }
}

/// The variant for every word that is not in `values`.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "a table with `name`, `type` and `doc`")]
pub(crate) struct Otherwise {
    /// Rust name of the variant.
    #[cfg_attr(feature = "schema", schemars(with = "TypeName"))]
    pub(crate) name: Spanned<String>,
    /// Type of its content: an id of strings.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "schema", schemars(with = "TypeName"))]
    pub(crate) ty: Spanned<String>,
    /// Description.
    pub(crate) doc: String,
}

/// A member of an object.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "a table with `type` and `doc`")]
pub(crate) struct FieldEntry {
    /// Type of the member.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "schema", schemars(with = "TypeExpression"))]
    pub(crate) ty: Spanned<String>,
    /// Whether every known server sends the member. If not, the field is an `Option`.
    #[serde(default)]
    pub(crate) always: bool,
    /// Rust name of the field, if the wire name in snake case is not suitable.
    #[cfg_attr(feature = "schema", schemars(with = "Option<SnakeName>"))]
    pub(crate) name: Option<Spanned<String>>,
    /// Description.
    pub(crate) doc: String,
}
