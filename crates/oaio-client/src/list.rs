//! The list of the objects of a server.

use std::collections::BTreeMap;
use std::time::Instant;

use crate::core::Core;
use crate::error::Error;
use crate::object::Object;
use crate::object_id::ObjectId;

/// The list of the objects of a server.
pub(crate) struct List {
    pub(crate) objects: BTreeMap<ObjectId, Object>,
    /// The ids of invalid records and what is wrong with them.
    pub(crate) invalid: Vec<(String, Error)>,
    pub(crate) requested: Instant,
}

/// An empty list, requested now.
impl Default for List {
    fn default() -> Self {
        Self {
            objects: BTreeMap::new(),
            invalid: Vec::new(),
            requested: Instant::now(),
        }
    }
}

impl List {
    pub(crate) async fn request(core: &Core) -> Result<Self, Error> {
        let mut list = Self::default();
        for listed in core.api.list().await? {
            match listed {
                Ok(object) => _ = list.objects.insert(object.id.clone(), object),
                Err(invalid) => list.invalid.push(invalid),
            }
        }
        Ok(list)
    }

    /// Returns an object, if the server lists it.
    ///
    /// # Errors
    /// The record of the object is invalid.
    pub(crate) fn find(&self, id: &ObjectId) -> Result<Option<Object>, Error> {
        match self.invalid.iter().find(|(invalid, _)| invalid == id.as_str()) {
            Some((_, problem)) => Err(Error::response(format!(
                "the record of the object is invalid: {problem}"
            ))),
            None => Ok(self.objects.get(id).cloned()),
        }
    }
}
