//! The versions of the OpenAPI Specification.

/// A version of the OpenAPI Specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// 3.0, for tools that know no newer one.
    ///
    /// It says less, and only what common generators of clients understand: list arguments are texts with commas,
    /// because the `encoding` of a form that would join them is ignored or refused, and vocabularies are texts with
    /// the known words in `x-extensible-enum`.
    V3_0,
    /// 3.1, whose schemas are JSON Schema 2020-12.
    V3_1,
}
