//! The structure of an overlay file, for deserialization from TOML.
//!
//! The doc comments of the members are in the JSON Schema, so editors show them.

#[cfg(feature = "schema")]
mod schema;
mod types;

use std::collections::BTreeMap;
use std::num::NonZeroU16;

use serde::Deserialize;
use toml::Spanned;

pub(crate) use super::key::Key;
use crate::model::{Effect, Evidence};
#[cfg(feature = "schema")]
use schema::{SnakeName, TypeExpression, TypeName};
pub(crate) use types::{FieldEntry, IdOf, Kind, Otherwise, TypeEntry, WordEntry};

/// Facts that a function list lacks: topics, types, results, effects and the meaning of arguments. The README of the
/// generator describes the format.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Overlay")
)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    /// The name and the port of the API. Only one overlay of each function list has it.
    pub(crate) surface: Option<SurfaceEntry>,
    /// Topics by the name of their Rust module, such as `users`.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<SnakeName, GroupEntry>"))]
    pub(crate) groups: BTreeMap<Key, GroupEntry>,
    /// Types by their Rust name, such as `StoreId`.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<TypeName, TypeEntry>"))]
    pub(crate) types: BTreeMap<Key, TypeEntry>,
    /// Functions by their wire name, such as `GetUsers`.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, FunctionEntry>"))]
    pub(crate) functions: BTreeMap<Key, FunctionEntry>,
}

/// The name and the port of the API.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "a table with `name`, `title` and `port`")]
pub(crate) struct SurfaceEntry {
    /// Rust module of the edition. The feature of the edition has the same name with `-` for `_`.
    #[cfg_attr(feature = "schema", schemars(with = "SnakeName"))]
    pub(crate) name: Spanned<String>,
    /// Name of the API in words.
    pub(crate) title: String,
    /// Short name of the edition, for lists of editions. The default is the title.
    pub(crate) short: Option<String>,
    /// Default TCP port.
    pub(crate) port: u16,
    /// The version of the dump, for messages about servers of other versions.
    pub(crate) version: Option<String>,
    /// The first version of functions whose entries have no `since`.
    pub(crate) since: Option<String>,
    /// Whether the examples of the overlays compile with this version. The default is `true`.
    pub(crate) examples: Option<bool>,
    /// The argument that selects a part of the server, and the generated type for this part. Functions that require the
    /// argument become methods of the type.
    pub(crate) handle: Option<HandleEntry>,
}

/// The argument that selects a part of the server, and the generated type for this part.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(
    deny_unknown_fields,
    expecting = "a table with `argument`, `type`, `name`, `method` and `doc`"
)]
pub(crate) struct HandleEntry {
    /// Wire name of the argument. It must be a required string.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub(crate) argument: Spanned<String>,
    /// Type of the argument: an id of strings.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "schema", schemars(with = "TypeName"))]
    pub(crate) ty: Spanned<String>,
    /// Rust name of the type.
    #[cfg_attr(feature = "schema", schemars(with = "TypeName"))]
    pub(crate) name: Spanned<String>,
    /// The method of the client that creates a handle.
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

/// The facts about a function.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "a table")]
pub(crate) struct FunctionEntry {
    /// The topic, one of `groups`. The default is `functions`.
    #[cfg_attr(feature = "schema", schemars(with = "Option<SnakeName>"))]
    pub(crate) group: Option<Spanned<String>>,
    /// What a call may do to the server.
    #[cfg_attr(feature = "schema", schemars(with = "Option<Effect>"))]
    pub(crate) effect: Option<Spanned<Effect>>,
    /// What the function does, in one sentence.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) summary: Option<Spanned<String>>,
    /// More sentences.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) doc: Option<Spanned<String>>,
    /// Whether calls are known to take minutes or hours.
    #[cfg_attr(feature = "schema", schemars(with = "Option<bool>"))]
    pub(crate) long: Option<Spanned<bool>>,
    /// The largest response of the function, in MiB, if it may be larger than that of other functions.
    #[cfg_attr(feature = "schema", schemars(with = "Option<NonZeroU16>"))]
    pub(crate) response_limit_mib: Option<Spanned<NonZeroU16>>,
    /// Type of the result. The default is `json`: nothing is known about the result.
    #[cfg_attr(feature = "schema", schemars(with = "Option<TypeExpression>"))]
    pub(crate) result: Option<Spanned<String>>,
    /// Description of the result.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) result_doc: Option<Spanned<String>>,
    /// How the result is known.
    #[cfg_attr(feature = "schema", schemars(with = "Option<Evidence>"))]
    pub(crate) evidence: Option<Spanned<Evidence>>,
    /// The version in which the function was first seen. The default is that of the surface.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) since: Option<Spanned<String>>,
    /// Rust code that calls the function, for its docs. Its variable `client` is the client or the handle. It may use
    /// `?` and `await`.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) example: Option<Spanned<String>>,
    /// Parameters that each combine several arguments, by their Rust name.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<SnakeName, CombineEntry>"))]
    pub(crate) combine: BTreeMap<Key, CombineEntry>,
    /// Arguments by their wire name.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "BTreeMap<String, ArgumentEntry>"))]
    pub(crate) args: BTreeMap<Key, ArgumentEntry>,
}

/// The facts about an argument.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "a table with `type` and `doc`")]
pub(crate) struct ArgumentEntry {
    /// Its type. It must be sent in the same way as the type in the function list.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "schema", schemars(with = "TypeExpression"))]
    pub(crate) ty: Spanned<String>,
    /// Description.
    pub(crate) doc: String,
    /// Rust name of the parameter, if the wire name in snake case is not suitable.
    #[cfg_attr(feature = "schema", schemars(with = "Option<SnakeName>"))]
    pub(crate) name: Option<Spanned<String>>,
    /// The only value that the server accepts, as a string. It is always sent, and callers do not pass it.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub(crate) fixed: Option<Spanned<String>>,
    /// The version in which the argument was first seen, if it is later than that of the function.
    pub(crate) since: Option<String>,
}

/// A parameter that combines several arguments.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, expecting = "a table with `type`, `arguments` and `doc`")]
pub(crate) struct CombineEntry {
    /// Type of the parameter, of the kind `parts`.
    #[serde(rename = "type")]
    #[cfg_attr(feature = "schema", schemars(with = "TypeName"))]
    pub(crate) ty: Spanned<String>,
    /// Wire names of the arguments. Callers do not pass them separately. Arguments that a function list lacks are
    /// ignored.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>", length(min = 1)))]
    pub(crate) arguments: Vec<Spanned<String>>,
    /// Description.
    pub(crate) doc: String,
}
