//! Compares two exports.

mod change;
mod fields;
mod rows;
mod status;

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

pub use self::change::{Change, Difference, Field, What};
use self::rows::Rows;
pub use self::status::Unknown;
use self::status::{Status, unknown};
use crate::Export;
use crate::export::{Cause, INSTANCES, PLATFORM, Place, USERS, identity_of};

/// The differences between two exports.
///
/// Objects are compared by their identity, such as the name of a user, and lists as sets. What one of the exports does
/// not contain is unknown, and not removed.
///
/// It serializes to JSON: `{"old", "new", "changes", "unknown", "not_compared"}`.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Comparison {
    /// The old export.
    pub old: Side,
    /// The new export.
    pub new: Side,
    /// The differences, sorted by archive, kind and object.
    pub changes: Vec<Change>,
    /// What could not be compared, because it could not be read.
    pub unknown: Vec<Unknown>,
    /// The folders of instances that were not compared, because they were not chosen.
    pub not_compared: Vec<String>,
}

/// One of the two exports of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Side {
    /// The name for people, such as the path of the folder.
    pub name: String,
    /// The address of the server.
    pub server: String,
    /// The version of the server.
    pub server_version: Option<String>,
    /// The time of the export.
    pub time: String,
}

impl Comparison {
    /// Compares two exports. `names` are the names of the old and the new export for people.
    pub fn between(old: &Export, new: &Export, names: [&str; 2]) -> Self {
        let mut comparison = Self {
            old: side(old, names[0]),
            new: side(new, names[1]),
            changes: Vec::new(),
            unknown: Vec::new(),
            not_compared: Vec::new(),
        };
        let both = [old, new];
        let mut only_one = BTreeSet::new();
        let own_archives = both.map(archives);
        for archive in own_archives[0].union(&own_archives[1]).copied() {
            let place = Place::archive(archive);
            if both
                .iter()
                .any(|export| Status::of(export, &place) == Status::Missing(Cause::NotChosen))
            {
                comparison.not_compared.push(archive.to_owned());
                continue;
            }
            let value = Value::Null;
            let what = match own_archives.each_ref().map(|own| own.contains(archive)) {
                [true, true] => {
                    comparison.compare_archive(both, archive);
                    continue;
                }
                [false, _] => What::Added { value },
                [_, false] => What::Removed { value },
            };
            comparison.changes.push(Change::of_archive(archive, what));
            only_one.insert(archive);
        }
        comparison.leave_out_rows_of(&only_one);
        comparison
    }

    /// Returns whether there are no differences in what could be compared.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    fn compare_archive(&mut self, both: [&Export; 2], archive: &str) {
        for kind in kinds(both, archive) {
            let place = Place::kind(archive, &kind);
            if let Some(found) = unknown(both, &place) {
                self.unknown.extend(found.filter_both_unsupported());
                continue;
            }
            let identity = identity_of(archive, &kind);
            let mut rows = both.map(|export| Rows::of(export, &place, identity));
            if kind == USERS {
                self.leave_out_unknown_users(both, archive, &mut rows);
            }
            let [old, new] = rows;
            let changes = old.compare(new);
            self.changes
                .extend(changes.into_iter().map(|(object, what)| Change {
                    archive: archive.to_owned(),
                    kind: kind.clone(),
                    object,
                    what,
                }));
        }
    }

    /// A user who could not be read on one side is unknown.
    fn leave_out_unknown_users(&mut self, both: [&Export; 2], archive: &str, rows: &mut [Rows; 2]) {
        let missing = both.iter().flat_map(|export| export.manifest().not_read());
        let users: BTreeSet<&Place> = missing
            .map(|missing| &missing.path)
            .filter(|place| place.archive == archive && place.user.is_some())
            .collect();
        for place in users {
            self.unknown.extend(unknown(both, place));
            rows.iter_mut().for_each(|rows| rows.leave_out(place));
        }
    }

    /// An instance that was added or removed as a whole is not listed again as a row of the list of instances.
    fn leave_out_rows_of(&mut self, archives: &BTreeSet<&str>) {
        self.changes.retain(|change| {
            let is_row = change.archive == PLATFORM && change.kind == "instances";
            let id = change.object.as_deref().unwrap_or_default().to_lowercase();
            let is_whole = matches!(change.what, What::Added { .. } | What::Removed { .. });
            !(is_row && is_whole && archives.contains(format!("{INSTANCES}{id}").as_str()))
        });
    }
}

fn side(export: &Export, name: &str) -> Side {
    let manifest = export.manifest();
    Side {
        name: name.to_owned(),
        server: manifest.server().to_owned(),
        server_version: manifest.server_version().map(str::to_owned),
        time: manifest.time().to_owned(),
    }
}

/// Returns the folders of the archives that an export knows something about.
fn archives(export: &Export) -> BTreeSet<&str> {
    let missing = export.manifest().not_read().iter().map(|missing| &missing.path);
    let places = export.texts().keys().chain(missing);
    places.map(|place| place.archive.as_str()).collect()
}

/// Returns the kinds of an archive that one of the exports knows something about.
fn kinds(both: [&Export; 2], archive: &str) -> BTreeSet<String> {
    let place = Place::archive(archive);
    let known = both
        .iter()
        .flat_map(|export| export.below(&place))
        .map(|(place, _)| place);
    let missing = both.iter().flat_map(|export| export.manifest().not_read());
    let missing = missing
        .map(|missing| &missing.path)
        .filter(|own| place.covers(own));
    known
        .chain(missing)
        .filter_map(|place| place.kind.clone())
        .collect()
}

#[cfg(test)]
mod tests;
