//! All problems that a dump can have, and their messages.

use thiserror::Error;

use crate::name::{NameFault, PathFault};

/// A problem with a dump. [`DumpError`](crate::DumpError) adds the place.
///
/// The message says what is wrong, and [`Problem::advice`] says what to do next. Strings from the dump are quoted,
/// escaped and shortened.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Problem {
    /// The text is larger than [`Dump::MAX_BYTES`](crate::Dump::MAX_BYTES).
    #[error("the text has {bytes} bytes; the maximum is {limit}")]
    TooLarge {
        /// The size of the text.
        bytes: usize,
        /// The maximum size.
        limit: usize,
    },

    /// An array or an object has more than [`Dump::MAX_ENTRIES`](crate::Dump::MAX_ENTRIES) entries.
    #[error("{owner} has more than {limit} entries, which is the limit")]
    TooMany {
        /// The array or object.
        owner: String,
        /// The maximum number of entries.
        limit: usize,
    },

    /// The text starts as UTF-16, which is accepted, but contains bytes that are invalid in UTF-16.
    #[error("the text is invalid UTF-16")]
    Utf16,

    /// The text is not UTF-8.
    #[error("the text is not UTF-8: see the byte at offset {offset}")]
    Utf8 {
        /// The offset of the first invalid byte. A byte order mark counts.
        offset: usize,
    },

    /// The text is empty or contains only white space.
    #[error("the text is empty")]
    Empty,

    /// The text is markup, such as a login page or the error page of a proxy.
    #[error("the text is an HTML or XML page, not JSON")]
    Markup,

    /// The text ends before the end of the list.
    #[error("the text ends before the list is complete")]
    Truncated,

    /// Other text follows the list.
    #[error("there is more text after the end of the list")]
    Trailing,

    /// The text is not JSON.
    #[error("this is not JSON: {detail}")]
    Syntax {
        /// The message of the JSON parser.
        detail: String,
    },

    /// The text is the response to an API call in its envelope, not a list of functions.
    #[error("this is the response to an API call, not a list of functions{}", said(.message))]
    Envelope {
        /// The error message of the server, if any.
        message: Option<String>,
    },

    /// The text is JSON but not an array.
    #[error("a dump is an array of functions, but this is {found}")]
    NotAnArray {
        /// The kind of the value.
        found: &'static str,
    },

    /// A value has the wrong type.
    #[error("{what} must be {expected}, but is {found}")]
    WrongType {
        /// What the value is.
        what: String,
        /// The kind of value that is expected.
        expected: &'static str,
        /// The kind of the value.
        found: &'static str,
    },

    /// A required member is missing.
    #[error("{owner} has no {member:?}")]
    Missing {
        /// The object that lacks it.
        owner: String,
        /// The member's name.
        member: &'static str,
    },

    /// An object has two members of the same name.
    #[error("{member:?} occurs twice in {owner}")]
    DuplicateMember {
        /// The object.
        owner: String,
        /// The member's name.
        member: String,
    },

    /// An argument has an unknown type.
    #[error("{owner} has the unknown type {word:?}")]
    UnknownType {
        /// The argument.
        owner: String,
        /// The word for the type.
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

    /// A name is invalid.
    #[error("the name {name:?} of {owner} {fault}")]
    BadName {
        /// What has the name.
        owner: String,
        /// The name, shortened if it is long.
        name: String,
        /// What is wrong with it.
        fault: NameFault,
    },

    /// A path is invalid.
    #[error("the path {path:?} of function {function:?} {fault}")]
    BadPath {
        /// The function.
        function: String,
        /// The path, shortened if it is long.
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

/// Shortens a string from a dump for use in a message.
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
    fn quoted_strings_are_shortened() {
        assert_eq!(cut("short"), "short");
        assert_eq!(cut(&"\u{e4}".repeat(100)), "\u{e4}".repeat(100));
        assert_eq!(cut(&"\u{e4}".repeat(101)), format!("{}...", "\u{e4}".repeat(100)));
    }
}
