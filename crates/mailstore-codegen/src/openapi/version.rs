//! The versions of the OpenAPI Specification.

/// A version of the OpenAPI Specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// 3.0, for tools that do not support a newer version.
    ///
    /// The document uses only what common client generators support. A list argument is a string with commas, because
    /// generators ignore or reject the `encoding` that would join an array. A vocabulary is a string with the known
    /// words in `x-extensible-enum`.
    V3_0,
    /// 3.1. Its schemas are JSON Schema 2020-12.
    V3_1,
}
