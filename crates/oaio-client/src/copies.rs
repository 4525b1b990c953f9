//! Versions that lost a conflict and are kept as copies.

use std::path::PathBuf;

use crate::object::Object;

/// A version that lost a conflict.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Copy {
    /// The version.
    pub object: Object,
    /// The folder of the copy. Its subfolder `files` has the attached files of the version.
    pub folder: PathBuf,
}
