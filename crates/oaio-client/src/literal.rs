//! A Python literal. The Python client writes records as literals.

mod cursor;
mod json;
mod number;
mod parse;
mod text;
mod write;

#[cfg(test)]
mod tests;

pub(crate) use json::to_json;
pub(crate) use parse::parse;
pub(crate) use write::{write, write_text};

/// A Python literal, as far as JSON can hold it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Literal {
    None,
    Bool(bool),
    /// An integer of any length, as a number of JSON.
    Int(String),
    /// A number with a fraction or an exponent, as a number of JSON.
    Float(String),
    /// A string, as a string of JSON with its quotation marks. Unlike a string of Rust, it can contain lone surrogates.
    Str(String),
    /// A list or a tuple.
    List(Vec<Literal>),
    /// A dictionary. If a key occurs several times, the last value counts.
    Dict(Vec<(Literal, Literal)>),
    /// A value that JSON cannot hold. The text says what it is.
    Other(&'static str),
}
