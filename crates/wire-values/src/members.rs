//! The members of a JSON object in their order. A map would lose their order and repeated members.

use std::borrow::Cow;

use crate::problem::Problem;
use crate::reader::Reader;

/// Cuts a JSON object into the names and texts of its members, in their order.
///
/// The texts of the members are not validated, so a large value is read only once, when it is decoded.
///
/// # Errors
/// The text is not an object.
pub(crate) fn members(object: &str) -> Result<Vec<(Cow<'_, str>, &str)>, Problem> {
    let mut members = Vec::new();
    each_member(object, &mut |name, value| members.push((name, value)))?;
    Ok(members)
}

/// Calls `each` with the name and the text of each member of a JSON object, in their order. Used by the transport.
///
/// The texts of the members are not validated, so a large value is read only once, when it is decoded. The members are
/// not collected, so an object of many members needs no memory.
///
/// # Errors
/// The text is not an object.
#[doc(hidden)]
pub fn each_member<'a>(object: &'a str, each: &mut dyn FnMut(Cow<'a, str>, &'a str)) -> Result<(), Problem> {
    let mut reader = Reader::new(object);
    let mut name = reader.first_name()?;
    while let Some(found) = name {
        each(found, reader.cut()?);
        name = reader.next_name()?;
    }
    reader.end()
}
