//! What an export says about a place that it may not contain.

use serde::Serialize;

use crate::Export;
use crate::export::{Cause, Place};

/// A part of the configuration that could not be compared, because an export does not contain it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Unknown {
    /// The place as a path in the export: a file, or a folder for all files in it.
    pub path: String,
    /// Why the old export does not contain it. `None` if it does.
    pub old: Option<String>,
    /// Why the new export does not contain it. `None` if it does.
    pub new: Option<String>,
    #[serde(skip)]
    both_unsupported: bool,
}

/// Whether an export contains a place.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Status {
    /// The export contains the place, or knows that there is nothing.
    Known,
    Missing(Cause),
    /// The program that wrote the export does not know the kind.
    NotExported,
}

impl Status {
    pub(super) fn of(export: &Export, place: &Place) -> Self {
        let mut missing = export.manifest().not_read().iter();
        if let Some(missing) = missing.find(|missing| missing.path.covers(place)) {
            return Self::Missing(missing.cause());
        }
        // There may be no users. Every other kind has a document.
        let has_document = !place.is_file() || place.user.is_some() || export.texts().contains_key(place);
        if has_document {
            Self::Known
        } else {
            Self::NotExported
        }
    }
}

impl Unknown {
    /// Returns nothing if both servers do not have the function: there is nothing to compare.
    pub(super) fn filter_both_unsupported(self) -> Option<Self> {
        (!self.both_unsupported).then_some(self)
    }
}

/// Returns why a place cannot be compared, or `None` if both exports contain it.
pub(super) fn unknown(both: [&Export; 2], place: &Place) -> Option<Unknown> {
    let statuses = both.map(|export| Status::of(export, place));
    if statuses == [Status::Known; 2] {
        return None;
    }
    let [old, new] = both.map(|export| reason(export, place));
    Some(Unknown {
        path: place.to_string(),
        old,
        new,
        both_unsupported: statuses == [Status::Missing(Cause::NotSupported); 2],
    })
}

fn reason(export: &Export, place: &Place) -> Option<String> {
    match Status::of(export, place) {
        Status::Known => None,
        Status::NotExported => Some("the export does not contain it".to_owned()),
        Status::Missing(_) => {
            let mut missing = export.manifest().not_read().iter();
            let missing = missing.find(|missing| missing.path.covers(place))?;
            Some(missing.reason().to_owned())
        }
    }
}
