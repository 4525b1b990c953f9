//! The reason why a function of a newer server was left out of a dump.

use std::fmt;

use serde::Serialize;

/// An argument of an unknown type, because of which its function was left out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct LeftOut {
    /// The function.
    pub function: String,
    /// The argument.
    pub argument: String,
    /// The word for its type, which can be any string. It is shortened if it is long.
    pub word: String,
}

impl fmt::Display for LeftOut {
    /// Writes the reason as the end of a sentence about the function. The word is quoted and escaped.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "its argument `{}` has the unknown type {:?}",
            self.argument, self.word
        )
    }
}
