//! Advice for each problem with a dump.

use crate::problem::Problem;

impl Problem {
    /// Returns what to do next, as a sentence without a full stop.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => {
                "the function lists of MailStore have some ten thousand bytes: check that this is one of them"
            }
            Self::Utf16 => {
                "save the server's answer again, as UTF-8: it was cut off or changed at the marked place"
            }
            Self::Utf8 { .. } => {
                "JSON is always UTF-8: save the server's answer byte for byte, or convert the file from the \
                 encoding it has"
            }
            Self::Empty => "fetch the dump again; a server without functions would answer `[]`",
            Self::Markup => {
                "the request reached a web site instead of the API: check host and port (8463 for MailStore \
                 Server, 8474 for the Service Provider Edition unless changed), that the API is switched on, \
                 and any proxy in between"
            }
            Self::Truncated => "the dump was cut off: fetch or copy it again",
            Self::Trailing => {
                "a dump is one JSON array and nothing else: remove what follows its closing bracket"
            }
            Self::Syntax { .. } => {
                "fetch the dump again from get-metadata; if it was edited by hand, correct the marked place"
            }
            Self::Envelope { .. } => {
                "get-metadata answers with a bare JSON array: check the credentials, that they are an \
                 administrator's, and that the request is a POST to api/get-metadata"
            }
            Self::NotAnArray { .. } => "give the answer of get-metadata as it is, without anything around it",
            Self::WrongType { .. } => {
                "expected is `[{\"name\": ..., \"args\": [{\"name\": ..., \"type\": ..., \"nullable\": \
                 ...}]}]`; if the server sent it like this, its API is newer than this program"
            }
            Self::Missing { .. } => {
                "nothing is assumed in its place, because the calls made would depend on it: fetch the dump \
                 again, or add the member if the dump was written by hand"
            }
            Self::DuplicateMember { .. } => {
                "keep one of the two; which of them a server means cannot be known"
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
                "a path is relative and ends with a slash, such as \"api/\", its parts being names; leave the \
                 member out for the usual \"api/invoke/\""
            }
        }
    }
}
