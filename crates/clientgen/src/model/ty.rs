//! Types of arguments, fields and results.

use crate::listing::ArgumentKind;

/// A type of an argument, a field or a result.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Type {
    /// No value. For results only.
    Null,
    /// A string.
    String,
    /// A whole number of 64 bits.
    Number,
    /// A boolean.
    Bool,
    /// Any JSON value.
    Json,
    /// A string that is never shown.
    Secret,
    /// A date and time without a time zone, as a string.
    DateTime,
    /// A time of day, as a string.
    Time,
    /// A date and time in UTC, as a string.
    Utc,
    /// Milliseconds since 1970-01-01 in UTC, as a number.
    EpochMilliseconds,
    /// Microseconds since 1970-01-01 in UTC, as a number.
    EpochMicroseconds,
    /// A duration, as a number of whole seconds.
    Seconds,
    /// A TCP port, as a number or as a string of digits.
    Port,
    /// A type that an overlay defines.
    Named {
        /// Rust name.
        name: String,
        /// Kind of the type.
        shape: Shape,
        /// Whether the type is hand-written.
        written: bool,
    },
    /// A list of values of one type.
    List(Box<Type>),
}

impl Type {
    /// The names that overlays use for types that need no definition.
    pub(crate) const WORDS: [(&str, Self); 13] = [
        ("null", Self::Null),
        ("string", Self::String),
        ("number", Self::Number),
        ("bool", Self::Bool),
        ("json", Self::Json),
        ("secret", Self::Secret),
        ("datetime", Self::DateTime),
        ("time", Self::Time),
        ("utc", Self::Utc),
        ("epoch_milliseconds", Self::EpochMilliseconds),
        ("epoch_microseconds", Self::EpochMicroseconds),
        ("seconds", Self::Seconds),
        ("port", Self::Port),
    ];

    /// The names of [`Self::WORDS`].
    pub(crate) fn words<'a>() -> impl Iterator<Item = &'a str> {
        Self::WORDS.iter().map(|(word, _)| *word)
    }

    /// The kind in which a value of the type is sent if the function list does not give one.
    pub(crate) fn sent_as(&self) -> ArgumentKind {
        match self {
            Self::Bool => ArgumentKind::Bool,
            Self::Number | Self::Seconds | Self::Port => ArgumentKind::Number,
            Self::Named { shape, .. } => match shape {
                Shape::NumberId => ArgumentKind::Number,
                Shape::Record => ArgumentKind::Json,
                Shape::TextId | Shape::AnyId | Shape::Words | Shape::Set | Shape::Parts => {
                    ArgumentKind::String
                }
            },
            Self::Json | Self::List(_) => ArgumentKind::Json,
            _ => ArgumentKind::String,
        }
    }

    /// The name of the named type, or of the named item type of a list.
    pub fn named(&self) -> Option<&str> {
        match self {
            Self::Named { name, .. } => Some(name),
            Self::List(item) => item.named(),
            _ => None,
        }
    }

    /// The type itself, or the item type of a list.
    pub(crate) fn innermost(&self) -> &Self {
        match self {
            Self::List(item) => item.innermost(),
            other => other,
        }
    }

    /// The kind of a named type.
    pub(crate) fn shape(&self) -> Option<Shape> {
        match self {
            Self::Named { shape, .. } => Some(*shape),
            _ => None,
        }
    }
}

/// The kind of a type of an overlay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// An id that is a number.
    NumberId,
    /// An id that is a string.
    TextId,
    /// An id that is a string or a number.
    AnyId,
    /// A word of an open vocabulary.
    Words,
    /// An object with members.
    Record,
    /// A set of words.
    Set,
    /// Several arguments of a function, combined in one value.
    Parts,
}
