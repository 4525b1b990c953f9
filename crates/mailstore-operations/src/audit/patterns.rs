//! Patterns for names.

use globset::GlobSet;
use mailstore_api::printable;
use serde::Deserialize;

use crate::name_globs::name_globs;

/// A list of patterns for names, such as `svc-*`. Upper and lower case are the same.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(try_from = "Vec<String>")]
pub struct Patterns(GlobSet);

impl Patterns {
    /// Returns whether a pattern matches the name.
    pub fn is_match(&self, name: &str) -> bool {
        self.0.is_match(name)
    }

    /// Creates patterns that are part of this program.
    pub(super) fn fixed(patterns: &[&str]) -> Self {
        let patterns: Vec<String> = patterns.iter().map(|pattern| (*pattern).to_owned()).collect();
        Self::try_from(patterns).unwrap_or_default()
    }
}

impl TryFrom<Vec<String>> for Patterns {
    type Error = String;

    /// # Errors
    /// A pattern is not valid, such as `[a`.
    fn try_from(patterns: Vec<String>) -> Result<Self, String> {
        let set = name_globs(&patterns).map_err(|wrong| match wrong.pattern {
            Some(pattern) => format!(
                "the pattern `{}` is not valid: {}",
                printable(pattern),
                wrong.source.kind()
            ),
            None => format!("the patterns are not valid: {}", wrong.source),
        })?;
        Ok(Self(set))
    }
}
