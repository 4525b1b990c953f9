//! A value of a field, as a plan contains it.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// A value of a field.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Value {
    /// A text, or `None` if the field has no value.
    Text(Option<String>),
    /// A list in which neither order, case nor duplicates matter.
    List(Vec<String>),
    /// Whether something is switched on.
    Flag(bool),
    /// A number.
    Number(u64),
}

impl Value {
    /// Returns whether both values mean the same.
    pub fn means_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(one), Self::Text(other)) => one == other,
            (Self::List(one), Self::List(other)) => as_set(one) == as_set(other),
            (Self::Flag(one), Self::Flag(other)) => one == other,
            (Self::Number(one), Self::Number(other)) => one == other,
            _ => false,
        }
    }

    /// Returns the words that only `other` has, and the words that only this list has.
    pub(crate) fn words_added_and_removed<'a>(&'a self, other: &'a Self) -> (Vec<&'a str>, Vec<&'a str>) {
        (
            only_in(other.words(), self.words()),
            only_in(self.words(), other.words()),
        )
    }

    /// Returns whether this is a list with the privilege `admin`.
    pub(crate) fn has_admin(&self) -> bool {
        self.words().iter().any(|word| word.eq_ignore_ascii_case("admin"))
    }

    fn words(&self) -> &[String] {
        match self {
            Self::List(words) => words,
            _ => &[],
        }
    }
}

fn as_set(words: &[String]) -> BTreeSet<String> {
    words.iter().map(|word| word.to_lowercase()).collect()
}

fn only_in<'a>(words: &'a [String], others: &[String]) -> Vec<&'a str> {
    let others = as_set(others);
    let words = words.iter().filter(|word| !others.contains(&word.to_lowercase()));
    words.map(String::as_str).collect()
}

/// Shows the value for people.
impl std::fmt::Display for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(None) => f.write_str("none"),
            Self::Text(Some(text)) => write!(f, "`{}`", mailstore_api::printable(text)),
            Self::List(words) if words.is_empty() => f.write_str("none"),
            Self::List(words) => write!(f, "{}", mailstore_api::printable(&words.join(", "))),
            Self::Flag(true) => f.write_str("on"),
            Self::Flag(false) => f.write_str("off"),
            Self::Number(number) => write!(f, "{number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(words: &[&str]) -> Value {
        Value::List(words.iter().map(|word| (*word).to_owned()).collect())
    }

    #[test]
    fn order_case_and_duplicates_of_a_list_do_not_matter() {
        assert!(list(&["a@x", "B@x"]).means_the_same(&list(&["b@x", "A@x", "a@x"])));
        assert!(!list(&["a@x"]).means_the_same(&list(&["a@x", "b@x"])));
    }

    #[test]
    fn a_missing_text_is_not_an_empty_text() {
        assert!(!Value::Text(None).means_the_same(&Value::Text(Some(String::new()))));
    }
}
