//! The input of the generator: the function list of an API.

use std::collections::BTreeSet;

use wire_values::printable;

/// The longest name, in characters.
const LONGEST_NAME: usize = 255;

/// The function list of an API.
///
/// A product parses the function list of its servers and creates a `Listing` from it.
///
/// Functions are sorted by name in byte order, and no name occurs twice. The name is the `overload` if there is one. Names of functions and arguments have 1 to 255
/// characters: ASCII letters, digits, `_`, `-` and `.`. They start with a letter, a digit or `_`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    source: String,
    digest: String,
    functions: Vec<Function>,
}

/// One function of a [`Listing`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Name on the wire, such as `users.create`.
    pub name: String,
    /// A name of its own, if several functions have the same name on the wire and differ in their arguments. Overlays
    /// and Rust names use it.
    pub overload: Option<String>,
    /// Arguments in the order of the function list.
    pub arguments: Vec<Argument>,
    /// Path of the function below the root of the server, with a slash at the end. Empty if functions have no path.
    pub path: String,
    /// Whether the arguments are unknown. The catalog contains the function without arguments, and the client has no
    /// method for it: programs call it by name.
    pub by_name_only: bool,
    /// The first version of the server with the function, if the catalog must contain it.
    pub since: Option<String>,
    /// The arguments that the function fills. Callers do not pass them.
    pub out: Vec<OutArgument>,
}

/// An argument that a function fills.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutArgument {
    /// Place among all arguments of the function, beginning with zero.
    pub index: usize,
    /// Name of the type of the object that the function fills.
    pub class: String,
}

/// One argument of a [`Function`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// Name on the wire.
    pub name: String,
    /// Type of the value.
    pub kind: ArgumentKind,
    /// Whether the argument may be null or left out.
    pub nullable: bool,
    /// The value that the server uses if the argument is left out, as Markdown text for the documentation.
    pub default: Option<String>,
    /// Whether the argument is always sent with its name, where other required arguments are sent by position.
    pub by_name: bool,
}

/// The type of an argument, as the function list gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ArgumentKind {
    /// A string.
    String,
    /// An integer of 64 bits.
    Number,
    /// `true` or `false`.
    Bool,
    /// A JSON document.
    Json,
    /// Unknown: the function list does not give a type. An overlay may give any type.
    Any,
}

/// The reason why a function list is rejected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ListingError {
    /// Two functions have the same name.
    #[error("function `{}` is listed twice", printable(name))]
    DuplicateFunction {
        /// The name.
        name: String,
    },
    /// Two arguments of a function have the same name.
    #[error(
        "argument `{}` of function `{}` is listed twice",
        printable(argument),
        printable(function)
    )]
    DuplicateArgument {
        /// The function.
        function: String,
        /// The name of the arguments.
        argument: String,
    },
    /// A name has a character that generated code cannot contain, or is empty or too long.
    #[error(
        "`{}` cannot be a name: names have 1 to 255 ASCII letters, digits, `_`, `-` and `.`, and start with a letter, \
         a digit or `_`",
        printable(name)
    )]
    Name {
        /// The name.
        name: String,
    },
    /// The path of a function does not consist of names that are each followed by a slash.
    #[error(
        "`{}` cannot be the path of function `{}`: write names, each followed by a slash",
        printable(path),
        printable(function)
    )]
    Path {
        /// The function.
        function: String,
        /// The path.
        path: String,
    },
}

impl Listing {
    /// Creates a function list. The order of `functions` does not matter.
    ///
    /// `source` is the name of the list in headers and errors, such as its file name. `digest` identifies the content of
    /// the list, such as the SHA-256 of its canonical form; it may be empty.
    ///
    /// # Errors
    /// A name or path is invalid, or occurs twice.
    ///
    /// ```
    /// use clientgen::listing::{Function, Listing};
    ///
    /// let ping = Function { name: "server.ping".to_owned(), arguments: Vec::new(), path: String::new(), overload: None, since: None, by_name_only: false, out: Vec::new() };
    /// let listing = Listing::new("functions.json", "", vec![ping])?;
    /// assert!(listing.function("server.ping").is_some());
    /// # Ok::<(), clientgen::listing::ListingError>(())
    /// ```
    pub fn new(
        source: impl Into<String>,
        digest: impl Into<String>,
        mut functions: Vec<Function>,
    ) -> Result<Self, ListingError> {
        functions.iter().try_for_each(Function::check)?;
        functions.sort_by(|a, b| a.key().cmp(b.key()));
        if let Some(twins) = functions.windows(2).find(|pair| pair[0].key() == pair[1].key()) {
            let name = twins[0].key().to_owned();
            return Err(ListingError::DuplicateFunction { name });
        }
        Ok(Self {
            source: source.into(),
            digest: digest.into(),
            functions,
        })
    }

    /// Returns the name of the list in headers and errors.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Returns the digest of the whole list. It is empty if the product gave no digest.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Returns the functions, sorted by name.
    pub fn functions(&self) -> &[Function] {
        &self.functions
    }

    /// Returns the function with exactly this name. It is the `overload` of functions that have one.
    pub fn function(&self, name: &str) -> Option<&Function> {
        let found = self
            .functions
            .binary_search_by(|function| function.key().cmp(name));
        self.functions.get(found.ok()?)
    }

    /// Returns the part of the list with the functions that `wanted` accepts. The digest stays that of the whole list.
    #[must_use]
    pub fn filter(&self, wanted: impl Fn(&str) -> bool) -> Self {
        let functions = self.functions.iter();
        let functions = functions.filter(|function| wanted(function.key()));
        Self {
            source: self.source.clone(),
            digest: self.digest.clone(),
            functions: functions.cloned().collect(),
        }
    }
}

impl Function {
    /// Returns the name in overlays: the `overload` if there is one, or else the name on the wire.
    pub fn key(&self) -> &str {
        self.overload.as_deref().unwrap_or(&self.name)
    }

    /// Returns the argument with exactly this name.
    pub fn argument(&self, name: &str) -> Option<&Argument> {
        self.arguments.iter().find(|argument| argument.name == name)
    }

    fn check(&self) -> Result<(), ListingError> {
        check_name(&self.name)?;
        check_name(self.key())?;
        let mut names = BTreeSet::new();
        for argument in &self.arguments {
            check_name(&argument.name)?;
            if !names.insert(argument.name.as_str()) {
                return Err(ListingError::DuplicateArgument {
                    function: self.name.clone(),
                    argument: argument.name.clone(),
                });
            }
        }
        let segments = self.path.split_terminator('/');
        if (self.path.is_empty() || self.path.ends_with('/')) && segments.into_iter().all(is_name) {
            return Ok(());
        }
        Err(ListingError::Path {
            function: self.name.clone(),
            path: self.path.clone(),
        })
    }
}

impl Argument {
    /// Returns whether a call without the argument is invalid.
    pub fn is_required(&self) -> bool {
        !self.nullable && self.default.is_none()
    }
}

impl ArgumentKind {
    /// Returns the word for the type: `string`, `number`, `bool`, `json` or `any`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Number => "number",
            Self::Bool => "bool",
            Self::Json => "json",
            Self::Any => "any",
        }
    }

    /// Parses the word, which must match exactly.
    pub fn from_word(word: &str) -> Option<Self> {
        let all = [Self::String, Self::Number, Self::Bool, Self::Json, Self::Any];
        all.into_iter().find(|kind| kind.as_str() == word)
    }
}

fn check_name(name: &str) -> Result<(), ListingError> {
    if is_name(name) {
        return Ok(());
    }
    Err(ListingError::Name {
        name: name.to_owned(),
    })
}

fn is_name(name: &str) -> bool {
    name.len() <= LONGEST_NAME
        && name.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '_')
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn function(name: &str, arguments: &[&str], path: &str) -> Function {
        let argument = |name: &&str| Argument {
            name: (*name).to_owned(),
            kind: ArgumentKind::Any,
            nullable: false,
            default: None,
            by_name: false,
        };
        Function {
            name: name.to_owned(),
            overload: None,
            arguments: arguments.iter().map(argument).collect(),
            path: path.to_owned(),
            since: None,
            by_name_only: false,
            out: Vec::new(),
        }
    }

    fn listing(functions: Vec<Function>) -> Result<Listing, ListingError> {
        Listing::new("list", "", functions)
    }

    #[test]
    fn functions_are_sorted_and_found_by_exact_name() {
        let listing = listing(vec![function("b", &[], "api/v1/"), function("A.a", &["x"], "")]).unwrap();
        assert_eq!(listing.functions()[0].name, "A.a");
        assert_eq!(listing.function("b").unwrap().path, "api/v1/");
        assert_eq!(listing.function("B"), None);
        assert_eq!(listing.filter(|name| name == "b").functions().len(), 1);
    }

    #[test]
    fn names_that_occur_twice_are_rejected() {
        assert!(matches!(
            listing(vec![function("a", &[], ""), function("a", &["x"], "")]),
            Err(ListingError::DuplicateFunction { .. })
        ));
        assert!(matches!(
            listing(vec![function("a", &["x", "y", "x"], "")]),
            Err(ListingError::DuplicateArgument { .. })
        ));
    }

    #[test]
    fn names_and_paths_that_generated_code_cannot_contain_are_rejected() {
        for name in ["", "-a", ".a", "a b", "a`", "a\"", "\u{e4}", &"a".repeat(256)] {
            assert!(
                matches!(
                    listing(vec![function(name, &[], "")]),
                    Err(ListingError::Name { .. })
                ),
                "{name}"
            );
            assert!(listing(vec![function("a", &[name], "")]).is_err(), "{name}");
        }
        for path in ["/", "api", "api//", "/api/", "a b/"] {
            assert!(
                matches!(
                    listing(vec![function("a", &[], path)]),
                    Err(ListingError::Path { .. })
                ),
                "{path}"
            );
        }
    }

    #[test]
    fn functions_of_the_same_wire_name_are_told_apart_by_their_overloads() {
        let other = Function {
            overload: Some("a2".to_owned()),
            ..function("a", &["x"], "")
        };
        let both = listing(vec![other.clone(), function("a", &[], "")]).unwrap();
        assert_eq!(both.function("a2").unwrap().name, "a");
        assert_eq!(both.function("a").unwrap().arguments.len(), 0);
        assert!(listing(vec![other.clone(), other]).is_err());
        let invalid = Function {
            overload: Some("a b".to_owned()),
            ..function("a", &[], "")
        };
        assert!(matches!(listing(vec![invalid]), Err(ListingError::Name { .. })));
    }

    #[test]
    fn kinds_and_words_correspond() {
        for word in ["string", "number", "bool", "json", "any"] {
            assert_eq!(ArgumentKind::from_word(word).unwrap().as_str(), word);
        }
        assert_eq!(ArgumentKind::from_word("Any"), None);
    }
}
