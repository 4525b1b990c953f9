//! The API as the generator understands it: dump and overlay brought together, ready to be written out.
//!
//! Every item keeps its wire name and its Rust name apart. Nothing in here is Rust text.

mod definition;
mod evidence;
mod ty;

use mailstore_metadata::ArgumentKind;

pub use crate::names::Name;
pub use definition::{Field, OtherWord, TypeBody, TypeDef, Word};
pub use evidence::Evidence;
pub use mailstore_metadata::Effect;
pub use ty::{Shape, Type};

/// One edition of the API.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Api {
    /// Short name: the Rust module.
    pub name: String,
    /// Name in words.
    pub title: String,
    /// The edition in a word or two.
    pub short: String,
    /// Whether the examples of the overlays fit this version.
    pub examples: bool,
    /// The version of the dump; empty if unknown.
    pub version: String,
    /// Default TCP port.
    pub port: u16,
    /// Name of the dump, for the header of the generated files.
    pub source: String,
    /// SHA-256 of the canonical dump.
    pub digest: String,
    /// The handle that functions with the handle's argument live on.
    pub handle: Option<Handle>,
    /// Topics in the order of their names, each with its functions.
    pub groups: Vec<Group>,
    /// Types that only this edition uses, sorted by name.
    pub types: Vec<TypeDef>,
    /// What a reader of the generated code should know: names that had to be changed.
    pub notes: Vec<String>,
}

impl Api {
    /// All functions, in the order of their wire names.
    pub fn functions(&self) -> Vec<&Function> {
        let mut functions: Vec<&Function> = self.groups.iter().flat_map(|group| &group.functions).collect();
        functions.sort_by(|a, b| a.wire.cmp(&b.wire));
        functions
    }
}

/// The type that stands for a part of the server, such as one instance.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Handle {
    /// Wire name of the argument that it fills in.
    pub argument: String,
    /// Rust name of the type.
    pub name: Name,
    /// Rust name of the method that makes one.
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
    /// Rust module and file name.
    pub module: Name,
    /// Heading.
    pub title: String,
    /// Description; may be empty.
    pub doc: String,
    /// Functions, sorted by wire name.
    pub functions: Vec<Function>,
}

/// One function of the API.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Function {
    /// Name on the wire.
    pub wire: String,
    /// Path below the server's root, with a slash at the end.
    pub path: String,
    /// Rust name of the method.
    pub method: Name,
    /// Rust name of the request type.
    pub request: Name,
    /// Rust name of the entry in the catalog.
    pub constant: Name,
    /// Whether the method lives on the handle.
    pub on_handle: bool,
    /// What a call may do.
    pub effect: Effect,
    /// Whether it is known to run long.
    pub long: bool,
    /// One sentence; may be empty.
    pub summary: String,
    /// More; may be empty.
    pub doc: String,
    /// What the call brings.
    pub result: Type,
    /// Description of the result; may be empty.
    pub result_doc: String,
    /// How the result is known.
    pub evidence: Option<Evidence>,
    /// The version in which it was first seen; empty if unknown.
    pub since: String,
    /// All editions of the run that have it, in short; empty if there is only one.
    pub editions: Vec<String>,
    /// Rust code that calls it; may be empty. The client or handle is called `client` in it.
    pub example: String,
    /// Arguments in the order of the dump, that of the handle included.
    pub arguments: Vec<Argument>,
    /// Parameters that stand for several arguments each.
    pub combined: Vec<Combined>,
}

impl Function {
    /// Arguments that a caller gives in the call itself.
    pub fn required(&self) -> impl Iterator<Item = &Argument> {
        self.arguments
            .iter()
            .filter(|argument| !argument.nullable && argument.is_asked_for())
    }

    /// Arguments that a caller gives by name, if at all.
    pub fn optional(&self) -> impl Iterator<Item = &Argument> {
        self.arguments
            .iter()
            .filter(|argument| argument.nullable && argument.is_asked_for())
    }
}

/// One argument of a function.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Argument {
    /// Name on the wire.
    pub wire: String,
    /// Rust name of the parameter or setter.
    pub name: Name,
    /// Type word of the dump.
    pub kind: ArgumentKind,
    /// Whether it may be left out.
    pub nullable: bool,
    /// Whether the handle fills it in.
    pub by_handle: bool,
    /// The only value that the server takes, which is always sent.
    pub fixed: Option<String>,
    /// Whether a combined parameter stands for it and others.
    pub in_combined: bool,
    /// Type in Rust.
    pub ty: Type,
    /// Description; may be empty.
    pub doc: String,
    /// The version in which it was first seen, if that is later than its function.
    pub since: String,
}

impl Argument {
    /// Whether a caller gives it, under its own name.
    pub fn is_asked_for(&self) -> bool {
        !self.by_handle && !self.in_combined && self.fixed.is_none()
    }
}

/// A parameter that stands for several arguments.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Combined {
    /// Rust name of the parameter.
    pub name: Name,
    /// Its type.
    pub ty: Type,
    /// Wire names of the arguments.
    pub arguments: Vec<String>,
    /// Description.
    pub doc: String,
}
