//! The overlay file as it is written: the TOML, understood and nothing more.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

/// A name as a key in the file, with its place.
pub(crate) type Key = Spanned<String>;

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    pub(crate) surface: Option<SurfaceEntry>,
    #[serde(default)]
    pub(crate) groups: BTreeMap<Key, GroupEntry>,
    #[serde(default)]
    pub(crate) types: BTreeMap<Key, TypeEntry>,
    #[serde(default)]
    pub(crate) functions: BTreeMap<Key, FunctionEntry>,
}

/// What the API is called and where it listens.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SurfaceEntry {
    pub(crate) name: Spanned<String>,
    pub(crate) title: String,
    /// The edition in a word or two, for lists of editions; the title if it does not say.
    pub(crate) short: Option<String>,
    pub(crate) port: u16,
    /// The version that the dump is of, for messages about a server of another one.
    pub(crate) version: Option<String>,
    /// The version in which functions were first seen that do not say otherwise.
    pub(crate) since: Option<String>,
    /// Whether the examples of the overlays fit this version; they do if it does not say.
    pub(crate) examples: Option<bool>,
    pub(crate) handle: Option<HandleEntry>,
}

/// The argument that addresses a part of the server, and the type that stands for that part.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HandleEntry {
    pub(crate) argument: Spanned<String>,
    #[serde(rename = "type")]
    pub(crate) ty: Spanned<String>,
    pub(crate) name: Spanned<String>,
    pub(crate) method: Spanned<String>,
    pub(crate) doc: String,
}

/// A topic: one file of the generated code.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GroupEntry {
    pub(crate) title: String,
    pub(crate) doc: String,
}

/// The definition of a type. Which members it has depends on its kind.
///
/// One struct for all kinds, because serde loses the places in the file when it has to choose between several.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TypeEntry {
    pub(crate) kind: Kind,
    pub(crate) doc: String,
    pub(crate) evidence: Option<Evidence>,
    /// The version in which it was first seen.
    pub(crate) since: Option<String>,
    /// Where the type is written by hand, as a Rust path; then the rest only says how it is on the wire.
    pub(crate) rust: Option<Spanned<String>>,
    /// Of an id: what it is made of; a number if it does not say.
    pub(crate) of: Option<IdOf>,
    /// Of an enum: its words.
    #[serde(default)]
    pub(crate) values: BTreeMap<Key, WordEntry>,
    /// Of an enum: what holds every other word.
    pub(crate) otherwise: Option<Otherwise>,
    /// Of a struct: its members.
    #[serde(default)]
    pub(crate) fields: BTreeMap<Key, FieldEntry>,
    /// Of a set: the enum that its words are of.
    pub(crate) item: Option<Spanned<String>>,
    /// Of a set: words that stand alone and are none of the enum's.
    #[serde(default)]
    pub(crate) alone: BTreeMap<Key, WordEntry>,
    /// Of a set: which of the words that stand alone an empty set is sent as.
    pub(crate) empty: Option<Spanned<String>>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
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
    /// Several arguments of a function together.
    Parts,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum IdOf {
    Number,
    String,
}

/// A word of an enum: its description, or a table with a name of its own as well.
#[derive(Clone, Debug)]
pub(crate) struct WordEntry {
    pub(crate) name: Option<Spanned<String>>,
    pub(crate) doc: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NamedWord {
    name: Spanned<String>,
    doc: String,
}

/// By hand, because serde's untagged enums do not say which member of the table is wrong, or where.
impl<'de> Deserialize<'de> for WordEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordVisitor)
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
#[serde(deny_unknown_fields)]
pub(crate) struct Otherwise {
    pub(crate) name: Spanned<String>,
    #[serde(rename = "type")]
    pub(crate) ty: Spanned<String>,
    pub(crate) doc: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FieldEntry {
    #[serde(rename = "type")]
    pub(crate) ty: Spanned<String>,
    #[serde(default)]
    pub(crate) always: bool,
    pub(crate) name: Option<Spanned<String>>,
    pub(crate) doc: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FunctionEntry {
    pub(crate) group: Option<Spanned<String>>,
    pub(crate) effect: Option<Spanned<Effect>>,
    pub(crate) summary: Option<Spanned<String>>,
    pub(crate) doc: Option<Spanned<String>>,
    pub(crate) long: Option<Spanned<bool>>,
    pub(crate) result: Option<Spanned<String>>,
    pub(crate) result_doc: Option<Spanned<String>>,
    pub(crate) evidence: Option<Spanned<Evidence>>,
    pub(crate) since: Option<Spanned<String>>,
    pub(crate) example: Option<Spanned<String>>,
    /// Parameters that stand for several arguments each.
    #[serde(default)]
    pub(crate) combine: BTreeMap<Key, CombineEntry>,
    #[serde(default)]
    pub(crate) args: BTreeMap<Key, ArgumentEntry>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ArgumentEntry {
    #[serde(rename = "type")]
    pub(crate) ty: Spanned<String>,
    pub(crate) doc: String,
    pub(crate) name: Option<Spanned<String>>,
    /// The only value that the server takes; it is always sent, and no caller is asked.
    pub(crate) fixed: Option<Spanned<String>>,
    /// The version in which the argument was first seen, if later than its function.
    pub(crate) since: Option<String>,
}

/// A parameter that stands for several arguments.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CombineEntry {
    #[serde(rename = "type")]
    pub(crate) ty: Spanned<String>,
    pub(crate) arguments: Vec<Spanned<String>>,
    pub(crate) doc: String,
}

/// What a call may do to the server.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Only reads.
    Read,
    /// Sets one thing to a value.
    Set,
    /// Replaces a whole configuration.
    Replace,
    /// Creates something.
    Create,
    /// Starts, sends or tries something.
    Action,
    /// Rewrites data, often for hours.
    Maintenance,
    /// Deletes, moves or locks out.
    Destructive,
    /// Nothing is known.
    #[serde(skip)]
    Unknown,
}

/// How a fact about the wire is known.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// The vendor says so.
    Documented,
    /// Seen in published answers.
    Observed,
    /// Concluded from how others use it.
    Inferred,
}
