//! Patterns for names, in which upper and lower case are the same.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// A pattern that is not valid. `pattern` is `None` if all of them together are too large.
pub(crate) struct WrongGlob<'a> {
    pub(crate) pattern: Option<&'a str>,
    pub(crate) source: globset::Error,
}

/// Returns a matcher for names that match one of the patterns.
pub(crate) fn name_globs(patterns: &[String]) -> Result<GlobSet, WrongGlob<'_>> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let glob = GlobBuilder::new(pattern).case_insensitive(true).build();
        set.add(glob.map_err(|source| WrongGlob {
            pattern: Some(pattern),
            source,
        })?);
    }
    set.build().map_err(|source| WrongGlob {
        pattern: None,
        source,
    })
}
