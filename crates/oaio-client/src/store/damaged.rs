//! The folder with the damaged files that were set aside.

use std::fs;
use std::path::{Path, PathBuf};

use wire_values::floor_char_boundary;

use crate::error::Error;
use crate::store::{Damaged, Store, atomic};

/// The longest file name of common file systems, in bytes.
const MAX_BYTES: usize = 255;

impl Store {
    /// Moves a damaged file aside. If that fails, the file stays in its place, and the report says why.
    pub(super) fn set_aside(&self, path: &Path, name: String, problem: String) -> Damaged {
        let (kept_as, problem) = match self.is_read_only {
            true => (None, problem),
            false => match self.move_aside(path, &name) {
                Ok(place) => (Some(place), problem),
                Err(error) => (None, format!("{problem}. It was not set aside: {error}")),
            },
        };
        Damaged {
            name,
            problem,
            kept_as,
        }
    }

    fn move_aside(&self, path: &Path, name: &str) -> Result<PathBuf, Error> {
        let folder = self.own("damaged");
        atomic::create_folder(&folder)?;
        let mut place = folder.join(numbered(name, ""));
        let mut number = 2_u64;
        while fs::symlink_metadata(&place).is_ok() {
            place = folder.join(numbered(name, &format!(".{number}")));
            number += 1;
        }
        fs::rename(path, &place)
            .and_then(|()| atomic::sync_folder_of(&place))
            .map_err(|cause| Error::file(path, "cannot move the damaged file", cause))?;
        tracing::warn!(path = %place.display(), "damaged file set aside");
        Ok(place)
    }
}

/// Returns the name with the ending. The name is cut if both together are too long for the name of a file.
fn numbered(name: &str, ending: &str) -> String {
    let end = floor_char_boundary(name, MAX_BYTES.saturating_sub(ending.len()));
    format!("{}{ending}", name.get(..end).unwrap_or(name))
}
