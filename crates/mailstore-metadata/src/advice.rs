//! Advice for each problem with a dump.

use crate::problem::Problem;

impl Problem {
    /// Returns what to do next, as a sentence without a full stop.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => {
                "function lists have tens of thousands of bytes: check that this is a function list"
            }
            Self::TooMany { .. } => {
                "function lists have a few hundred functions: check that this is a function list"
            }
            Self::Utf16 => {
                "save the server's response again as UTF-8: it was cut off or changed at the marked place"
            }
            Self::Utf8 { .. } => {
                "JSON is always UTF-8: save the server's response byte for byte, or convert the file \
                 from its encoding to UTF-8"
            }
            Self::Empty => "fetch the dump again; a server without functions returns `[]`",
            Self::Markup => {
                "the request reached a web site instead of the API: check the host, the port (default: 8463 for \
                 MailStore Server, 8474 for the Service Provider Edition), whether the API is enabled, and any \
                 proxy"
            }
            Self::Truncated => "the dump was cut off: fetch or copy it again",
            Self::Trailing => "a dump is a single JSON array: remove what follows its closing bracket",
            Self::Syntax { .. } => {
                "fetch the dump again from get-metadata; if it was edited by hand, correct the marked place"
            }
            Self::Envelope { .. } => {
                "get-metadata returns a JSON array: check the credentials, that the account is an \
                 administrator, and that the request is a POST to api/get-metadata"
            }
            Self::NotAnArray { .. } => {
                "use the response of get-metadata unchanged, without anything around it"
            }
            Self::WrongType { .. } => {
                "the expected form is `[{\"name\": ..., \"args\": [{\"name\": ..., \"type\": ..., \"nullable\": \
                 ...}]}]`; if the server sent it like this, its API is newer than this program"
            }
            Self::Missing { .. } => {
                "there is no default, because calls depend on this member: fetch the dump again, or add the \
                 member if the dump was written manually"
            }
            Self::DuplicateMember { .. } => {
                "keep one of the two; the dump does not show which of them is valid"
            }
            Self::UnknownType { .. } => {
                "the known types are \"string\", \"number\", \"bool\" and \"json\", in lower case; if the \
                 server sent another type, its API is newer than this program: update the program"
            }
            Self::DuplicateFunction { .. } => {
                "function names are unique: remove one of the two; names that differ in case are different"
            }
            Self::DuplicateArgument { .. } => {
                "the argument names of a function are unique: remove one of the two; names that differ in case are \
                 different"
            }
            Self::BadName { .. } => {
                "names are used in URLs, form fields and generated code, so they have 1 to 255 ASCII letters, digits, \
                 `_`, `-` and `.`, starting with a letter, a digit or `_`; no known server has other names, so \
                 check the origin of this dump"
            }
            Self::BadPath { .. } => {
                "a path consists of names that are followed by slashes, such as \"api/\"; leave the \
                 member out for the default \"api/invoke/\""
            }
        }
    }
}
