//! What is known of an API function at compile time: the table that generated code fills.

pub use mailstore_metadata::{ArgumentKind, Effect};
use mailstore_metadata::{Edition, INSTANCE_ARGUMENT};

/// So many digits of a digest tell function lists apart well enough for people.
pub(crate) const SHORT_DIGEST: usize = 12;

/// One edition of the API as a program was compiled for it: the catalog of its functions.
#[derive(Debug)]
#[non_exhaustive]
pub struct Surface {
    /// Short name, also the name of the Rust module: `server` or `spe`.
    pub name: &'static str,
    /// Name of the API in words.
    pub title: &'static str,
    /// The version that the functions are those of, such as `24`; empty if unknown.
    pub version: &'static str,
    /// TCP port when the address names none.
    pub port: u16,
    /// SHA-256 of the canonical dump that the code was generated from, 64 lower-case hex digits; empty if
    /// there was none.
    pub digest: &'static str,
    /// Every function, sorted by wire name.
    pub functions: &'static [&'static Function],
}

impl Surface {
    /// Called by generated code.
    #[doc(hidden)]
    pub const fn new(
        name: &'static str,
        title: &'static str,
        version: &'static str,
        port: u16,
        digest: &'static str,
        functions: &'static [&'static Function],
    ) -> Self {
        Self {
            name,
            title,
            version,
            port,
            digest,
            functions,
        }
    }

    /// The function with this wire name, such as `GetServerInfo`.
    pub fn function(&self, name: &str) -> Option<&'static Function> {
        let index = self
            .functions
            .binary_search_by(|function| function.name.cmp(name))
            .ok()?;
        Some(self.functions[index])
    }

    /// Whether this very function is in the catalog. One of another edition is not, even if it has the same name.
    pub fn has(&self, function: &Function) -> bool {
        self.function(function.name)
            .is_some_and(|own| std::ptr::eq(own, function))
    }

    /// The edition that the functions belong to. Clients verify that the server has the same before they change
    /// anything.
    ///
    /// `None` if no function is known, as in an empty catalog.
    pub fn edition(&self) -> Option<Edition> {
        let functions = self.functions.iter();
        Edition::of_functions(
            functions.map(|function| (function.name, function.argument(INSTANCE_ARGUMENT).is_some())),
        )
    }

    /// What the program was compiled for, in words: the version, or what else tells function lists apart.
    pub(crate) fn compiled_for(&self) -> String {
        match (self.version, self.digest.get(..SHORT_DIGEST)) {
            ("", Some(digest)) => format!("the function list {digest}"),
            ("", None) => format!("the {}", self.title),
            (version, _) => format!("version {version}"),
        }
    }
}

/// One function of the API.
#[derive(Debug)]
#[non_exhaustive]
pub struct Function {
    /// Name on the wire, such as `VerifyStore`.
    pub name: &'static str,
    /// Path below the server's root, ending with a slash: `api/invoke/`.
    pub path: &'static str,
    /// What a call may do to the server.
    pub effect: Effect,
    /// Whether the function is known to run for minutes or hours. Any function may.
    pub long: bool,
    /// Arguments in the order of the dump.
    pub arguments: &'static [Argument],
}

impl Function {
    /// Called by generated code.
    #[doc(hidden)]
    pub const fn new(
        name: &'static str,
        path: &'static str,
        effect: Effect,
        long: bool,
        arguments: &'static [Argument],
    ) -> Self {
        Self {
            name,
            path,
            effect,
            long,
            arguments,
        }
    }

    /// The argument with this wire name, such as `instanceID`.
    pub fn argument(&self, name: &str) -> Option<&'static Argument> {
        self.arguments.iter().find(|argument| argument.name == name)
    }
}

/// One argument of a function, as the server's metadata names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Argument {
    /// Name on the wire.
    pub name: &'static str,
    /// Type word of the metadata.
    pub kind: ArgumentKind,
    /// Whether the argument may be left out.
    pub nullable: bool,
    /// Whether the value is a password or key, never to be shown.
    pub secret: bool,
}

impl Argument {
    /// Called by generated code.
    #[doc(hidden)]
    pub const fn new(name: &'static str, kind: ArgumentKind, nullable: bool, secret: bool) -> Self {
        Self {
            name,
            kind,
            nullable,
            secret,
        }
    }
}
