//! Searches what the engine keeps: its journal, and the files of a folder.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::support::Fleet;

/// The entries of all journals of an engine.
pub(crate) struct Journal(Vec<Entry>);

#[derive(Deserialize)]
struct Entry {
    raw: Option<String>,
}

impl Journal {
    /// Reads the journals from the tables of the engine.
    pub(crate) async fn read(fleet: &Fleet) -> Self {
        let sql = "SELECT encode(raw, 'hex') AS raw FROM sys_journal";
        Self(fleet.engine.query(sql).await.unwrap())
    }

    /// Returns whether an entry contains a text.
    pub(crate) fn contains(&self, text: &str) -> bool {
        let text: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
        let mut entries = self.0.iter().filter_map(|entry| entry.raw.as_ref());
        entries.any(|raw| raw.contains(&text))
    }
}

/// Returns whether a file below a folder contains these bytes.
pub(crate) fn contains(folder: &Path, bytes: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return contains(&path, bytes);
        }
        let text = fs::read(&path).unwrap_or_default();
        text.windows(bytes.len()).any(|window| window == bytes)
    })
}
