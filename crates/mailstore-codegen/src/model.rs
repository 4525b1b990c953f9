//! The API as the generator understands it: dump and overlay brought together, ready to be written out.
//!
//! Every item keeps its wire name and its Rust name apart. Nothing in here is Rust text.

use mailstore_metadata::ArgumentKind;

pub use crate::names::Name;
pub use crate::overlay::file::{Effect, Evidence};

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
    /// The version that the dump is of; empty if nobody said.
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
    /// Description; empty if nobody wrote one.
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
    /// One sentence; empty if nobody wrote one.
    pub summary: String,
    /// More; may be empty.
    pub doc: String,
    /// What the call brings.
    pub result: Type,
    /// Description of the result; may be empty.
    pub result_doc: String,
    /// How the result is known.
    pub evidence: Option<Evidence>,
    /// The version in which it was first seen; empty if nobody knows.
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
    /// Description; empty if nobody wrote one.
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

/// A type of an argument, a field or a result.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Type {
    /// Nothing worth reading; results only.
    Null,
    /// Text.
    String,
    /// A whole number of 64 bits.
    Number,
    /// A boolean.
    Bool,
    /// Any JSON value.
    Json,
    /// Text that is never shown.
    Secret,
    /// A date and time without zone, as text.
    DateTime,
    /// A time of day, as text.
    Time,
    /// A date and time in UTC, as text.
    Utc,
    /// Milliseconds since 1970-01-01 in UTC, as a number.
    EpochMilliseconds,
    /// A duration, as a number of whole seconds.
    Seconds,
    /// A TCP port: a number, or a text that holds one.
    Port,
    /// A type that an overlay defines.
    Named {
        /// Its Rust name.
        name: String,
        /// What it is.
        shape: Shape,
        /// Whether it is written by hand.
        written: bool,
    },
    /// Several of one type.
    List(Box<Type>),
}

impl Type {
    /// The named type in it, if there is one.
    pub fn named(&self) -> Option<&str> {
        match self {
            Self::Named { name, .. } => Some(name),
            Self::List(item) => item.named(),
            _ => None,
        }
    }

    /// The type itself, of a list that of its items.
    pub(crate) fn innermost(&self) -> &Self {
        match self {
            Self::List(item) => item.innermost(),
            other => other,
        }
    }

    /// What a named type is.
    pub(crate) fn shape(&self) -> Option<Shape> {
        match self {
            Self::Named { shape, .. } => Some(*shape),
            _ => None,
        }
    }
}

/// What a type of an overlay is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A number that names something.
    NumberId,
    /// A text that names something.
    TextId,
    /// A word out of an open vocabulary.
    Words,
    /// An object with members.
    Record,
    /// A set of words.
    Set,
    /// Several arguments together.
    Parts,
}

/// The definition of a type.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TypeDef {
    /// Rust name.
    pub name: String,
    /// Rust module that it lives in: the topic that uses it, or `shared` if several do.
    pub module: Name,
    /// Description.
    pub doc: String,
    /// How it is known.
    pub evidence: Option<Evidence>,
    /// The version in which it was first seen; empty if nobody said.
    pub since: String,
    /// Where it is written by hand, as a Rust path. Then the body only says how it is on the wire.
    pub rust: Option<String>,
    /// Whether it is sent to the server, by itself or inside of another object.
    pub sent: bool,
    /// What it is made of.
    pub body: TypeBody,
}

/// What a type is made of.
#[derive(Clone, Debug)]
pub enum TypeBody {
    /// A newtype around a number.
    NumberId,
    /// A newtype around a text.
    TextId,
    /// Words, and the variant for every other word.
    Words {
        /// The words that are known, in the order of the wire words.
        words: Vec<Word>,
        /// The variant for every other word; hidden from the docs if nobody named it.
        otherwise: Option<OtherWord>,
    },
    /// Members of an object.
    Record {
        /// The members that are known, in the order of their wire names.
        fields: Vec<Field>,
    },
    /// A set of words.
    Set {
        /// The enum that the words are of.
        item: String,
        /// The words that stand alone, in the order of the wire words.
        alone: Vec<Word>,
        /// The one of them that an empty set is sent as.
        empty: Name,
    },
    /// Several arguments together.
    Parts,
}

/// A word of a vocabulary.
#[derive(Clone, Debug)]
pub struct Word {
    /// The word on the wire.
    pub wire: String,
    /// Rust name of the variant.
    pub variant: Name,
    /// Description.
    pub doc: String,
}

/// The variant of a vocabulary for every word that is not in its table.
#[derive(Clone, Debug)]
pub struct OtherWord {
    /// Rust name of the variant.
    pub variant: Name,
    /// Type of its content: a text id.
    pub ty: String,
    /// Description.
    pub doc: String,
}

/// A member of an object.
#[derive(Clone, Debug)]
pub struct Field {
    /// Name on the wire.
    pub wire: String,
    /// Rust name.
    pub name: Name,
    /// Type, without the `Option` that `always` decides about.
    pub ty: Type,
    /// Whether every known server sends it.
    pub always: bool,
    /// Description.
    pub doc: String,
}
