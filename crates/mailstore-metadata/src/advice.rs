//! Advice for each problem with a dump.

use crate::problem::Problem;

impl Problem {
    /// Returns what to do next, as a sentence without a full stop.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => {
                "function lists of MailStore have some ten thousand bytes: check that this is a function list"
            }
            Self::Utf16 => {
                "save the server's response again as UTF-8: it was cut off or changed at the marked place"
            }
            Self::Utf8 { .. } => {
                "JSON is always UTF-8: save the server's response byte for byte, or convert the file from the \
                 encoding it has"
            }
            Self::Empty => "fetch the dump again; a server without functions would send `[]`",
            Self::Markup => {
                "the request reached a web site instead of the API: check host and port (8463 for MailStore \
                 Server, 8474 for the Service Provider Edition unless changed), that the API is switched on, \
                 and any proxy in between"
            }
            Self::Truncated => "the dump was cut off: fetch or copy it again",
            Self::Trailing => "a dump is a single JSON array: remove what follows its closing bracket",
            Self::Syntax { .. } => {
                "fetch the dump again from get-metadata; if it was edited by hand, correct the marked place"
            }
            Self::Envelope { .. } => {
                "get-metadata returns a JSON array: check the credentials, that they are an \
                 administrator's, and that the request is a POST to api/get-metadata"
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
                "keep one of the two; it is unknown which of them the server means"
            }
            Self::UnknownType { .. } => {
                "the known types are \"string\", \"number\", \"bool\" and \"json\", in lower case; if the \
                 server sent another, its API is newer than this program: update it"
            }
            Self::DuplicateFunction { .. } => {
                "a name stands for one function: remove one of the two; names that differ in case are \
                 different names"
            }
            Self::DuplicateArgument { .. } => {
                "a name stands for one argument: remove one of the two; names that differ in case are \
                 different names"
            }
            Self::BadName { .. } => {
                "names become parts of URLs, form fields and generated code: 1 to 255 ASCII letters, digits, \
                 `_`, `-` and `.`, starting with a letter, a digit or `_`; no known MailStore uses others, so \
                 check where this dump comes from"
            }
            Self::BadPath { .. } => {
                "a path consists of names that are followed by slashes, such as \"api/\"; leave the \
                 member out for the usual \"api/invoke/\""
            }
        }
    }
}
