//! The members of a JSON object as a list. A map would lose their order and repeated members.

use std::borrow::Cow;

use crate::problem::Problem;
use crate::reader::Reader;

/// Cuts a JSON object into the names and texts of its members, in their order. Used by the transport.
///
/// The texts of the members are not validated, so a large value is read only once, when it is decoded.
///
/// # Errors
/// The text is not an object.
#[doc(hidden)]
pub fn members(object: &str) -> Result<Vec<(Cow<'_, str>, &str)>, Problem> {
    let mut reader = Reader::new(object);
    let mut members = Vec::new();
    let mut name = reader.first_name()?;
    while let Some(found) = name {
        members.push((found, reader.cut()?));
        name = reader.next_name()?;
    }
    reader.end()?;
    Ok(members)
}
