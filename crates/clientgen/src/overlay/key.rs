//! A name as a key in an overlay file.

use toml::Spanned;

/// A name as a key in an overlay file, with its place.
pub(crate) type Key = Spanned<String>;
