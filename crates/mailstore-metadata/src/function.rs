//! What a dump says about one function: its name, its arguments, its place on the server.

use std::fmt;

use serde::Serialize;

/// Where functions live unless the dump says otherwise (documented).
pub(crate) const DEFAULT_PATH: &str = "api/invoke/";

/// One function of the API.
///
/// As JSON it is what a dump has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Function {
    /// The name as the server spells it, such as `GetServerInfo`; case matters.
    pub name: String,
    /// The arguments in the order of the dump, which is part of the meaning.
    #[serde(rename = "args")]
    pub arguments: Vec<Argument>,
    /// The dump's `path` member, such as `api/`, or `None` where it has none.
    ///
    /// The vendor's PowerShell wrapper honours this member (documented), but no published dump has it.
    /// The method of the same name fills in the default, `api/invoke/`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

impl Function {
    /// The argument of exactly this name.
    pub fn argument(&self, name: &str) -> Option<&Argument> {
        self.arguments.iter().find(|argument| argument.name == name)
    }

    /// The path below the server's root to which the name is appended: relative, ending with a slash,
    /// `api/invoke/` unless the dump says otherwise.
    pub fn path(&self) -> &str {
        self.path.as_deref().unwrap_or(DEFAULT_PATH)
    }

    /// The function in one line, `VerifyStore(id: number, deep?: bool)`: a question mark stands for "may be left
    /// out".
    pub fn signature(&self) -> String {
        let arguments: Vec<String> = self.arguments.iter().map(Argument::to_string).collect();
        format!("{}({})", self.name, arguments.join(", "))
    }
}

/// One argument of a function.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Argument {
    /// The name of the form field, as the server spells it; case matters.
    pub name: String,
    /// What the field's text stands for.
    #[serde(rename = "type")]
    pub kind: ArgumentKind,
    /// Whether a call may leave the argument out.
    pub nullable: bool,
}

impl fmt::Display for Argument {
    /// Writes `id: number`, or `id?: number` if it may be left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Argument { name, kind, nullable } = self;
        write!(f, "{name}{}: {kind}", if *nullable { "?" } else { "" })
    }
}

/// The types a dump knows (documented); every argument travels as the text of a form field.
///
/// The list is closed on purpose: code that handles each kind must be looked at when one is added.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(description = "What the text of an argument stands for.")
)]
#[serde(rename_all = "lowercase")]
pub enum ArgumentKind {
    /// `string`: text, also dates, enumerations and comma-separated lists.
    String,
    /// `number`: an integer, which may exceed 32 bits.
    Number,
    /// `bool`: `true` or `false`.
    Bool,
    /// `json`: a JSON document.
    Json,
}

impl ArgumentKind {
    /// All kinds, in the order in which they are explained to people.
    pub(crate) const ALL: [Self; 4] = [Self::String, Self::Number, Self::Bool, Self::Json];

    /// The dump's word for the kind: `string`, `number`, `bool` or `json`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Number => "number",
            Self::Bool => "bool",
            Self::Json => "json",
        }
    }

    /// The kind of that word, which must match to the letter.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

impl fmt::Display for ArgumentKind {
    /// Writes the dump's word.
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
    fn the_signature_marks_what_may_be_left_out() {
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
    fn the_json_form_is_that_of_a_dump() {
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
