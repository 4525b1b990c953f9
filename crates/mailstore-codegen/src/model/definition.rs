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
    /// Rust module that it lives in: the topic that uses it, or `shared` if several do.
    pub module: Name,
    /// Description.
    pub doc: String,
    /// How it is known.
    pub evidence: Option<Evidence>,
    /// The version in which it was first seen; empty if unknown.
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
        /// The variant for every other word; hidden from the docs if it has no given name.
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

impl TypeBody {
    /// Names of the types that it uses.
    pub(crate) fn used_types(&self) -> Vec<&str> {
        match self {
            Self::NumberId | Self::TextId | Self::Parts => Vec::new(),
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
