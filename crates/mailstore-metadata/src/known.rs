//! Parses dumps of servers that are newer than this crate.

use crate::dump::{self, Dump};
use crate::error::DumpError;
use crate::left_out::LeftOut;
use crate::parse::UnknownTypes;

/// A dump without the functions that have an argument of an unknown type.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Known {
    /// The functions that were parsed.
    pub dump: Dump,
    /// The reasons why functions were left out, by function and argument. Empty if no function was left out.
    ///
    /// These functions exist on the server: do not treat them as removed.
    pub left_out: Vec<LeftOut>,
}

impl From<Dump> for Known {
    /// Creates the value for a dump from which no function was left out.
    fn from(dump: Dump) -> Self {
        Self {
            dump,
            left_out: Vec::new(),
        }
    }
}

impl Dump {
    /// Parses the dump of a server that may be newer than this crate. Unlike [`Dump::parse`], it does not fail if a
    /// function has an argument of an unknown type: it leaves out the function and lists it.
    ///
    /// # Errors
    ///
    /// Returns all other errors of [`Dump::parse`].
    pub fn parse_known(name: &str, bytes: &[u8]) -> Result<Known, DumpError> {
        let content = dump::read(name, bytes, UnknownTypes::LeaveOut)?;
        Ok(Known {
            dump: Dump::from_sorted(content.functions),
            left_out: content.left_out,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"[
        {"name": "B", "args": [{"name": "at", "type": "date", "nullable": true},
                               {"name": "id", "type": "number", "nullable": false},
                               {"name": "to", "type": "\u001b[2J", "nullable": true}]},
        {"name": "A", "args": [{"name": "id", "type": "number", "nullable": false}]}]"#;

    #[test]
    fn functions_with_unknown_types_are_left_out_and_listed() {
        let known = Dump::parse_known("test.json", TEXT.as_bytes()).unwrap();
        let names: Vec<&str> = known.dump.functions().iter().map(|f| f.name.as_str()).collect();
        assert_eq!(names, ["A"]);
        let reasons: Vec<String> = known
            .left_out
            .iter()
            .map(|left_out| format!("{}: {left_out}", left_out.function))
            .collect();
        assert_eq!(
            reasons,
            [
                r#"B: its argument `at` has the unknown type "date""#,
                r#"B: its argument `to` has the unknown type "\u{1b}[2J""#,
            ]
        );
        let error = Dump::parse("test.json", TEXT.as_bytes()).unwrap_err();
        assert!(error.to_string().contains("unknown type \"date\""), "{error}");
    }

    #[test]
    fn all_other_problems_are_errors() {
        let call = |text: &str| Dump::parse_known("d", text.as_bytes()).unwrap_err().to_string();
        let date = r#"{"name": "at", "type": "date", "nullable": true}"#;
        for (text, message) in [
            (TEXT.replace("\"A\"", "\"B\""), "function \"B\" is listed twice"),
            (
                format!(r#"[{{"name": "B", "args": [{date}, {date}]}}]"#),
                "argument \"at\" of function \"B\" is listed twice",
            ),
            (TEXT.replace("\"date\"", "7"), "must be a string, but is a number"),
            (
                TEXT.replace("\"name\": \"at\"", "\"name\": \"a t\""),
                "contains the character ' '",
            ),
            (
                TEXT.replace("\"type\": \"date\", \"nullable\": true", "\"type\": \"date\""),
                "has no \"nullable\"",
            ),
            (
                format!(r#"[{{"name": "B", "args": [{date}], "path": "/"}}]"#),
                "starts with a slash",
            ),
        ] {
            let found = call(&text);
            assert!(found.contains(message), "{found}");
        }
    }

    #[test]
    fn a_dump_without_unknown_types_is_complete() {
        let text = r#"[{"name": "A"}]"#;
        let dump = Dump::parse("d", text.as_bytes()).unwrap();
        assert_eq!(
            Dump::parse_known("d", text.as_bytes()).unwrap(),
            Known::from(dump)
        );
    }
}
