//! One function of a dump: its name, arguments and path.

use std::fmt;

use serde::Serialize;

/// The path of functions whose `path` is missing (documented).
pub(crate) const DEFAULT_PATH: &str = "api/invoke/";

/// One function of the API.
///
/// It is serialised as in a dump.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Function {
    /// The name as the server spells it, such as `GetServerInfo`. It is case-sensitive.
    pub name: String,
    /// The arguments in the order of the dump. The order matters.
    #[serde(rename = "args")]
    pub arguments: Vec<Argument>,
    /// The `path` member of the dump, such as `api/`, or `None` if it is missing.
    ///
    /// The vendor's PowerShell wrapper uses this member (documented), but no published dump has it. The method of
    /// the same name returns the default, `api/invoke/`, if it is missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

impl Function {
    /// Returns the argument with exactly this name.
    pub fn argument(&self, name: &str) -> Option<&Argument> {
        self.arguments.iter().find(|argument| argument.name == name)
    }

    /// Returns the path to which the name is appended. It is relative to the root of the server and ends with a
    /// slash; the default is `api/invoke/`.
    pub fn path(&self) -> &str {
        self.path.as_deref().unwrap_or(DEFAULT_PATH)
    }

    /// Returns the signature of the function, such as `VerifyStore(id: number, deep?: bool)`. A question mark marks
    /// an optional argument.
    pub fn signature(&self) -> String {
        let arguments: Vec<String> = self.arguments.iter().map(Argument::to_string).collect();
        format!("{}({})", self.name, arguments.join(", "))
    }
}

/// One argument of a function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Argument {
    /// The name of the form field as the server spells it. It is case-sensitive.
    pub name: String,
    /// The type of the value.
    #[serde(rename = "type")]
    pub kind: ArgumentKind,
    /// Whether the argument is optional.
    pub nullable: bool,
}

impl fmt::Display for Argument {
    /// Writes `id: number`, or `id?: number` if the argument is optional.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Argument { name, kind, nullable } = self;
        write!(f, "{name}{}: {kind}", if *nullable { "?" } else { "" })
    }
}

/// The types of arguments in dumps (documented). Every value is sent as the text of a form field.
///
/// This enum is exhaustive on purpose: code that handles each kind must be reviewed if a kind is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(description = "The type of an argument.")
)]
#[serde(rename_all = "lowercase")]
pub enum ArgumentKind {
    /// `string`: a string. Dates, enumerations and comma-separated lists are strings as well.
    String,
    /// `number`: an integer, which may exceed 32 bits.
    Number,
    /// `bool`: `true` or `false`.
    Bool,
    /// `json`: a JSON document.
    Json,
}

impl ArgumentKind {
    /// All kinds, in the order in which documentation explains them.
    pub(crate) const ALL: [Self; 4] = [Self::String, Self::Number, Self::Bool, Self::Json];

    /// Returns the word that dumps use: `string`, `number`, `bool` or `json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Number => "number",
            Self::Bool => "bool",
            Self::Json => "json",
        }
    }

    /// Parses the word, which must match exactly.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

impl fmt::Display for ArgumentKind {
    /// Writes the word that dumps use.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(path: Option<&str>) -> Function {
        let id = Argument {
            name: "id".to_owned(),
            kind: ArgumentKind::Number,
            nullable: false,
        };
        Function {
            name: "VerifyStore".to_owned(),
            arguments: vec![id],
            path: path.map(str::to_owned),
        }
    }

    #[test]
    fn path_has_a_default() {
        assert_eq!(function(None).path(), "api/invoke/");
        assert_eq!(function(Some("api/")).path(), "api/");
    }

    #[test]
    fn the_signature_marks_optional_arguments() {
        let mut function = function(None);
        assert_eq!(function.signature(), "VerifyStore(id: number)");
        function.arguments.push(Argument {
            name: "deep".to_owned(),
            kind: ArgumentKind::Bool,
            nullable: true,
        });
        assert_eq!(function.signature(), "VerifyStore(id: number, deep?: bool)");
    }

    #[test]
    fn functions_are_serialised_as_in_a_dump() {
        for path in [None, Some("api/")] {
            let function = function(path);
            let text = serde_json::to_string(&[&function]).unwrap();
            let dump = crate::Dump::parse("test.json", text.as_bytes()).unwrap();
            assert_eq!(dump.functions(), [function]);
        }
    }

    #[test]
    fn arguments_are_found_by_exact_name() {
        let function = function(None);
        assert_eq!(function.argument("id"), Some(&function.arguments[0]));
        assert_eq!(function.argument("ID"), None);
    }

    #[test]
    fn kinds_and_words_correspond() {
        for kind in ArgumentKind::ALL {
            assert_eq!(ArgumentKind::from_word(kind.as_str()), Some(kind));
            assert_eq!(kind.to_string(), kind.as_str());
        }
        assert_eq!(ArgumentKind::from_word("String"), None);
    }
}
