//! JSON values whose members keep the order in which they were added.
//!
//! The order of members in objects of `serde_json` depends on a feature that any crate of a build can enable. The
//! documents must be the same in every build.

use indexmap::IndexMap;
use serde::Serialize;

/// A JSON value.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Node {
    Bool(bool),
    Number(i64),
    Text(String),
    List(Vec<Node>),
    Object(Object),
}

/// A JSON object.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(transparent)]
pub(super) struct Object(IndexMap<String, Node>);

impl Object {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Adds a member at the end, or replaces the value of an existing member.
    pub(super) fn with(mut self, name: &str, value: impl Into<Node>) -> Self {
        self.insert(name, value);
        self
    }

    /// Like [`with`](Self::with), but adds nothing if the value is `None` or empty.
    pub(super) fn with_some<T: Into<Node>>(self, name: &str, value: Option<T>) -> Self {
        match value.map(Into::into) {
            Some(value) if !value.is_empty() => self.with(name, value),
            _ => self,
        }
    }

    /// Adds all members of another object at the end.
    pub(super) fn extended(mut self, other: Object) -> Self {
        self.0.extend(other.0);
        self
    }

    pub(super) fn insert(&mut self, name: &str, value: impl Into<Node>) {
        self.0.insert(name.to_owned(), value.into());
    }

    pub(super) fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub(super) fn remove(&mut self, name: &str) -> Option<Node> {
        self.0.shift_remove(name)
    }

    /// Sorts the members by name.
    pub(super) fn sorted(mut self) -> Self {
        self.0.sort_unstable_keys();
        self
    }
}

impl Node {
    fn is_empty(&self) -> bool {
        match self {
            Self::Bool(_) | Self::Number(_) => false,
            Self::Text(text) => text.is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Object(object) => object.0.is_empty(),
        }
    }
}

impl From<bool> for Node {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Node {
    fn from(value: i64) -> Self {
        Self::Number(value)
    }
}

impl From<&str> for Node {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Node {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Object> for Node {
    fn from(value: Object) -> Self {
        Self::Object(value)
    }
}

impl<T: Into<Node>> From<Vec<T>> for Node {
    fn from(items: Vec<T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}
