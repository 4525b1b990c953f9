//! What a synchronization did.

use std::path::PathBuf;

use crate::error::Error;
use crate::object_id::ObjectId;
use crate::stamp::Stamp;

/// What a synchronization did.
///
/// An object is in one of the lists, or in none if it was up to date. A conflict is also in `uploaded`, `downloaded` or
/// `deleted`, after it was resolved.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct SyncReport {
    /// The objects whose local version is now on the server.
    pub uploaded: Vec<ObjectId>,
    /// The objects whose version of the server is now in the folder.
    pub downloaded: Vec<ObjectId>,
    /// The objects that were removed from the folder, because they were deleted on the server.
    pub deleted: Vec<ObjectId>,
    /// The objects with two versions of which neither was made from the other. One version was kept as a copy.
    pub conflicts: Vec<Conflict>,
    /// The objects that were left as they are.
    pub skipped: Vec<Skipped>,
    /// The objects that could not be uploaded or downloaded. The next synchronization tries again.
    pub failed: Vec<Failed>,
    /// The error that ended the synchronization early, for example because the server can no longer be reached. The
    /// next synchronization continues with the objects that are in no list.
    pub interrupted: Option<Error>,
}

impl SyncReport {
    /// Returns whether every object is up to date. Skipped objects do not matter.
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty() && self.interrupted.is_none()
    }
}

/// Two versions of an object, of which neither was made from the other.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Conflict {
    /// The object.
    pub id: ObjectId,
    /// How the conflict arose.
    pub kind: ConflictKind,
    /// The stamp of the version that lost. [`Client::copies`](crate::Client::copies) returns it.
    pub lost: Stamp,
    /// The folder with the copy of the version that lost.
    pub copy: PathBuf,
}

/// How a conflict arose and which version was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConflictKind {
    /// The object was changed here and on the server. The local version is newer: it was uploaded. The copy is the
    /// version of the server.
    LocalIsNewer,
    /// The object was changed here and on the server. The version of the server is newer: it was downloaded. The copy is
    /// the local version.
    ServerIsNewer,
    /// This client uploaded a version, and another client replaced it without having seen it. The copy is the version
    /// of this client.
    Overwritten,
    /// The object was deleted on the server, and the local version was made here. It was removed from the folder. The
    /// copy is the local version.
    Deleted,
}

/// An object that was left as it is.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Skipped {
    /// The id of the object, as it is on the server or in the folder. It may be invalid.
    pub id: String,
    /// The reason.
    pub reason: SkipReason,
}

impl Skipped {
    /// Returns whether the object is still where it was. A damaged record was set aside, so that the version of the server
    /// takes its place.
    pub(crate) fn is_in_place(&self) -> bool {
        !matches!(self.reason, SkipReason::Damaged { kept_as: Some(_), .. })
    }
}

/// Why an object was left as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SkipReason {
    /// The object exists on the server, but the user has no access to it. It stays in the folder, because it may belong
    /// to another user who uses the same folder.
    NotMine,
    /// The client is read-only, and the object was changed here.
    ReadOnly,
    /// The program changed the object during the synchronization. The next synchronization continues with it.
    ChangedMeanwhile,
    /// The record of the server is invalid. The text says what is wrong.
    InvalidRecord(String),
    /// The file of the record is damaged. It was set aside if that was possible.
    Damaged {
        /// What is wrong with it.
        problem: String,
        /// Where the file is now. `None` if it was left in place, because the client is read-only or the file cannot be
        /// read or moved.
        kept_as: Option<PathBuf>,
    },
    /// The record in the folder has values that JSON cannot hold, so it cannot be sent. It was left in place.
    Unsupported(String),
}

/// An object that could not be uploaded or downloaded.
#[derive(Debug)]
#[non_exhaustive]
pub struct Failed {
    /// The object.
    pub id: ObjectId,
    /// The error.
    pub error: Error,
}
