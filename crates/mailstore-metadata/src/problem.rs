//! Everything that can be wrong with a dump, in words, with what to do about it.

use miette::Diagnostic;
use thiserror::Error;

use crate::name::{NameFault, PathFault};

/// What is wrong with a dump; [`DumpError`](crate::DumpError) adds where.
///
/// The text of each says what is wrong, its [`help`](Diagnostic::help) what to do next. Text taken from the
/// dump is quoted with escapes and cut to a sensible length.
#[derive(Clone, Debug, PartialEq, Eq, Error, Diagnostic)]
#[non_exhaustive]
pub enum Problem {
    /// There are more bytes than [`Dump::MAX_BYTES`](crate::Dump::MAX_BYTES).
    #[error("the text has {bytes} bytes, more than the {limit} a dump may have")]
    #[diagnostic(help(
        "the function lists of MailStore have some ten thousand bytes: check that this is one of them"
    ))]
    TooLarge {
        /// The size found.
        bytes: usize,
        /// The largest size accepted.
        limit: usize,
    },

    /// The bytes are UTF-16, as Windows PowerShell writes it when redirecting output to a file.
    #[error("the text is UTF-16, not UTF-8")]
    #[diagnostic(help(
        "save it as UTF-8; PowerShell does so with `Out-File -Encoding utf8` or with \
         `Invoke-WebRequest -OutFile`"
    ))]
    Utf16,

    /// The bytes are no UTF-8.
    #[error("the text is not UTF-8: see the byte at offset {offset}")]
    #[diagnostic(help(
        "JSON is always UTF-8: save the server's answer byte for byte, or convert the file from the \
         encoding it has"
    ))]
    Utf8 {
        /// The bytes before the first one that is wrong, a byte order mark included.
        offset: usize,
    },

    /// There is nothing but white space.
    #[error("the text is empty")]
    #[diagnostic(help("fetch the dump again; a server without functions would answer `[]`"))]
    Empty,

    /// The text is markup, such as a login page or the error page of a proxy.
    #[error("the text is an HTML or XML page, not JSON")]
    #[diagnostic(help(
        "the request reached a web site instead of the API: check host and port (8463 for MailStore \
         Server, 8474 for the Service Provider Edition unless changed), that the API is switched on, \
         and any proxy in between"
    ))]
    Markup,

    /// The text ends before the list does.
    #[error("the text ends before the list is complete")]
    #[diagnostic(help("the dump was cut off: fetch or copy it again"))]
    Truncated,

    /// There is something after the list.
    #[error("there is more text after the end of the list")]
    #[diagnostic(help("a dump is one JSON array and nothing else: remove what follows its closing bracket"))]
    Trailing,

    /// The text is not JSON.
    #[error("this is not JSON: {detail}")]
    #[diagnostic(help(
        "fetch the dump again from get-metadata; if it was edited by hand, correct the marked place"
    ))]
    Syntax {
        /// What the JSON parser says.
        detail: String,
    },

    /// The text is the answer of an API call in its envelope rather than the bare list of functions.
    #[error("this is the answer to an API call, not a list of functions{}", said(.message))]
    #[diagnostic(help(
        "get-metadata answers with a bare JSON array: check the credentials, that they are an \
         administrator's, and that the request is a POST to api/get-metadata"
    ))]
    Envelope {
        /// The server's error message, if there is one.
        message: Option<String>,
    },

    /// The text is JSON, but no array.
    #[error("a dump is an array of functions, but this is {found}")]
    #[diagnostic(help("give the answer of get-metadata as it is, without anything around it"))]
    NotAnArray {
        /// The kind of value found.
        found: &'static str,
    },

    /// A value has the wrong type.
    #[error("{what} must be {expected}, but is {found}")]
    #[diagnostic(help(
        "expected is `[{{\"name\": ..., \"args\": [{{\"name\": ..., \"type\": ..., \"nullable\": \
         ...}}]}}]`; if the server sent it like this, its API is newer than this program"
    ))]
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
    #[diagnostic(help(
        "nothing is assumed in its place, because the calls made would depend on it: fetch the dump \
         again, or add the member if the dump was written by hand"
    ))]
    Missing {
        /// What lacks it.
        owner: String,
        /// The member's name.
        member: &'static str,
    },

    /// An object has two members of the same name.
    #[error("{member:?} occurs twice in {owner}")]
    #[diagnostic(help("keep one of the two; which of them a server means cannot be known"))]
    DuplicateMember {
        /// What has it twice.
        owner: String,
        /// The member's name.
        member: String,
    },

    /// An argument's type is none of the known ones.
    #[error("{owner} has the unknown type {word:?}")]
    #[diagnostic(help(
        "the known types are \"string\", \"number\", \"bool\" and \"json\", in lower case; if the \
         server sent another, its API is newer than this program: update it"
    ))]
    UnknownType {
        /// The argument.
        owner: String,
        /// The type it has.
        word: String,
    },

    /// Two functions have the same name.
    #[error("function {name:?} is listed twice")]
    #[diagnostic(help(
        "a name stands for one function: remove one of the two; names that differ in case are \
         different names"
    ))]
    DuplicateFunction {
        /// The name of both.
        name: String,
    },

    /// Two arguments of a function have the same name.
    #[error("argument {name:?} of function {function:?} is listed twice")]
    #[diagnostic(help(
        "a name stands for one argument: remove one of the two; names that differ in case are \
         different names"
    ))]
    DuplicateArgument {
        /// The function.
        function: String,
        /// The name of both.
        name: String,
    },

    /// A name cannot be used.
    #[error("the name {name:?} of {owner} {fault}")]
    #[diagnostic(help(
        "names become parts of URLs, form fields and generated code: 1 to 255 ASCII letters, digits, \
         `_`, `-` and `.`, starting with a letter, a digit or `_`; no known MailStore uses others, so \
         check where this dump comes from"
    ))]
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
    #[diagnostic(help(
        "a path is relative and ends with a slash, such as \"api/\", its parts being names; leave the \
         member out for the usual \"api/invoke/\""
    ))]
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
