//! The readable configuration of a server as documents.

mod canonical;
mod error;
mod file_name;
mod folder;
mod kind;
mod lock;
mod manifest;
mod place;
mod read;
mod write;

use std::collections::BTreeMap;

pub(crate) use self::canonical::{first_matters, identity_in};
pub use self::error::ExportError;
pub(crate) use self::kind::identity_of;
pub use self::manifest::{Cause, Manifest, NotRead};

pub(crate) use self::place::{INSTANCES, PLATFORM, Place, USERS};
pub use self::write::Written;

/// The readable configuration of a server: one document for each kind, and one for each user.
///
/// Documents do not contain secrets, times of runs, sizes or states, and their order does not depend on the server.
/// Two exports of an unchanged server are therefore equal. [`read`](Self::read) reads a server, [`open`](Self::open)
/// reads a folder, and [`write`](Self::write) writes one.
#[derive(Clone, Debug)]
pub struct Export {
    manifest: Manifest,
    /// The texts of the documents.
    documents: BTreeMap<Place, String>,
}

impl Export {
    /// Returns the description of the export.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Returns the documents as paths in the export, and their texts. They are sorted by path.
    pub fn documents(&self) -> impl Iterator<Item = (String, &str)> {
        let documents = self.documents.iter();
        documents.map(|(place, text)| (place.to_string(), text.as_str()))
    }

    /// Returns the texts of the documents by their places.
    pub(crate) fn texts(&self) -> &BTreeMap<Place, String> {
        &self.documents
    }

    /// Returns the texts at a place and below it.
    pub(crate) fn below<'a>(&'a self, place: &'a Place) -> impl Iterator<Item = (&'a Place, &'a String)> {
        // A place is in front of the places below it.
        let following = self.documents.range(place..);
        following.take_while(|(own, _)| place.covers(own))
    }

    /// Creates a complete export of these documents.
    #[cfg(test)]
    pub(crate) fn of_documents(
        edition: mailstore_api::Edition,
        now: mailstore_api::Timestamp,
        documents: Vec<(Place, serde_json::Value)>,
    ) -> Self {
        let mut manifest = Manifest::new(edition, "https://mailstore.example.com", now, "test");
        manifest.files = documents.iter().map(|(place, _)| place.clone()).collect();
        let text = |place: &Place, mut document| {
            let kind = place.kind.as_deref().unwrap_or_default();
            canonical::sort(&mut document, identity_of(&place.archive, kind));
            canonical::text(&document)
        };
        let documents = documents.into_iter();
        Self {
            manifest,
            documents: documents
                .map(|(place, value)| (place.clone(), text(&place, value)))
                .collect(),
        }
    }
}
