//! The catalog: the functions that are known at compile time. Generated code creates it.

pub use mailstore_metadata::{ArgumentKind, Effect};
use mailstore_metadata::{Edition, INSTANCE_ARGUMENT};

/// Number of digits of a digest in messages.
pub(crate) const SHORT_DIGEST: usize = 12;

/// The edition of the API that a program was compiled for, with the catalog of its functions.
#[derive(Debug)]
#[non_exhaustive]
pub struct Surface {
    /// Short name, also the name of the Rust module: `server` or `spe`.
    pub name: &'static str,
    /// Title of the API, such as `MailStore Server`.
    pub title: &'static str,
    /// The version that has these functions, such as `24`; empty if unknown.
    pub version: &'static str,
    /// The default TCP port.
    pub port: u16,
    /// SHA-256 of the canonical dump that the code was generated from, as 64 lower-case hexadecimal digits; empty if
    /// there was no dump.
    pub digest: &'static str,
    /// All functions, sorted by wire name.
    pub functions: &'static [&'static Function],
}

impl Surface {
    /// Starts the description of an edition. The setters are `const` and add the other facts. Called by generated code.
    #[doc(hidden)]
    pub const fn new(name: &'static str, title: &'static str) -> Self {
        Self {
            name,
            title,
            version: "",
            port: 0,
            digest: "",
            functions: &[],
        }
    }

    #[doc(hidden)]
    pub const fn version(mut self, version: &'static str) -> Self {
        self.version = version;
        self
    }

    #[doc(hidden)]
    pub const fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    #[doc(hidden)]
    pub const fn digest(mut self, digest: &'static str) -> Self {
        self.digest = digest;
        self
    }

    #[doc(hidden)]
    pub const fn functions(mut self, functions: &'static [&'static Function]) -> Self {
        self.functions = functions;
        self
    }

    /// The function with this wire name, such as `GetServerInfo`.
    pub fn function(&self, name: &str) -> Option<&'static Function> {
        let index = self
            .functions
            .binary_search_by(|function| function.name.cmp(name))
            .ok()?;
        Some(self.functions[index])
    }

    /// Whether the catalog contains this function. A function of another edition with the same name does not count.
    pub fn has(&self, function: &Function) -> bool {
        self.function(function.name)
            .is_some_and(|own| std::ptr::eq(own, function))
    }

    /// The edition of the functions. Clients verify that the server has the same edition before they change anything.
    ///
    /// `None` if the catalog has no function of a known edition, for example if it is empty.
    pub fn edition(&self) -> Option<Edition> {
        let functions = self.functions.iter();
        Edition::of_functions(
            functions.map(|function| (function.name, function.argument(INSTANCE_ARGUMENT).is_some())),
        )
    }

    /// Describes what the program was compiled for: the version, the digest or the title.
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
    /// The effect of a call on the server.
    pub effect: Effect,
    /// Whether the function is known to run for minutes or hours. Other functions may run long, too.
    pub long: bool,
    /// The largest response in bytes, if it may be larger than that of other functions. A client uses it unless
    /// [`max_response_size`](crate::Builder::max_response_size) is set.
    pub response_limit: Option<u64>,
    /// Arguments in the order of the dump.
    pub arguments: &'static [Argument],
}

impl Function {
    /// Starts the description of a function whose effect is unknown. The setters are `const` and add the other facts.
    /// Called by generated code.
    #[doc(hidden)]
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            path: "",
            effect: Effect::Unknown,
            long: false,
            response_limit: None,
            arguments: &[],
        }
    }

    #[doc(hidden)]
    pub const fn path(mut self, path: &'static str) -> Self {
        self.path = path;
        self
    }

    #[doc(hidden)]
    pub const fn effect(mut self, effect: Effect) -> Self {
        self.effect = effect;
        self
    }

    /// The function is known to run for minutes or hours.
    #[doc(hidden)]
    pub const fn long(mut self) -> Self {
        self.long = true;
        self
    }

    /// The largest response, in bytes.
    #[doc(hidden)]
    pub const fn response_limit(mut self, bytes: u64) -> Self {
        self.response_limit = Some(bytes);
        self
    }

    #[doc(hidden)]
    pub const fn arguments(mut self, arguments: &'static [Argument]) -> Self {
        self.arguments = arguments;
        self
    }

    /// The argument with this wire name, such as `instanceID`.
    pub fn argument(&self, name: &str) -> Option<&'static Argument> {
        self.arguments.iter().find(|argument| argument.name == name)
    }
}

/// One argument of a function, as in the server's function list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Argument {
    /// Name on the wire.
    pub name: &'static str,
    /// Type of the argument in the function list.
    pub kind: ArgumentKind,
    /// Whether the argument may be left out.
    pub nullable: bool,
    /// Whether the value is a password or a key, which is never shown.
    pub secret: bool,
}

impl Argument {
    /// Starts the description of a required argument that is not a secret. Called by generated code.
    #[doc(hidden)]
    pub const fn new(name: &'static str, kind: ArgumentKind) -> Self {
        Self {
            name,
            kind,
            nullable: false,
            secret: false,
        }
    }

    /// The argument may be left out.
    #[doc(hidden)]
    pub const fn nullable(mut self) -> Self {
        self.nullable = true;
        self
    }

    /// The value is a secret.
    #[doc(hidden)]
    pub const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }
}
