//! Folders of an archive and the messages in them.

use std::collections::BTreeMap;

use crate::envelope::Failure;

/// The content of one folder without its subfolders.
#[derive(Debug, Clone, Default)]
pub(crate) struct Folder {
    /// Message ids, each `<store id>:<number>`.
    pub(crate) messages: Vec<String>,
    /// The size of all messages in bytes.
    pub(crate) size: i64,
}

/// All folders by full path; `/` separates levels.
#[derive(Debug, Default)]
pub(crate) struct Folders(BTreeMap<String, Folder>);

impl Folders {
    /// Adds a folder and its missing parents.
    pub(crate) fn add(&mut self, path: &str, folder: Folder) {
        for (end, _) in path.match_indices('/') {
            self.0.entry(path[..end].to_owned()).or_default();
        }
        self.0.insert(path.to_owned(), folder);
    }

    /// Returns the sorted paths below `parent`, each with its depth below `parent`. Without a parent, returns all
    /// paths.
    pub(crate) fn below(&self, parent: Option<&str>) -> Result<Vec<(&str, usize)>, Failure> {
        let Some(parent) = parent.filter(|parent| !parent.is_empty()) else {
            return Ok(self
                .0
                .keys()
                .map(|path| (path.as_str(), levels(path) + 1))
                .collect());
        };
        self.exists(parent)?;
        let below = self.0.keys().filter_map(|path| {
            let rest = path.strip_prefix(parent)?.strip_prefix('/')?;
            Some((path.as_str(), levels(rest) + 1))
        });
        Ok(below.collect())
    }

    /// Returns the top-level folders with the number and size of the messages in them and their subfolders.
    pub(crate) fn statistics(&self) -> Vec<(String, usize, i64)> {
        let mut tops: BTreeMap<&str, (usize, i64)> = BTreeMap::new();
        for (path, folder) in &self.0 {
            let top = path.split('/').next().unwrap_or(path);
            let sum = tops.entry(top).or_default();
            sum.0 += folder.messages.len();
            sum.1 += folder.size;
        }
        tops.into_iter()
            .map(|(top, (count, size))| (top.to_owned(), count, size))
            .collect()
    }

    /// Returns the ids of the messages in a folder, without its subfolders. Without a folder, returns the ids of all
    /// messages.
    pub(crate) fn messages(&self, path: Option<&str>) -> Result<Vec<&str>, Failure> {
        match path.filter(|path| !path.is_empty()) {
            Some(path) => Ok(self.exists(path)?.messages.iter().map(String::as_str).collect()),
            None => Ok(self
                .0
                .values()
                .flat_map(|folder| &folder.messages)
                .map(String::as_str)
                .collect()),
        }
    }

    /// Removes a message and returns its size in bytes.
    pub(crate) fn delete_message(&mut self, id: &str) -> Result<i64, Failure> {
        for folder in self.0.values_mut() {
            if let Some(place) = folder.messages.iter().position(|message| message == id) {
                let bytes = folder.size / i64::try_from(folder.messages.len()).unwrap_or(1).max(1);
                folder.messages.remove(place);
                folder.size -= bytes;
                return Ok(bytes);
            }
        }
        Err(Failure::new(format!("There is no message with the id {id}.")))
    }

    /// Moves a folder and its subfolders.
    pub(crate) fn move_to(&mut self, from: &str, to: &str) -> Result<(), Failure> {
        self.exists(from)?;
        if to.split('/').any(str::is_empty) || to == from || to.starts_with(&format!("{from}/")) {
            return Err(Failure::new(format!(
                "The folder {from} cannot be moved to '{to}'."
            )));
        }
        if self.0.contains_key(to) {
            return Err(Failure::new(format!("A folder {to} exists already.")));
        }
        let inside = format!("{from}/");
        let moving: Vec<String> = self
            .0
            .keys()
            .filter(|path| *path == from || path.starts_with(&inside))
            .cloned()
            .collect();
        for path in moving {
            if let Some(folder) = self.0.remove(&path) {
                self.add(&format!("{to}{}", &path[from.len()..]), folder);
            }
        }
        Ok(())
    }

    /// Deletes folders that have no messages in them or their subfolders, and returns their paths.
    pub(crate) fn delete_empty(&mut self, parent: Option<&str>) -> Result<Vec<String>, Failure> {
        let below: Vec<String> = self
            .below(parent)?
            .into_iter()
            .map(|(path, _)| path.to_owned())
            .collect();
        let mut deleted = Vec::new();
        // Deletes the deepest folders first, so that a parent is empty when its children are gone.
        for path in below.into_iter().rev() {
            let inside = format!("{path}/");
            let has_children = self.0.keys().any(|other| other.starts_with(&inside));
            if !has_children && self.0.get(&path).is_some_and(|folder| folder.messages.is_empty()) {
                self.0.remove(&path);
                deleted.push(path);
            }
        }
        Ok(deleted)
    }

    pub(crate) fn exists(&self, path: &str) -> Result<&Folder, Failure> {
        self.0
            .get(path)
            .ok_or_else(|| Failure::new(format!("There is no folder {path}.")))
    }
}

fn levels(path: &str) -> usize {
    path.matches('/').count()
}
