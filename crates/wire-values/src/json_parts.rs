//! The parts of a [`Json`] value: members, items and strings, and how values are compared and shown.

use std::collections::BTreeMap;
use std::fmt;

use crate::json::Json;
use crate::members::members;

impl Json {
    /// Returns a member of an object. Returns `None` if the value is not an object or the member is missing. If several
    /// members have this name, returns the last one.
    pub fn get(&self, member: &str) -> Option<Json> {
        let members = self.members()?;
        members
            .into_iter()
            .rev()
            .find(|(name, _)| name == member)
            .map(|(_, value)| value)
    }

    /// Returns the content of a JSON string.
    pub(crate) fn string(&self) -> Option<String> {
        self.text().starts_with('"').then(|| self.decode().ok()).flatten()
    }

    /// Returns the items of an array.
    pub(crate) fn items(&self) -> Option<Vec<Json>> {
        self.text().starts_with('[').then(|| self.decode().ok()).flatten()
    }

    /// Returns the members of an object in their order.
    pub(crate) fn members(&self) -> Option<Vec<(String, Json)>> {
        if !self.text().starts_with('{') {
            return None;
        }
        let members = members(self.text()).ok()?.into_iter();
        Some(
            members
                .map(|(name, value)| (name.into_owned(), Self::of_valid(value)))
                .collect(),
        )
    }

    /// Returns whether both values are equal. Below `depth` levels, it compares texts instead of values.
    fn is_same(&self, other: &Json, depth: usize) -> bool {
        if self.text() == other.text() {
            return true;
        }
        if depth == 0 || self.kind() != other.kind() {
            return false;
        }
        if let (Some(mine), Some(theirs)) = (self.items(), other.items()) {
            let mut pairs = mine.iter().zip(&theirs);
            return mine.len() == theirs.len() && pairs.all(|(a, b)| a.is_same(b, depth - 1));
        }
        if let (Some(mine), Some(theirs)) = (self.members(), other.members()) {
            let (mine, theirs) = (BTreeMap::from_iter(mine), BTreeMap::from_iter(theirs));
            let mut pairs = mine.iter().zip(&theirs);
            return mine.len() == theirs.len()
                && pairs.all(|(a, b)| a.0 == b.0 && a.1.is_same(b.1, depth - 1));
        }
        self.string().is_some_and(|text| other.string() == Some(text))
    }
}

/// Compares values: white space, escapes and the order of members make no difference. Numbers are compared as text, so
/// `1` is not equal to `1.0`.
impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        self.is_same(other, 100)
    }
}

/// Shows the type, the number of items and the names of members, but no values.
impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Json ")?;
        if let Some(members) = self.members() {
            return f
                .debug_set()
                .entries(members.iter().map(|(name, _)| name))
                .finish();
        }
        match self.items() {
            Some(items) => write!(f, "array of {}", items.len()),
            None => f.write_str(self.kind().trim_start_matches("a ")),
        }
    }
}
