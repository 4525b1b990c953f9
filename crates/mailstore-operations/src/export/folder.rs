//! Reads an export from its folder.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::kind::identity_of;
use super::manifest::{self, Manifest, Unreadable};
use super::place::Place;
use super::{Export, ExportError, canonical};
use crate::redact;

impl Export {
    /// Reads an export from its folder. Secrets that somebody has added to the files are removed.
    ///
    /// Only the files that the manifest lists are read. Files that an earlier export read, because the last one could
    /// not, are left out.
    ///
    /// # Errors
    /// The folder is not an export, the export was interrupted, or a file is missing or damaged.
    pub fn open(folder: &Path) -> Result<Self, ExportError> {
        let manifest = manifest_in(folder)?.ok_or_else(|| ExportError::NoManifest(folder.to_owned()))?;
        if !manifest.complete {
            return Err(ExportError::Incomplete(folder.to_owned()));
        }
        let mut documents = BTreeMap::new();
        for place in manifest.files.iter().filter(|place| manifest.has_current(place)) {
            let path = path_of(folder, place);
            let bytes = fs::read(&path).map_err(ExportError::file("read", &path))?;
            let mut document: Value =
                serde_json::from_slice(&bytes).map_err(|cause| ExportError::Damaged { path, cause })?;
            redact(&mut document);
            let kind = place.kind.as_deref().unwrap_or_default();
            canonical::sort(&mut document, identity_of(&place.archive, kind));
            documents.insert(place.clone(), canonical::text(&document));
        }
        Ok(Self { manifest, documents })
    }
}

/// Returns the path of a document.
pub(super) fn path_of(folder: &Path, place: &Place) -> PathBuf {
    folder.join(place.to_string())
}

/// Reads the manifest of a folder. Returns `None` if the folder has no manifest of an export.
pub(super) fn manifest_in(folder: &Path) -> Result<Option<Manifest>, ExportError> {
    let path = folder.join(manifest::FILE);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if is_absent(&error) && fs::metadata(folder).is_ok() => return Ok(None),
        Err(error) => return Err(ExportError::file("read", &path)(error)),
    };
    match Manifest::parse(&bytes) {
        None => Ok(None),
        Some(Ok(manifest)) => Ok(Some(manifest)),
        Some(Err(Unreadable::Damaged(cause))) => Err(ExportError::Damaged { path, cause }),
        Some(Err(Unreadable::Newer(version))) => Err(ExportError::Newer {
            folder: folder.to_owned(),
            version,
        }),
    }
}

/// Returns whether an error says that there is no file, or that its folder is a file.
fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}
