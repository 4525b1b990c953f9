//! What a change of a function list means for programs.

use serde::Serialize;

/// What a change means for programs that were compiled with the older list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Consequence {
    /// Every call works as before.
    None,
    /// Calls are accepted, but may have another meaning, or the lists do not tell.
    Review,
    /// Calls, or reading a constant, fail.
    Breaks,
}

impl Consequence {
    /// Returns the word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "compatible",
            Self::Review => "review",
            Self::Breaks => "breaks calls",
        }
    }
}
