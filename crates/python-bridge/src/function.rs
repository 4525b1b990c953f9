//! The catalog: the functions that are known at compile time. Generated code creates it.

pub use wire_values::Effect;

/// The functions of a module that a program may call.
///
/// ```
/// use python_bridge::{Effect, Function, Surface};
///
/// static SQRT: Function = Function::new("sqrt").effect(Effect::Read);
/// static MATH: Surface = Surface::new("math", "Mathematics").functions(&[&SQRT]);
/// assert!(MATH.function("sqrt").is_some());
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Surface {
    /// Short name, also the name of the Rust module.
    pub name: &'static str,
    /// Title of the API.
    pub title: &'static str,
    /// The version of the module that has these functions; empty if unknown.
    pub version: &'static str,
    /// The default TCP port. Modules have none, so it is zero.
    pub port: u16,
    /// SHA-256 of the function list that the code was generated from, as hexadecimal digits; empty if unknown.
    pub digest: &'static str,
    /// All functions.
    pub functions: &'static [&'static Function],
}

impl Surface {
    /// Starts a catalog without functions. The setters are `const` and add the other facts.
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

    /// Sets the version of the module.
    #[must_use]
    pub const fn version(mut self, version: &'static str) -> Self {
        self.version = version;
        self
    }

    /// Sets the default TCP port.
    #[must_use]
    pub const fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Sets the digest of the function list.
    #[must_use]
    pub const fn digest(mut self, digest: &'static str) -> Self {
        self.digest = digest;
        self
    }

    /// Sets the functions.
    #[must_use]
    pub const fn functions(mut self, functions: &'static [&'static Function]) -> Self {
        self.functions = functions;
        self
    }

    /// Returns the first function with this name, such as `send.createManifest`.
    pub fn function(&self, name: &str) -> Option<&'static Function> {
        self.functions_named(name).next()
    }

    /// Returns the functions with this name. If there are several, they differ in their arguments.
    pub fn functions_named(&self, name: &str) -> impl Iterator<Item = &'static Function> {
        self.functions
            .iter()
            .copied()
            .filter(move |function| function.name == name)
    }
}

/// One function of a module.
#[derive(Debug)]
#[non_exhaustive]
pub struct Function {
    /// Name in the module, such as `send.createManifest`.
    pub name: &'static str,
    /// Not used by modules.
    pub path: &'static str,
    /// What a call may change.
    pub effect: Effect,
    /// Whether the function is known to run for minutes or hours.
    pub long: bool,
    /// Not used by modules.
    pub response_limit: Option<u64>,
    /// The first version of the module that has the function; empty if unknown.
    pub since: &'static str,
    /// Arguments in the order of the function list.
    pub arguments: &'static [Argument],
    /// The parameters that the function fills. They are not arguments: their objects are the result.
    pub out: &'static [OutParameter],
}

impl Function {
    /// Starts a function without arguments whose effect is unknown. The setters are `const` and add the other facts.
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            path: "",
            effect: Effect::Unknown,
            long: false,
            response_limit: None,
            since: "",
            arguments: &[],
            out: &[],
        }
    }

    /// Sets the path.
    #[must_use]
    pub const fn path(mut self, path: &'static str) -> Self {
        self.path = path;
        self
    }

    /// Sets what a call may change.
    #[must_use]
    pub const fn effect(mut self, effect: Effect) -> Self {
        self.effect = effect;
        self
    }

    /// The function is known to run for minutes or hours.
    #[must_use]
    pub const fn long(mut self) -> Self {
        self.long = true;
        self
    }

    /// Sets the size of the largest response in bytes.
    #[must_use]
    pub const fn response_limit(mut self, bytes: u64) -> Self {
        self.response_limit = Some(bytes);
        self
    }

    /// Sets the first version of the module that has the function.
    #[must_use]
    pub const fn since(mut self, version: &'static str) -> Self {
        self.since = version;
        self
    }

    /// Sets the arguments.
    #[must_use]
    pub const fn arguments(mut self, arguments: &'static [Argument]) -> Self {
        self.arguments = arguments;
        self
    }

    /// Sets the parameters that the function fills.
    #[must_use]
    pub const fn out(mut self, parameters: &'static [OutParameter]) -> Self {
        self.out = parameters;
        self
    }

    /// Returns the argument with this name.
    pub fn argument(&self, name: &str) -> Option<&'static Argument> {
        self.arguments.iter().find(|argument| argument.name == name)
    }
}

/// One argument of a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Argument {
    /// Name of the parameter.
    pub name: &'static str,
    /// Type of the argument in the function list.
    pub kind: ArgumentKind,
    /// Whether the argument may be left out.
    pub nullable: bool,
    /// The value that the module uses if the argument is left out, as text for documentation.
    pub default: Option<&'static str>,
    /// Whether the argument is sent by keyword, even if it is required.
    pub by_name: bool,
    /// Whether the value is a password or a key, which is never shown.
    pub secret: bool,
}

impl Argument {
    /// Starts a required argument that is not a secret. The setters are `const` and add the other facts.
    pub const fn new(name: &'static str, kind: ArgumentKind) -> Self {
        Self {
            name,
            kind,
            nullable: false,
            default: None,
            by_name: false,
            secret: false,
        }
    }

    /// The argument may be left out.
    #[must_use]
    pub const fn nullable(mut self) -> Self {
        self.nullable = true;
        self
    }

    /// The argument may be left out, and the module then uses this value.
    #[must_use]
    pub const fn default(mut self, text: &'static str) -> Self {
        self.default = Some(text);
        self
    }

    /// The argument is sent by keyword, even if it is required.
    #[must_use]
    pub const fn by_name(mut self) -> Self {
        self.by_name = true;
        self
    }

    /// The value is a secret.
    #[must_use]
    pub const fn secret(mut self) -> Self {
        self.secret = true;
        self
    }

    /// Returns whether the argument must be given.
    pub const fn is_required(&self) -> bool {
        !self.nullable && self.default.is_none()
    }
}

/// A parameter that a function fills: the Python side creates the object and returns it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutParameter {
    /// Place among all parameters of the function, beginning with zero.
    pub index: usize,
    /// The class of the object.
    pub class: &'static str,
}

impl OutParameter {
    /// Describes the parameter at a place, beginning with zero.
    pub const fn new(index: usize, class: &'static str) -> Self {
        Self { index, class }
    }
}

/// The type of an argument in the function list.
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
    /// Unknown: the function list does not give a type.
    Any,
}
