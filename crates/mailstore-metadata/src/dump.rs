//! A dump as a whole.

use crate::canonical;
use crate::digest::Digest;
use crate::error::DumpError;
use crate::function::Function;
use crate::parse;
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
    /// `{"name", "args": [{"name", "type", "nullable"}], "path"}` in UTF-8.
    ///
    /// A byte order mark, members other than these and any order of functions and members are accepted:
    /// the server is free in all of them.
    /// `path` and `args` may be absent or null, as serialisers leave out what is empty: there is then no
    /// path of its own, or no argument.
    /// An argument's `type` and `nullable` must be there, because a guess would change the calls made.
    ///
    /// # Errors
    ///
    /// The first thing found wrong, with its place in the text; [`DumpError::problem`] says what it is.
    pub fn parse(name: &str, bytes: &[u8]) -> Result<Dump, DumpError> {
        let text = text::decode(bytes).map_err(|(failure, shown)| DumpError::new(name, &shown, *failure))?;
        let mut functions = parse::functions(text).map_err(|failure| DumpError::new(name, text, *failure))?;
        functions.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Dump { functions })
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

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn an_empty_list_is_a_dump() {
        assert_eq!(parse(" [ ]\r\n").functions(), []);
        assert_eq!(parse("[]").canonical(), "[\n]\n");
    }
}
