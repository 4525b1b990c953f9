//! Environment variables with settings.

use std::env::{self, VarError};

use miette::miette;

/// Returns an environment variable, or `None` if it is not set or empty.
///
/// # Errors
/// It is not valid UTF-8.
pub fn variable(name: &str) -> miette::Result<Option<String>> {
    match env::var(name) {
        Ok(value) => Ok(Some(value).filter(|value| !value.is_empty())),
        Err(VarError::NotPresent) => Ok(None),
        Err(VarError::NotUnicode(_)) => Err(miette!("{name} is not valid UTF-8")),
    }
}
