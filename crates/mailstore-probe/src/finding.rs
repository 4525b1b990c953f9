//! The differences between a response and the model.

use std::fmt;

use crate::shape::Shape;

/// One difference and its place: a path such as `[].quota`, which is empty for the result itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Names of members, and `[]` for all elements of an array.
    pub path: String,
    /// The member at this place; `None` for results and elements.
    pub member: Option<Member>,
    /// The kind of difference.
    pub what: FindingKind,
}

/// A member of a type in the overlays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The name of the type.
    pub of: String,
    /// The name of the member in JSON.
    pub name: String,
}

/// The kind of difference.
#[derive(Clone, Debug, PartialEq)]
pub enum FindingKind {
    /// A member that is missing in the type.
    Unknown(Shape),
    /// Members whose names look like data and are not shown.
    UnknownNames {
        /// The number of names.
        count: usize,
        /// The shape of their values.
        shape: Shape,
    },
    /// A member that is required in the overlays, but is missing.
    Missing {
        /// The number of objects that lack it.
        absent: usize,
        /// The number of all objects.
        of: usize,
    },
    /// A member that all objects lack, which is allowed.
    Unseen,
    /// Null where the overlays require a value.
    Null,
    /// A value of an unexpected type.
    Other {
        /// The expected type.
        expected: String,
        /// The actual shape.
        found: Shape,
    },
    /// Words that are missing in the vocabulary.
    Words {
        /// The name of the vocabulary.
        vocabulary: String,
        /// The words that may be shown.
        words: Vec<String>,
        /// The number of words that are hidden because they look like data.
        hidden: usize,
    },
    /// A value without a type in the overlays.
    Untyped(Shape),
}

impl Finding {
    /// Returns whether the finding is a difference. If not, it is only information.
    pub fn differs(&self) -> bool {
        self.what != FindingKind::Unseen
    }

    /// Returns the place for display.
    pub fn place(&self) -> &str {
        if self.path.is_empty() {
            "result"
        } else {
            &self.path
        }
    }
}

impl fmt::Display for FindingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(shape) => write!(f, "unknown member: {shape}"),
            Self::UnknownNames { count, shape } => {
                write!(f, "{count} unknown members whose names are not shown: {shape}")
            }
            Self::Missing { absent, of } => write!(f, "required, but missing in {absent} of {of}"),
            Self::Unseen => f.write_str("known, but not present"),
            Self::Null => f.write_str("null, but a value is required"),
            Self::Other { expected, found } => write!(f, "expected {expected}, found {found}"),
            Self::Words {
                vocabulary,
                words,
                hidden,
            } => {
                write!(f, "unknown words of {vocabulary}")?;
                let mut named = words.clone();
                named.extend((*hidden > 0).then(|| format!("{hidden} not shown")));
                write!(f, ": {}", named.join(", "))
            }
            Self::Untyped(shape) => write!(f, "has no type in the overlays: {shape}"),
        }
    }
}
