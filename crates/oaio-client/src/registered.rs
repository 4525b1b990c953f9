//! The outcome of registering or updating an object.

use crate::error::Error;
use crate::object::Object;

/// The outcome of registering or updating an object. The object is in the folder in both cases.
#[derive(Debug)]
#[must_use = "the object may not be on the server yet"]
pub enum Registered {
    /// The object is on the server.
    Synced(Object),
    /// The object is only in the folder, because of this error. The next synchronization uploads it.
    Local(Object, Error),
}

impl Registered {
    /// Returns the object as it is in the folder.
    pub fn object(&self) -> &Object {
        match self {
            Self::Synced(object) | Self::Local(object, _) => object,
        }
    }

    /// Returns the object as it is in the folder.
    pub fn into_object(self) -> Object {
        match self {
            Self::Synced(object) | Self::Local(object, _) => object,
        }
    }

    /// Returns whether the object is on the server.
    pub fn is_synced(&self) -> bool {
        matches!(self, Self::Synced(_))
    }

    /// Returns the object that is on the server.
    ///
    /// # Errors
    /// The object is only in the folder. Returns the reason.
    pub fn synced(self) -> Result<Object, Error> {
        match self {
            Self::Synced(object) => Ok(object),
            Self::Local(_, error) => Err(error),
        }
    }
}
