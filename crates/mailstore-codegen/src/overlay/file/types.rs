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
/// One struct for all kinds, because serde loses the places in the file when it has to choose between several.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(description = "The definition of a type. Which members it has depends on its kind.")
)]
#[serde(deny_unknown_fields, expecting = "a table with `kind` and `doc`")]
pub(crate) struct TypeEntry {
    /// What it is.
    pub(crate) kind: Kind,
    /// Description.
    pub(crate) doc: String,
    /// How it is known.
    pub(crate) evidence: Option<Evidence>,
    /// The version in which it was first seen.
    pub(crate) since: Option<String>,
    /// Where the type is written by hand, as a Rust path such as `my_crate::StoreId`; the rest only says how it is on the
    /// wire then.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) rust: Option<Spanned<String>>,
    /// Of an id: what it is made of; a number if left out.
    pub(crate) of: Option<IdOf>,
    /// Of an enum: its words as they are on the wire.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, WordEntry>"))]
    pub(crate) values: BTreeMap<Key, WordEntry>,
    /// Of an enum: a variant that holds every other word.
    pub(crate) otherwise: Option<Otherwise>,
    /// Of a struct: its members that are known, by their name on the wire.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, FieldEntry>"))]
    pub(crate) fields: BTreeMap<Key, FieldEntry>,
    /// Of a set: the enum that its words are of.
    #[cfg_attr(feature = "schema", schemars(with = "Option<TypeName>"))]
    pub(crate) item: Option<Spanned<String>>,
    /// Of a set: words that stand alone and are none of the enum's.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, WordEntry>"))]
    pub(crate) alone: BTreeMap<Key, WordEntry>,
    /// Of a set: which of the words that stand alone an empty set is sent as.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) empty: Option<Spanned<String>>,
}

/// What a type is.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// A newtype around a number or text.
    Id,
    /// An open vocabulary of words.
    Enum,
    /// An object in a result or a JSON argument.
    Struct,
    /// A set of words, some of which stand alone.
    Set,
    /// Several arguments of a function together; written by hand.
    Parts,
}

/// What an id is made of.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub(crate) enum IdOf {
    /// A whole number.
    Number,
    /// A text.
    String,
}

/// A word of an enum or set: its description, or a table with a description and a name.
#[derive(Clone, Debug)]
pub(crate) struct WordEntry {
    pub(crate) name: Option<Spanned<String>>,
    pub(crate) doc: String,
}

/// A word with a given variant name, for words that upper camel case does not fit.
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

/// By hand, because serde's untagged enums do not say which member of the table is wrong, or where.
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
            "description": "A word: its description, or a table with a description and a name.",
            "anyOf": [{ "type": "string" }, generator.subschema_for::<NamedWord>()],
        })
    }
}

struct WordVisitor;

impl<'de> Visitor<'de> for WordVisitor {
    type Value = WordEntry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sentence, or a table with `name` and `doc`")
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

/// The variant for every word that is not in the table.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "a table with `name`, `type` and `doc`")]
pub(crate) struct Otherwise {
    /// Rust name of the variant.
    #[cfg_attr(feature = "schema", schemars(with = "TypeName"))]
    pub(crate) name: Spanned<String>,
    /// An id of texts.
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
    /// Its type.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "schema", schemars(with = "TypeExpression"))]
    pub(crate) ty: Spanned<String>,
    /// Whether every known server sends it; if not, it is an `Option`.
    #[serde(default)]
    pub(crate) always: bool,
    /// Rust name of the field, where snake case goes wrong.
    #[cfg_attr(feature = "schema", schemars(with = "Option<SnakeName>"))]
    pub(crate) name: Option<Spanned<String>>,
    /// Description.
    pub(crate) doc: String,
}
