//! The file with rules and exceptions.

use std::str::FromStr as _;

use mailstore_api::printable;
use mailstore_api::types::AuditedActivity;
use serde::Deserialize;
use toml::Spanned;

use super::exception::{Exception, PlacedException};
use super::settings::Rules;
use crate::toml_text::{line_of, nearest, problem};

/// Which rules are used, with which parameters, and which exceptions there are. The default has no exceptions.
#[derive(Clone, Debug, Default)]
pub struct AuditConfig {
    /// The parameters of the rules.
    pub rules: Rules,
    pub(super) exceptions: Vec<PlacedException>,
}

/// The file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct AuditError(String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    #[serde(default)]
    rules: Rules,
    #[serde(default, rename = "exception")]
    exceptions: Vec<Spanned<Exception>>,
}

impl AuditConfig {
    /// Parses a TOML file and checks it. Its `version` is 1.
    ///
    /// # Errors
    /// The file is not valid. The error has the line, and a suggestion if a name is similar to a known one. It never
    /// contains a line of the file.
    pub fn from_toml(text: &str) -> Result<Self, AuditError> {
        let file: File = toml::from_str(text).map_err(|error| AuditError(problem(text, &error)))?;
        if file.version != 1 {
            let found = file.version;
            return Err(AuditError(format!(
                "`version` is {found}, but this program only reads version 1"
            )));
        }
        check(&file.rules)?;
        let mut exceptions = Vec::new();
        for exception in file.exceptions {
            let line = line_of(text, exception.span().start);
            let exception = exception.into_inner();
            if exception.reason.trim().is_empty() {
                return Err(AuditError(format!(
                    "line {line}: the reason of the exception is empty"
                )));
            }
            exceptions.push(PlacedException { line, exception });
        }
        Ok(Self {
            rules: file.rules,
            exceptions,
        })
    }

    /// Returns the exceptions in the order of the file.
    pub fn exceptions(&self) -> impl Iterator<Item = &Exception> {
        self.exceptions.iter().map(|placed| &placed.exception)
    }
}

fn check(rules: &Rules) -> Result<(), AuditError> {
    if rules.profile_interval.min > rules.profile_interval.max {
        return Err(AuditError(
            "`rules.profile-interval`: `min` is longer than `max`".to_owned(),
        ));
    }
    if rules.store_not_verified.max_days == 0 {
        return Err(AuditError(
            "`rules.store-not-verified`: `max-days` is at least 1".to_owned(),
        ));
    }
    for word in &rules.audit_log.required {
        if AuditedActivity::from_str(word).is_err() {
            let hint = nearest(word, AuditedActivity::WORDS)
                .map_or_else(String::new, |near| format!(". Did you mean `{near}`?"));
            return Err(AuditError(format!(
                "`rules.audit-log`: the activity `{}` is not known{hint}",
                printable(word)
            )));
        }
    }
    Ok(())
}
