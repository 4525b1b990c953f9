//! The members of a JSON object as a list, because a map would lose their order and repeated members.

use std::borrow::Cow;

use crate::problem::Problem;
use crate::reader::Reader;

/// Cuts a JSON object into the names and the texts of its members, in their order. For runtime crates.
///
/// The texts are not checked, so that a large value is read only once, when it is decoded.
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
