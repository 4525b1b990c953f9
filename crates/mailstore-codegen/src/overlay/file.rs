//! The overlay file as it is written: the TOML, understood and nothing more.
//!
//! What is said of each member here is what editors show, by way of the JSON Schema.

#[cfg(feature = "schema")]
mod schema;
mod types;

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

pub(crate) use super::key::Key;
use crate::model::{Effect, Evidence};
#[cfg(feature = "schema")]
use schema::{SnakeName, TypeExpression, TypeName};
pub(crate) use types::{FieldEntry, IdOf, Kind, Otherwise, TypeEntry, WordEntry};

/// What the function list of a MailStore server cannot say: topics, types, results, effects and the meaning of
/// arguments. The README of mailstore-codegen describes the format.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Overlay")
)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    /// What the API is called and where it listens; for one overlay of each function list.
    pub(crate) surface: Option<SurfaceEntry>,
    /// Topics by the name of their Rust module, such as `users`.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<SnakeName, GroupEntry>"))]
    pub(crate) groups: BTreeMap<Key, GroupEntry>,
    /// Types by their Rust name, such as `StoreId`.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<TypeName, TypeEntry>"))]
    pub(crate) types: BTreeMap<Key, TypeEntry>,
    /// Functions by their name on the wire, such as `GetUsers`.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, FunctionEntry>"))]
    pub(crate) functions: BTreeMap<Key, FunctionEntry>,
}

/// What the API is called and where it listens.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "a table with `name`, `title` and `port`")]
pub(crate) struct SurfaceEntry {
    /// Rust module of the edition; with `-` for `_`, its feature.
    #[cfg_attr(feature = "schema", schemars(with = "SnakeName"))]
    pub(crate) name: Spanned<String>,
    /// Name of the API in words.
    pub(crate) title: String,
    /// The edition in a word or two, for lists of editions; the title if left out.
    pub(crate) short: Option<String>,
    /// Default TCP port.
    pub(crate) port: u16,
    /// The version that the dump is of, for messages about a server of another one.
    pub(crate) version: Option<String>,
    /// The version in which functions were first seen that do not say otherwise.
    pub(crate) since: Option<String>,
    /// Whether the examples of the overlays fit this version; they do if left out.
    pub(crate) examples: Option<bool>,
    /// The argument that addresses a part of the server, and the type that stands for that part: functions that require
    /// the argument become methods of the type.
    pub(crate) handle: Option<HandleEntry>,
}

/// The argument that addresses a part of the server, and the type that stands for that part.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    deny_unknown_fields,
    expecting = "a table with `argument`, `type`, `name`, `method` and `doc`"
)]
pub(crate) struct HandleEntry {
    /// Wire name of the argument, a text.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub(crate) argument: Spanned<String>,
    /// An id of texts.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "schema", schemars(with = "TypeName"))]
    pub(crate) ty: Spanned<String>,
    /// Rust name of the type.
    #[cfg_attr(feature = "schema", schemars(with = "TypeName"))]
    pub(crate) name: Spanned<String>,
    /// The method of the client that makes one.
    #[cfg_attr(feature = "schema", schemars(with = "SnakeName"))]
    pub(crate) method: Spanned<String>,
    /// Description.
    pub(crate) doc: String,
}

/// A topic: one file of the generated code.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "a table with `title` and `doc`")]
pub(crate) struct GroupEntry {
    /// Heading.
    pub(crate) title: String,
    /// Description.
    pub(crate) doc: String,
}

/// What is known of a function.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "a table")]
pub(crate) struct FunctionEntry {
    /// The topic, one of `groups`; `functions` if left out.
    #[cfg_attr(feature = "schema", schemars(with = "Option<SnakeName>"))]
    pub(crate) group: Option<Spanned<String>>,
    /// What a call may do to the server.
    #[cfg_attr(feature = "schema", schemars(with = "Option<Effect>"))]
    pub(crate) effect: Option<Spanned<Effect>>,
    /// What it does, in one sentence.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) summary: Option<Spanned<String>>,
    /// More sentences.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) doc: Option<Spanned<String>>,
    /// Whether it is known to run for minutes or hours.
    #[cfg_attr(feature = "schema", schemars(with = "Option<bool>"))]
    pub(crate) long: Option<Spanned<bool>>,
    /// What the call brings; `json` if left out, which says that nothing is known.
    #[cfg_attr(feature = "schema", schemars(with = "Option<TypeExpression>"))]
    pub(crate) result: Option<Spanned<String>>,
    /// Description of the result.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) result_doc: Option<Spanned<String>>,
    /// How the result is known.
    #[cfg_attr(feature = "schema", schemars(with = "Option<Evidence>"))]
    pub(crate) evidence: Option<Spanned<Evidence>>,
    /// The version in which it was first seen; that of the surface if left out.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) since: Option<Spanned<String>>,
    /// Rust code that calls it, for its docs. The client or handle is called `client`, and `?` and `await` may be used.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) example: Option<Spanned<String>>,
    /// Parameters that stand for several arguments each, by their Rust name.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<SnakeName, CombineEntry>"))]
    pub(crate) combine: BTreeMap<Key, CombineEntry>,
    /// Arguments by their name on the wire.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, ArgumentEntry>"))]
    pub(crate) args: BTreeMap<Key, ArgumentEntry>,
}

/// What is known of an argument.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "a table with `type` and `doc`")]
pub(crate) struct ArgumentEntry {
    /// Its type, which has to fit the word of the function list.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "schema", schemars(with = "TypeExpression"))]
    pub(crate) ty: Spanned<String>,
    /// Description.
    pub(crate) doc: String,
    /// Rust name of the parameter, where snake case goes wrong.
    #[cfg_attr(feature = "schema", schemars(with = "Option<SnakeName>"))]
    pub(crate) name: Option<Spanned<String>>,
    /// The only value that the server takes, as text; it is always sent, and no caller is asked.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) fixed: Option<Spanned<String>>,
    /// The version in which the argument was first seen, if later than its function.
    pub(crate) since: Option<String>,
}

/// A parameter that stands for several arguments.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "a table with `type`, `arguments` and `doc`")]
pub(crate) struct CombineEntry {
    /// A type of the kind `parts`.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "schema", schemars(with = "TypeName"))]
    pub(crate) ty: Spanned<String>,
    /// Wire names of the arguments, which no caller gives then. Those that a function list lacks are passed over.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>", length(min = 1)))]
    pub(crate) arguments: Vec<Spanned<String>>,
    /// Description.
    pub(crate) doc: String,
}
