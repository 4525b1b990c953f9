//! The model: the combination of a dump and its overlays, from which all output is generated.
//!
//! Every item has its wire name and its Rust name in separate fields. The model contains no Rust code except examples.

mod definition;
mod evidence;
mod ty;

pub use crate::listing::ArgumentKind;
pub use crate::names::Name;
pub use definition::{Field, OtherWord, TypeBody, TypeDef, Word};
pub use evidence::Evidence;
pub use ty::{Shape, Type};
pub use wire_values::Effect;

/// One edition of the API.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Api {
    /// Name of the Rust module.
    pub name: String,
    /// Name of the API in words.
    pub title: String,
    /// Short name of the edition, for lists of editions.
    pub short: String,
    /// Whether the examples of the overlays fit this version.
    pub examples: bool,
    /// The version of the dump. Empty if unknown.
    pub version: String,
    /// Default TCP port; zero if the product has none.
    pub port: u16,
    /// Name of the dump, for the header of the generated files.
    pub source: String,
    /// SHA-256 of the canonical dump.
    pub digest: String,
    /// The handle. Functions with its argument are methods of the handle.
    pub handle: Option<Handle>,
    /// Topics in the order of their names, each with its functions.
    pub groups: Vec<Group>,
    /// Functions without a method, which are called by name. The catalog contains them.
    pub by_name_only: Vec<Function>,
    /// Types that only this edition uses, sorted by name.
    pub types: Vec<TypeDef>,
    /// Notes for readers of the generated code: which names are not those that the wire names suggest.
    pub notes: Vec<String>,
}

impl Api {
    /// All functions with a method, sorted by wire name.
    pub fn functions(&self) -> Vec<&Function> {
        sorted(self.groups.iter().flat_map(|group| &group.functions).collect())
    }

    /// All functions, with and without a method, sorted by wire name.
    pub fn catalog(&self) -> Vec<&Function> {
        let methods = self.groups.iter().flat_map(|group| &group.functions);
        sorted(methods.chain(&self.by_name_only).collect())
    }
}

fn sorted(mut functions: Vec<&Function>) -> Vec<&Function> {
    functions.sort_by(|a, b| (&a.wire, a.method.as_str()).cmp(&(&b.wire, b.method.as_str())));
    functions
}

/// The handle: a type for a part of the server, such as one instance. It adds one argument to every call.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Handle {
    /// Wire name of the argument that the handle fills in.
    pub argument: String,
    /// Rust name of the type.
    pub name: Name,
    /// Rust name of the method that creates a handle.
    pub method: Name,
    /// Type of the argument.
    pub id: Type,
    /// Description.
    pub doc: String,
}

/// A topic: one generated file.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Group {
    /// Name of the Rust module and file.
    pub module: Name,
    /// Heading.
    pub title: String,
    /// Description. May be empty.
    pub doc: String,
    /// Functions, sorted by wire name.
    pub functions: Vec<Function>,
}

/// One function of the API.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Function {
    /// Wire name.
    pub wire: String,
    /// Path below the server's root, with a slash at the end; empty if functions have none.
    pub path: String,
    /// Rust name of the method.
    pub method: Name,
    /// Rust name of the request type.
    pub request: Name,
    /// Rust name of the entry in the catalog.
    pub constant: Name,
    /// Whether the function is a method of the handle.
    pub on_handle: bool,
    /// What a call may do to the server.
    pub effect: Effect,
    /// Whether calls are known to take minutes or hours.
    pub long: bool,
    /// The largest response, in MiB. `None` if it is that of other functions.
    pub response_limit_mib: Option<u16>,
    /// One sentence. May be empty.
    pub summary: String,
    /// More sentences. May be empty.
    pub doc: String,
    /// Type of the result.
    pub result: Type,
    /// Description of the result. May be empty.
    pub result_doc: String,
    /// How the result is known. `None` if this was not recorded.
    pub evidence: Option<Evidence>,
    /// The version in which it was first seen. Empty if unknown.
    pub since: String,
    /// The version that the catalog gives as the first one with the function. `None` if the function list has none.
    pub needs: Option<String>,
    /// Short names of all editions of the run that have the function. Empty if the run has only one edition.
    pub editions: Vec<String>,
    /// Rust code that calls the function. May be empty. Its variable `client` is the client or the handle.
    pub example: String,
    /// Arguments in the order of the dump, including that of the handle.
    pub arguments: Vec<Argument>,
    /// Parameters that each combine several arguments.
    pub combined: Vec<Combined>,
    /// The arguments that the function fills: their places and the names of their types.
    pub out: Vec<(usize, String)>,
}

impl Function {
    /// The arguments that are parameters of the method.
    pub fn required(&self) -> impl Iterator<Item = &Argument> {
        self.arguments
            .iter()
            .filter(|argument| argument.is_required() && argument.is_asked_for())
    }

    /// The arguments that have a setter on the request.
    pub fn optional(&self) -> impl Iterator<Item = &Argument> {
        self.arguments
            .iter()
            .filter(|argument| !argument.is_required() && argument.is_asked_for())
    }
}

/// One argument of a function.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Argument {
    /// Wire name.
    pub wire: String,
    /// Rust name of the parameter or setter.
    pub name: Name,
    /// Type in the dump.
    pub kind: ArgumentKind,
    /// Whether the argument may be null or left out.
    pub nullable: bool,
    /// The value that the server uses if the argument is left out, as Markdown text.
    pub default: Option<String>,
    /// Whether the argument is always sent with its name.
    pub by_name: bool,
    /// Whether the handle fills in the argument.
    pub by_handle: bool,
    /// The only value that the server accepts. It is always sent.
    pub fixed: Option<String>,
    /// Whether a combined parameter sends the argument.
    pub in_combined: bool,
    /// Type in the model.
    pub ty: Type,
    /// Description. May be empty.
    pub doc: String,
    /// The version in which the argument was first seen, if it is later than that of the function. Empty otherwise.
    pub since: String,
}

impl Argument {
    /// Whether a call without the argument is invalid.
    pub fn is_required(&self) -> bool {
        !self.nullable && self.default.is_none()
    }

    /// The kind in which the value is sent. It follows from the type if the function list does not give one.
    pub fn sent_as(&self) -> ArgumentKind {
        match self.kind {
            ArgumentKind::Any => self.ty.sent_as(),
            kind => kind,
        }
    }

    /// Whether callers pass the argument under its own name, as a parameter or with a setter.
    pub fn is_asked_for(&self) -> bool {
        !self.by_handle && !self.in_combined && self.fixed.is_none()
    }
}

/// A parameter that combines several arguments.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Combined {
    /// Rust name of the parameter.
    pub name: Name,
    /// Type of the parameter.
    pub ty: Type,
    /// Wire names of the arguments.
    pub arguments: Vec<String>,
    /// Description.
    pub doc: String,
}
