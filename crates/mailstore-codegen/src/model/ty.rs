//! Types of arguments, fields and results.

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
    /// The words that overlays write for types that need no definition.
    pub(crate) const WORDS: [(&str, Self); 12] = [
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
        ("seconds", Self::Seconds),
        ("port", Self::Port),
    ];

    /// [`Self::WORDS`] without the types.
    pub(crate) fn words<'a>() -> impl Iterator<Item = &'a str> {
        Self::WORDS.iter().map(|(word, _)| *word)
    }

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
