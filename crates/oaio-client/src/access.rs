//! What a user may do with an object.

use wire_values::UnknownWord;

/// What a user may do with an object.
///
/// The words on the wire are those of the Python client 0.3.10 and newer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum AccessRight {
    /// The user owns the object, because the user registered it.
    Create,
    /// The user may update and delete the object.
    Delete,
    /// The user may update the object.
    Update,
    /// The user may read the object.
    Read,
    /// The user has no access.
    None,
    /// A right that this version does not know.
    Unknown(UnknownWord),
}
wire_values::words!(AccessRight {
    Create = "C",
    Delete = "D",
    Update = "U",
    Read = "r",
    None = "x",
} else Unknown(UnknownWord));
