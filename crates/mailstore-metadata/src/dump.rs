//! A dump as a whole.

use std::collections::HashSet;

use crate::canonical;
use crate::digest::Digest;
use crate::error::DumpError;
use crate::function::Function;
use crate::name;
use crate::parse::{self, Content, UnknownTypes};
use crate::problem::{Problem, cut};
use crate::text;

/// The function list of one server: the answer of `get-metadata`, understood and checked.
///
/// Two dumps are equal when they list the same functions; the order in which a server lists them is no part
/// of it, the order of a function's arguments is.
///
/// # What a dump promises
///
/// - Functions are sorted by name, byte by byte, and no name occurs twice. Names that differ in case alone
///   are different names.
/// - Names of functions and arguments have 1 to 255 characters: ASCII letters, digits, `_`, `-` and `.`, the
///   first of them a letter, a digit or `_`. They are safe as a segment of a URL, as a form field and inside
///   generated code, though not always identifiers of a programming language.
/// - Paths consist of such names, each followed by a slash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dump {
    functions: Vec<Function>,
}

impl Dump {
    /// The most bytes a dump may have: 16 MiB, some eight hundred times the largest one known.
    pub const MAX_BYTES: usize = text::MAX_BYTES;

    /// Reads a dump, which is the answer of `get-metadata` or a file it was saved to.
    ///
    /// `name` is what errors call the source, for instance a file name; `bytes` is a JSON array of
    /// `{"name", "args": [{"name", "type", "nullable"}], "path"}` in UTF-8 or UTF-16.
    ///
    /// A byte order mark, members other than these and any order of functions and members are accepted:
    /// the server is free in all of them.
    /// `path` and `args` may be absent or null, as serialisers leave out what is empty: there is then no
    /// different path, or no argument.
    /// An argument's `type` and `nullable` must be there, because a guess would change the calls made.
    ///
    /// # Errors
    ///
    /// The first thing found wrong, with its place in the text; [`DumpError::problem`] says what it is.
    pub fn parse(name: &str, bytes: &[u8]) -> Result<Dump, DumpError> {
        let content = read(name, bytes, UnknownTypes::Refuse)?;
        Ok(Dump::from_sorted(content.functions))
    }

    /// Makes a dump of functions that were not parsed, such as the ones a program was compiled for. Their order is
    /// of no account.
    ///
    /// A `path` of `None` and one that spells out the usual `api/invoke/` mean the same, but make different dumps;
    /// servers are not known to spell it out.
    ///
    /// # Errors
    ///
    /// Two functions, or two arguments of one, have the same name; or a name or a path cannot be used.
    pub fn from_functions(mut functions: Vec<Function>) -> Result<Dump, Problem> {
        functions.iter().try_for_each(check)?;
        functions.sort_by(|a, b| a.name.cmp(&b.name));
        if let Some(twins) = functions.windows(2).find(|pair| pair[0].name == pair[1].name) {
            let name = twins[0].name.clone();
            return Err(Problem::DuplicateFunction { name });
        }
        Ok(Dump { functions })
    }

    /// A dump of functions that were checked and are sorted.
    pub(crate) fn from_sorted(functions: Vec<Function>) -> Dump {
        Dump { functions }
    }

    /// Only those functions for which `wanted` is true of the name.
    pub fn filter(&self, wanted: impl Fn(&str) -> bool) -> Dump {
        let functions = self.functions.iter();
        let functions = functions
            .filter(|function| wanted(&function.name))
            .cloned()
            .collect();
        Dump { functions }
    }

    /// The functions, sorted by name in byte order.
    pub fn functions(&self) -> &[Function] {
        &self.functions
    }

    /// The function of exactly this name.
    pub fn function(&self, name: &str) -> Option<&Function> {
        let index = self
            .functions
            .binary_search_by(|function| function.name.as_str().cmp(name))
            .ok()?;
        self.functions.get(index)
    }

    /// The dump in the form to save it in: functions sorted by name, one on each line, members in a fixed
    /// order, a newline at the end.
    ///
    /// Equal dumps have equal texts, and parsing the text gives an equal dump.
    pub fn canonical(&self) -> String {
        canonical::write(&self.functions)
    }

    /// The SHA-256 of [`Dump::canonical`].
    pub fn digest(&self) -> Digest {
        Digest::of(&self.canonical())
    }
}

/// Reads the functions of a dump and sorts them by name.
pub(crate) fn read(name: &str, bytes: &[u8], unknown_types: UnknownTypes) -> Result<Content, DumpError> {
    let text = text::decode(bytes).map_err(|(failure, shown)| DumpError::new(name, &shown, *failure))?;
    let mut content =
        parse::content(&text, unknown_types).map_err(|failure| DumpError::new(name, &text, *failure))?;
    content.functions.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(content)
}

/// Checks one function by itself.
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
    fn functions_that_were_not_parsed_make_the_same_dump() {
        let functions = vec![function("b", &["y", "x"], Some("api/")), function("a", &[], None)];
        let dump = Dump::from_functions(functions).unwrap();
        assert_eq!(parse(&dump.canonical()), dump);
    }

    #[test]
    fn functions_that_were_not_parsed_are_checked_as_others() {
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
    fn an_empty_list_is_a_dump() {
        assert_eq!(parse(" [ ]\r\n").functions(), []);
        assert_eq!(parse("[]").canonical(), "[\n]\n");
    }
}
