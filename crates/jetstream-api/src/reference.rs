//! What a function accepts in the place of an id: the id, or the structure that has it.

use python_bridge::{Json, ToJson};
use wire_values::Unsendable;

use crate::generated::{
    Destination, DestinationId, Manifest, ManifestId, RequestId, ServerRequest, Transfer, TransferId,
};

/// An id, or the id of a structure. Ids are texts or numbers, and are sent back in the form in which they came.
///
/// A call with a structure without an id fails before anything is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference<I>(Option<I>);

impl<I> Reference<I> {
    /// Returns the id. It is missing if the structure has none.
    pub fn id(&self) -> Option<&I> {
        self.0.as_ref()
    }
}

impl<I: ToJson> ToJson for Reference<I> {
    fn to_json(&self) -> Result<Json, Unsendable> {
        self.0.as_ref().map_or_else(
            || Err(Unsendable::form("a structure with an id")),
            ToJson::to_json,
        )
    }
}

macro_rules! references {
    ($id:ident, $structure:ident, $member:ident) => {
        impl From<$id> for Reference<$id> {
            fn from(id: $id) -> Self {
                Self(Some(id))
            }
        }

        impl From<&$id> for Reference<$id> {
            fn from(id: &$id) -> Self {
                Self(Some(id.clone()))
            }
        }

        impl From<&str> for Reference<$id> {
            fn from(id: &str) -> Self {
                Self(Some(id.into()))
            }
        }

        impl From<String> for Reference<$id> {
            fn from(id: String) -> Self {
                Self(Some(id.into()))
            }
        }

        impl From<i64> for Reference<$id> {
            fn from(id: i64) -> Self {
                Self(Some(id.into()))
            }
        }

        impl From<&$structure> for Reference<$id> {
            fn from(structure: &$structure) -> Self {
                Self(structure.$member.clone())
            }
        }
    };
}

references!(ManifestId, Manifest, manifest_id);
references!(DestinationId, Destination, destination_id);
references!(TransferId, Transfer, transfer_id);
references!(RequestId, ServerRequest, request_id);
