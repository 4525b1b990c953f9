//! Two function lists and the difference between them.

use mailstore_metadata::{Diff, Known};

/// A function list and its name.
pub(super) struct Side {
    pub(super) name: String,
    pub(super) known: Known,
}

/// The difference between two function lists, with their names.
pub(super) struct Comparison {
    pub(super) old: String,
    pub(super) new: String,
    pub(super) diff: Diff,
}
