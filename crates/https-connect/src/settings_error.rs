//! The error of settings that cannot be used.

use std::error::Error as StdError;
use std::fmt;

use wire_values::printable;

use crate::cause::Cause;

/// The settings of a connection are invalid, or exclude each other. Nothing was sent.
///
/// `Display` escapes the characters that a terminal does not print. It never shows credentials or keys.
#[derive(Debug)]
pub struct SettingsError {
    message: String,
    source: Option<Cause>,
}

impl SettingsError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            source: None,
        }
    }

    pub(crate) fn because(mut self, source: impl Into<Cause>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Returns the message, which may contain unprintable characters, and the source. A client can make its own error
    /// from them.
    pub fn into_parts(self) -> (String, Option<Cause>) {
        (self.message, self.source)
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        printable(&self.message).fmt(f)
    }
}

impl StdError for SettingsError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}
