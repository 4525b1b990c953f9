//! Exceptions from rules.

use std::fmt;

use mailstore_api::civil::Date;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::patterns::Patterns;
use super::result::{AuditResult, Status};
use super::rule::Rule;

/// An exception: findings that are accepted for a reason, until a day.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Exception {
    /// The rule.
    pub rule: Rule,
    /// Patterns for the ids of archives. Left out, the exception applies to all archives.
    pub archive: Option<Patterns>,
    /// Patterns for the name or the id of the object. Left out, the exception applies to all objects.
    pub object: Option<Patterns>,
    /// Why the findings are accepted.
    pub reason: String,
    /// The last day of the exception, in UTC.
    #[serde(deserialize_with = "date")]
    pub until: Date,
    /// Whether results that are unknown are accepted, too.
    #[serde(default)]
    pub also_unknown: bool,
}

impl Exception {
    /// Returns whether the exception applies to a result on a day before its end.
    pub(super) fn applies_to(&self, result: &AuditResult) -> bool {
        let is_status = match result.status {
            Status::Finding => true,
            Status::Unknown => self.also_unknown,
            Status::Ok | Status::Excepted => false,
        };
        let archive = result.archive.as_deref().unwrap_or_default();
        let object = &result.object;
        let is_object = |patterns: &Patterns| {
            let id = object.id.as_deref();
            patterns.is_match(&object.name) || id.is_some_and(|id| patterns.is_match(id))
        };
        is_status
            && self.rule == result.rule
            && self
                .archive
                .as_ref()
                .is_none_or(|patterns| patterns.is_match(archive))
            && self.object.as_ref().is_none_or(is_object)
    }
}

/// Reads a day such as 2027-03-31, with or without quotes.
fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let wrong = || D::Error::custom("`until` is a day such as 2027-03-31");
    let text = match toml::Value::deserialize(deserializer)? {
        toml::Value::String(text) => text,
        toml::Value::Datetime(date) => date.to_string(),
        _ => return Err(wrong()),
    };
    // A date with a time would also be parsed as a date.
    if text.len() != "2027-03-31".len() {
        return Err(wrong());
    }
    text.parse().map_err(|_: mailstore_api::jiff::Error| wrong())
}

/// An exception with its place in the file.
#[derive(Clone, Debug)]
pub(super) struct PlacedException {
    pub(super) line: usize,
    pub(super) exception: Exception,
}

impl fmt::Display for PlacedException {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the exception in line {} for `{}`",
            self.line,
            self.exception.rule.id()
        )
    }
}
