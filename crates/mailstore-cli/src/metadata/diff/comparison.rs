//! Two function lists and the difference between them.

use mailstore_metadata::Diff;

/// The difference between two function lists, with their names.
pub(in crate::metadata) struct Comparison {
    pub(in crate::metadata) old: String,
    pub(in crate::metadata) new: String,
    pub(in crate::metadata) diff: Diff,
}
