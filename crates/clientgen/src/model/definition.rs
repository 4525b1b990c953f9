//! Definitions of types.

use super::evidence::Evidence;
use super::ty::Type;
use crate::names::Name;

/// The definition of a type.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TypeDef {
    /// Rust name.
    pub name: String,
    /// Rust module of the type: the topic that uses it, or `shared` if several topics do.
    pub module: Name,
    /// Description.
    pub doc: String,
    /// How the type is known. `None` if this was not recorded.
    pub evidence: Option<Evidence>,
    /// The version in which it was first seen. Empty if unknown.
    pub since: String,
    /// Rust path of a hand-written type. In that case, the body only describes the type on the wire.
    pub rust: Option<String>,
    /// Whether it is sent to the server, as an argument or in another object.
    pub sent: bool,
    /// The content of the type.
    pub body: TypeBody,
}

/// The content of a type.
#[derive(Clone, Debug)]
pub enum TypeBody {
    /// A newtype around a number.
    NumberId,
    /// A newtype around a string.
    TextId,
    /// A newtype around a string or a number.
    AnyId,
    /// A vocabulary: its words, and the variant for every other word.
    Words {
        /// The known words, sorted by wire word.
        words: Vec<Word>,
        /// The variant for every other word. If it is `None`, the variant is `Unknown`.
        otherwise: Option<OtherWord>,
    },
    /// An object.
    Record {
        /// The known members, sorted by wire name.
        fields: Vec<Field>,
    },
    /// A set of words.
    Set {
        /// The enum of the words.
        item: String,
        /// The words that cannot be combined with others, sorted by wire word.
        alone: Vec<Word>,
        /// The variant of the word in `alone` that is sent for an empty set.
        empty: Name,
    },
    /// Several arguments of a function, combined in one value.
    Parts,
}

impl TypeBody {
    /// Names of the types that the content uses.
    pub fn used_types(&self) -> Vec<&str> {
        match self {
            Self::NumberId | Self::TextId | Self::AnyId | Self::Parts => Vec::new(),
            Self::Set { item, .. } => vec![item],
            Self::Words { otherwise, .. } => otherwise.iter().map(|other| other.ty.as_str()).collect(),
            Self::Record { fields } => fields.iter().filter_map(|field| field.ty.named()).collect(),
        }
    }
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
    /// Type of its content: an id of strings.
    pub ty: String,
    /// Description.
    pub doc: String,
}

/// A member of an object.
#[derive(Clone, Debug)]
pub struct Field {
    /// Wire name.
    pub wire: String,
    /// Rust name.
    pub name: Name,
    /// Type. The Rust type is an `Option` of it unless `always` is set.
    pub ty: Type,
    /// Whether every known server sends the member.
    pub always: bool,
    /// Description.
    pub doc: String,
}
