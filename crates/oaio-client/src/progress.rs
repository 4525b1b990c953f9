//! The progress of file transfers.

use std::sync::Arc;

use crate::object_id::ObjectId;

/// The progress of the transfer of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileProgress {
    /// The object to which the file is attached.
    pub object: ObjectId,
    /// The path of the file, relative to the folder of the object.
    pub path: String,
    /// The direction of the transfer.
    pub direction: Direction,
    /// The number of bytes that were transferred.
    pub transferred: u64,
    /// The number of bytes of the file, if it is known.
    pub total: Option<u64>,
}

/// The direction of a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From this machine to the storage host.
    Upload,
    /// From the storage host to this machine.
    Download,
}

/// Receives the progress of file transfers.
pub(crate) type OnProgress = Arc<dyn Fn(&FileProgress) + Send + Sync>;
