//! Everything that can be wrong with a dump, in words.

use thiserror::Error;

use crate::name::{NameFault, PathFault};

/// What is wrong with a dump; [`DumpError`](crate::DumpError) adds where.
///
/// The text of each says what is wrong, [`Problem::advice`] what to do next. Text taken from the dump is quoted
/// with escapes and cut to a sensible length.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Problem {
    /// There are more bytes than [`Dump::MAX_BYTES`](crate::Dump::MAX_BYTES).
    #[error("the text has {bytes} bytes, more than the {limit} a dump may have")]
    TooLarge {
        /// The size found.
        bytes: usize,
        /// The largest size accepted.
        limit: usize,
    },

    /// The bytes begin as UTF-16, which is accepted, and are none further on.
    #[error("the text is damaged UTF-16")]
    Utf16,

    /// The bytes are no UTF-8.
    #[error("the text is not UTF-8: see the byte at offset {offset}")]
    Utf8 {
        /// The bytes before the first one that is wrong, a byte order mark included.
        offset: usize,
    },

    /// There is nothing but white space.
    #[error("the text is empty")]
    Empty,

    /// The text is markup, such as a login page or the error page of a proxy.
    #[error("the text is an HTML or XML page, not JSON")]
    Markup,

    /// The text ends before the list does.
    #[error("the text ends before the list is complete")]
    Truncated,

    /// There is something after the list.
    #[error("there is more text after the end of the list")]
    Trailing,

    /// The text is not JSON.
    #[error("this is not JSON: {detail}")]
    Syntax {
        /// What the JSON parser says.
        detail: String,
    },

    /// The text is the answer of an API call in its envelope rather than the bare list of functions.
    #[error("this is the answer to an API call, not a list of functions{}", said(.message))]
    Envelope {
        /// The server's error message, if there is one.
        message: Option<String>,
    },

    /// The text is JSON, but no array.
    #[error("a dump is an array of functions, but this is {found}")]
    NotAnArray {
        /// The kind of value found.
        found: &'static str,
    },

    /// A value has the wrong type.
    #[error("{what} must be {expected}, but is {found}")]
    WrongType {
        /// What the value is for.
        what: String,
        /// The kind of value that belongs there.
        expected: &'static str,
        /// The kind of value found.
        found: &'static str,
    },

    /// A member that must be there is not.
    #[error("{owner} has no {member:?}")]
    Missing {
        /// What lacks it.
        owner: String,
        /// The member's name.
        member: &'static str,
    },

    /// An object has two members of the same name.
    #[error("{member:?} occurs twice in {owner}")]
    DuplicateMember {
        /// What has it twice.
        owner: String,
        /// The member's name.
        member: String,
    },

    /// An argument has an unknown type.
    #[error("{owner} has the unknown type {word:?}")]
    UnknownType {
        /// The argument.
        owner: String,
        /// The type it has.
        word: String,
    },

    /// Two functions have the same name.
    #[error("function {name:?} is listed twice")]
    DuplicateFunction {
        /// The name of both.
        name: String,
    },

    /// Two arguments of a function have the same name.
    #[error("argument {name:?} of function {function:?} is listed twice")]
    DuplicateArgument {
        /// The function.
        function: String,
        /// The name of both.
        name: String,
    },

    /// A name cannot be used.
    #[error("the name {name:?} of {owner} {fault}")]
    BadName {
        /// What is so named.
        owner: String,
        /// The name, cut if it is long.
        name: String,
        /// What is wrong with it.
        fault: NameFault,
    },

    /// A path cannot be used.
    #[error("the path {path:?} of function {function:?} {fault}")]
    BadPath {
        /// The function.
        function: String,
        /// The path, cut if it is long.
        path: String,
        /// What is wrong with it.
        fault: PathFault,
    },
}

fn said(message: &Option<String>) -> String {
    message
        .as_ref()
        .map_or_else(String::new, |message| format!(": the server says {message:?}"))
}

/// Text from a dump for use in a message: not longer than people can read.
pub(crate) fn cut(text: &str) -> String {
    const LIMIT: usize = 100;
    match text.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_text_has_a_limit() {
        assert_eq!(cut("short"), "short");
        assert_eq!(cut(&"\u{e4}".repeat(100)), "\u{e4}".repeat(100));
        assert_eq!(cut(&"\u{e4}".repeat(101)), format!("{}...", "\u{e4}".repeat(100)));
    }
}
