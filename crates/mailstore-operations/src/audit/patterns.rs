//! Patterns for names.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use mailstore_api::printable;
use serde::Deserialize;

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
        let mut set = GlobSetBuilder::new();
        for pattern in &patterns {
            let glob = GlobBuilder::new(pattern).case_insensitive(true).build();
            let glob = glob.map_err(|error| {
                format!(
                    "the pattern `{}` is not valid: {}",
                    printable(pattern),
                    error.kind()
                )
            })?;
            set.add(glob);
        }
        let set = set
            .build()
            .map_err(|error| format!("the patterns are not valid: {error}"))?;
        Ok(Self(set))
    }
}
