//! The result of `dbExportQueueSQL`.

use python_bridge::{FromJson, Json};
use wire_values::{Problem, Reader};

use crate::object::StringRef;

/// The queue as SQL text.
///
/// The page of the vendor lists an `MStringRef` in the wrong column, and no getter of it is known. So both a text and an
/// object are accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum QueueSql {
    /// A text.
    Text(String),
    /// An object of the class `MStringRef`. [`StringRef::get`] calls a getter that both sides list.
    Object(StringRef),
}

impl QueueSql {
    /// Returns the text, unless it is in an object.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Object(_) => None,
        }
    }
}

impl FromJson for QueueSql {
    fn read(reader: &mut Reader<'_>) -> Result<Self, Problem> {
        let json: Json = reader.json()?;
        match String::from_json(&json) {
            Ok(text) => Ok(Self::Text(text)),
            Err(_) => StringRef::from_json(&json).map(Self::Object),
        }
    }
}
