//! What an answer shows that is not known, or otherwise than known.

use std::fmt;

use crate::shape::Shape;

/// One difference, and where: a path such as `[].quota`, empty for the result itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Members by name, `[]` for all elements of a list.
    pub path: String,
    /// The type that the member belongs to, and its name; results and elements have none.
    pub member: Option<Member>,
    /// What is found there.
    pub what: FindingKind,
}

/// A member of a type of the overlays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Name of the type.
    pub of: String,
    /// Name on the wire.
    pub name: String,
}

/// What differs.
#[derive(Clone, Debug, PartialEq)]
pub enum FindingKind {
    /// A member that the type does not have.
    Unknown(Shape),
    /// Members whose names look like data and are not shown.
    UnknownNames {
        /// How many names.
        count: usize,
        /// What is behind them.
        shape: Shape,
    },
    /// A member that is said to be there always, and is not.
    Missing {
        /// In how many objects it is not there.
        absent: usize,
        /// Of how many.
        of: usize,
    },
    /// A member that no object has, which may be so.
    Unseen,
    /// Null where there should always be something.
    Null,
    /// Something else than was expected.
    Other {
        /// What was expected.
        expected: String,
        /// What is there.
        found: Shape,
    },
    /// Words that the vocabulary does not have.
    Words {
        /// Name of the vocabulary.
        vocabulary: String,
        /// Those that look like words.
        words: Vec<String>,
        /// How many look like something else and are not shown.
        hidden: usize,
    },
    /// A value of which nothing was known.
    Untyped(Shape),
}

impl Finding {
    /// Whether it is a difference; otherwise it is only worth knowing.
    pub fn differs(&self) -> bool {
        self.what != FindingKind::Unseen
    }

    /// Where, for people.
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
            Self::Missing { absent, of } => write!(f, "expected always, missing in {absent} of {of}"),
            Self::Unseen => f.write_str("known, but not seen"),
            Self::Null => f.write_str("null, where something was expected always"),
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
            Self::Untyped(shape) => write!(f, "nothing was known of this: {shape}"),
        }
    }
}
