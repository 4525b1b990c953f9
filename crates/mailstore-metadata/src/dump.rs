//! A parsed and validated dump.

use std::collections::HashSet;

use crate::canonical;
use crate::digest::Digest;
use crate::error::DumpError;
use crate::function::Function;
use crate::json;
use crate::name;
use crate::parse::{self, Content, UnknownTypes};
use crate::problem::{Problem, cut};
use crate::text;

/// The function list of one server: the response of `get-metadata`, parsed and validated.
///
/// Two dumps are equal if they contain the same functions. The order of functions does not matter, but the order of
/// the arguments of a function does.
///
/// # Guarantees
///
/// - Functions are sorted by name in byte order, and no name occurs twice. Names are case-sensitive.
/// - Names of functions and arguments have 1 to 255 characters: ASCII letters, digits, `_`, `-` and `.`. They start
///   with a letter, a digit or `_`. They are safe as a segment of a URL, as a form field and inside generated code, but
///   they are not always valid identifiers of a programming language.
/// - Paths consist of such names, each followed by a slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dump {
    functions: Vec<Function>,
}

impl Dump {
    /// Maximum size of a dump in bytes: 16 MiB, about eight hundred times the size of the largest known dump.
    pub const MAX_BYTES: usize = text::MAX_BYTES;

    /// Maximum number of functions in a dump, of arguments of a function, and of members of an object: 20,000, about a
    /// hundred times the number of functions of the largest known dump. It limits the memory that a dump needs.
    pub const MAX_ENTRIES: usize = json::MAX_ENTRIES;

    /// Parses a dump: the response of `get-metadata`, or a file in which it was saved.
    ///
    /// `name` is the name of the source in errors, for example a file name. `bytes` is a JSON array of `{"name",
    /// "args": [{"name", "type", "nullable"}], "path"}` in UTF-8 or UTF-16.
    ///
    /// A byte order mark, unknown members, and any order of functions and members are accepted. `path` and `args`
    /// may be missing or null, because some serialisers omit empty values: the function then has the default path, or
    /// no arguments. The `type` and `nullable` of an argument are required, because the calls depend on them.
    ///
    /// # Errors
    ///
    /// Returns the first problem and its place in the text; see [`DumpError::problem`].
    pub fn parse(name: &str, bytes: &[u8]) -> Result<Dump, DumpError> {
        let content = read(name, bytes, UnknownTypes::Reject)?;
        Ok(Dump::from_sorted(content.functions))
    }

    /// Creates a dump from functions that were not parsed, for example the functions that a program was compiled for.
    /// Their order does not matter.
    ///
    /// A `path` of `None` and the default path `api/invoke/` have the same meaning but result in different dumps. No
    /// known server writes the default path explicitly.
    ///
    /// # Errors
    ///
    /// Two functions, or two arguments of one function, have the same name, or a name or path is invalid.
    pub fn from_functions(mut functions: Vec<Function>) -> Result<Dump, Problem> {
        functions.iter().try_for_each(check)?;
        functions.sort_by(|a, b| a.name.cmp(&b.name));
        if let Some(twins) = functions.windows(2).find(|pair| pair[0].name == pair[1].name) {
            let name = twins[0].name.clone();
            return Err(Problem::DuplicateFunction { name });
        }
        Ok(Dump { functions })
    }

    /// Creates a dump from functions that are checked and sorted.
    pub(crate) fn from_sorted(functions: Vec<Function>) -> Dump {
        Dump { functions }
    }

    /// Keeps only the functions whose names satisfy `wanted`.
    pub fn filter(&self, wanted: impl Fn(&str) -> bool) -> Dump {
        let functions = self.functions.iter();
        let functions = functions
            .filter(|function| wanted(&function.name))
            .cloned()
            .collect();
        Dump { functions }
    }

    /// Returns the functions, sorted by name in byte order.
    pub fn functions(&self) -> &[Function] {
        &self.functions
    }

    /// Returns the function with exactly this name.
    pub fn function(&self, name: &str) -> Option<&Function> {
        let index = self
            .functions
            .binary_search_by(|function| function.name.as_str().cmp(name))
            .ok()?;
        self.functions.get(index)
    }

    /// Returns the canonical form, in which dumps are saved: functions sorted by name, one per line, members in a
    /// fixed order, and a newline at the end.
    ///
    /// Equal dumps have equal canonical forms, and parsing a canonical form returns an equal dump.
    pub fn canonical(&self) -> String {
        canonical::write(&self.functions)
    }

    /// Returns the SHA-256 of [`Dump::canonical`].
    pub fn digest(&self) -> Digest {
        Digest::of(&self.canonical())
    }
}

/// Parses the functions of a dump and sorts them by name.
pub(crate) fn read(name: &str, bytes: &[u8], unknown_types: UnknownTypes) -> Result<Content, DumpError> {
    let text = text::decode(bytes).map_err(|(failure, shown)| DumpError::new(name, &shown, *failure))?;
    let mut content =
        parse::content(&text, unknown_types).map_err(|failure| DumpError::new(name, &text, *failure))?;
    content.functions.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(content)
}

/// Checks one function on its own.
fn check(function: &Function) -> Result<(), Problem> {
    check_name(&function.name, || "a function".to_owned())?;
    if let Some(path) = &function.path {
        name::check_path(path).map_err(|fault| Problem::BadPath {
            function: function.name.clone(),
            path: cut(path),
            fault,
        })?;
    }
    let mut seen = HashSet::new();
    for argument in &function.arguments {
        check_name(&argument.name, || {
            format!("an argument of function {:?}", function.name)
        })?;
        if !seen.insert(&argument.name) {
            return Err(Problem::DuplicateArgument {
                function: function.name.clone(),
                name: argument.name.clone(),
            });
        }
    }
    Ok(())
}

fn check_name(name: &str, owner: impl Fn() -> String) -> Result<(), Problem> {
    name::check(name).map_err(|fault| Problem::BadName {
        owner: owner(),
        name: cut(name),
        fault,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Argument, ArgumentKind};

    fn parse(text: &str) -> Dump {
        Dump::parse("test.json", text.as_bytes()).unwrap()
    }

    #[test]
    fn functions_are_sorted_and_found_by_exact_name() {
        let dump = parse(r#"[{"name":"b"},{"name":"a"},{"name":"B"}]"#);
        let names: Vec<&str> = dump
            .functions()
            .iter()
            .map(|function| function.name.as_str())
            .collect();
        assert_eq!(names, ["B", "a", "b"]);
        assert_eq!(dump.function("a"), Some(&dump.functions()[1]));
        assert_eq!(dump.function("A"), None);
    }

    #[test]
    fn a_byte_order_mark_changes_nothing() {
        let text = r#"[{"name":"a"}]"#;
        assert_eq!(parse(&format!("\u{feff}{text}")), parse(text));
    }

    fn function(name: &str, arguments: &[&str], path: Option<&str>) -> Function {
        let argument = |name: &&str| Argument {
            name: (*name).to_owned(),
            kind: ArgumentKind::Json,
            nullable: false,
        };
        Function {
            name: name.to_owned(),
            arguments: arguments.iter().map(argument).collect(),
            path: path.map(str::to_owned),
        }
    }

    #[test]
    fn functions_that_were_not_parsed_result_in_the_same_dump() {
        let functions = vec![function("b", &["y", "x"], Some("api/")), function("a", &[], None)];
        let dump = Dump::from_functions(functions).unwrap();
        assert_eq!(parse(&dump.canonical()), dump);
    }

    #[test]
    fn functions_that_were_not_parsed_are_checked_too() {
        let message = |functions| Dump::from_functions(functions).unwrap_err().to_string();
        let twins = vec![function("a", &[], None), function("a", &["x"], None)];
        assert_eq!(message(twins), "function \"a\" is listed twice");
        assert_eq!(
            message(vec![function("a", &["x", "y", "x"], None)]),
            "argument \"x\" of function \"a\" is listed twice"
        );
        assert_eq!(
            message(vec![function("", &[], None)]),
            "the name \"\" of a function is empty"
        );
        assert_eq!(
            message(vec![function("a", &["-x"], None)]),
            "the name \"-x\" of an argument of function \"a\" starts with '-'"
        );
        assert_eq!(
            message(vec![function("a", &[], Some("api"))]),
            "the path \"api\" of function \"a\" does not end with a slash"
        );
    }

    #[test]
    fn the_number_of_entries_is_limited() {
        let list = |count: usize| {
            let functions: Vec<String> = (0..count).map(|n| format!(r#"{{"name":"F{n}"}}"#)).collect();
            format!("[{}]", functions.join(","))
        };
        assert_eq!(
            parse(&list(Dump::MAX_ENTRIES)).functions().len(),
            Dump::MAX_ENTRIES
        );
        let message = |text: &str| Dump::parse("test.json", text.as_bytes()).unwrap_err().to_string();
        assert_eq!(
            message(&list(Dump::MAX_ENTRIES + 1)),
            "test.json:1:1: a dump has more than 20000 entries, which is the limit"
        );
        let repeated = vec![r#""a":0"#; Dump::MAX_ENTRIES + 1].join(",");
        assert_eq!(
            message(&format!("[{{{repeated}}}]")),
            "test.json:1:2: a function has more than 20000 entries, which is the limit"
        );
        // The rest is checked too.
        assert!(message(&list(Dump::MAX_ENTRIES + 1).replace("]", ",}]")).contains("not JSON"));
    }

    #[test]
    fn an_empty_list_is_a_valid_dump() {
        assert_eq!(parse(" [ ]\r\n").functions(), []);
        assert_eq!(parse("[]").canonical(), "[\n]\n");
    }
}
