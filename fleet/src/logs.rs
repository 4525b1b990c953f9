//! The logs and the results of calls, in files or objects. The journal of the engine contains their sizes only.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::call::{Call, short_hex};
use crate::folder;
use crate::place::Place;
use crate::store::Stores;

/// The longest name of a file, without its extension. Longer names are cut, and get a digest of the whole name.
const LONGEST_NAME: usize = 180;

/// How many bytes of a log wait in the memory until they become an object.
const PIECE: usize = 4 * 1024 * 1024;

/// The place of the log and the result of one call.
#[derive(Clone, Debug)]
pub struct Logs {
    place: Result<Place, &'static str>,
    /// The window and the name of the call, separated by `/`. Both are valid names of files.
    name: String,
    /// The number of the log, from 1. A call that is sent again after an unknown outcome has another log.
    number: u32,
}

impl Logs {
    /// Returns the place of the log and the result of a call. `place` is a folder or the URL of an object store.
    ///
    /// Each window has a folder of its own. The name of a file contains the profile, the instance, the function and the
    /// digest of the arguments.
    pub fn of(place: &str, call: &Call, number: u32) -> Self {
        let window = file_name(&call.window);
        let name = file_name(call.name_in_window());
        Self {
            place: Place::parse(place),
            name: format!("{window}/{name}"),
            number,
        }
    }

    /// Returns the path of the log in a folder, or the beginning of the URLs of its objects.
    pub fn log(&self) -> String {
        match &self.place {
            Ok(Place::Store { bucket, prefix }) => format!("s3://{bucket}/{prefix}{}/log-", self.name),
            Ok(Place::Folder(folder)) => self.log_file(folder).display().to_string(),
            Err(_) => "the log".to_owned(),
        }
    }

    /// Returns the path of the result in a folder, or the URL of its object.
    pub fn result(&self) -> String {
        match &self.place {
            Ok(Place::Store { bucket, prefix }) => format!("s3://{bucket}/{prefix}{}/result.json", self.name),
            Ok(Place::Folder(folder)) => self.file(folder, ".json").display().to_string(),
            Err(_) => "the result".to_owned(),
        }
    }

    fn log_file(&self, folder: &Path) -> PathBuf {
        match self.number {
            1 => self.file(folder, ".log"),
            number => self.file(folder, &format!(".{number}.log")),
        }
    }

    fn file(&self, folder: &Path, extension: &str) -> PathBuf {
        folder.join(format!("{}{extension}", self.name))
    }

    /// Writes the result, in place of an earlier one, and returns its size.
    ///
    /// # Errors
    /// The result was not written.
    pub(crate) async fn write_result(&self, stores: &Stores, text: String) -> Result<u64, String> {
        let size = text.len() as u64;
        let written = match &self.place {
            Err(problem) => Err((*problem).to_owned()),
            Ok(Place::Folder(folder)) => {
                let path = self.file(folder, ".json");
                beside(move || mailstore_profiles::replace(&path, text.as_bytes())).await
            }
            Ok(Place::Store { bucket, prefix }) => {
                let name = format!("{prefix}{}/result.json", self.name);
                stores.put(bucket, &name, text).await.map_err(str::to_owned)
            }
        };
        match written {
            Ok(()) => Ok(size),
            Err(problem) => Err(format!("the worker cannot write {}: {problem}", self.result())),
        }
    }

    /// Reads the result.
    ///
    /// # Errors
    /// The result does not exist, or cannot be read.
    pub(crate) async fn read_result(&self, stores: &Stores) -> Result<String, String> {
        let read = match &self.place {
            Err(problem) => Err((*problem).to_owned()),
            Ok(Place::Folder(folder)) => {
                let path = self.file(folder, ".json");
                beside(move || fs::read_to_string(path)).await
            }
            Ok(Place::Store { bucket, prefix }) => {
                let name = format!("{prefix}{}/result.json", self.name);
                stores.get(bucket, &name).await.map_err(str::to_owned)
            }
        };
        read.map_err(|problem| format!("{} cannot be read: {problem}", self.result()))
    }

    /// Writes a part of the log. Its name says which part it is, so the same part again changes nothing.
    async fn write_part(&self, stores: &Stores, start: u64, text: &str) -> Result<(), String> {
        let written = match &self.place {
            Err(problem) => Err((*problem).to_owned()),
            Ok(Place::Folder(folder)) => {
                let (path, text) = (self.log_file(folder), text.to_owned());
                beside(move || folder::write_at(&path, start, &text)).await
            }
            Ok(Place::Store { bucket, prefix }) => {
                let end = start + text.len() as u64;
                let name = format!(
                    "{prefix}{}/log-{:02}-{start:012}-{end:012}",
                    self.name, self.number
                );
                stores
                    .put(bucket, &name, text.to_owned())
                    .await
                    .map_err(str::to_owned)
            }
        };
        written.map_err(|problem| format!("the worker cannot write {}: {problem}", self.log()))
    }
}

/// Writes a log piece by piece. A folder gets each piece at once. An object store gets few large objects.
pub(crate) struct Writer<'a> {
    logs: &'a Logs,
    stores: &'a Stores,
    written: u64,
    waiting: String,
}

impl<'a> Writer<'a> {
    /// Continues a log that has this size.
    pub(crate) fn new(logs: &'a Logs, stores: &'a Stores, size: u64) -> Self {
        Self {
            logs,
            stores,
            written: size,
            waiting: String::new(),
        }
    }

    /// Adds a piece. Returns the size of the log if all of it is written, or `None` if some of it waits.
    ///
    /// # Errors
    /// The log was not written. It waits for the next attempt.
    pub(crate) async fn add(&mut self, text: &str) -> Result<Option<u64>, String> {
        self.waiting.push_str(text);
        let waits = matches!(self.logs.place, Ok(Place::Store { .. })) && self.waiting.len() < PIECE;
        if waits && !self.waiting.is_empty() {
            return Ok(None);
        }
        self.flush().await.map(Some)
    }

    /// Writes what waits, and returns the size of the log.
    ///
    /// # Errors
    /// The log was not written. It waits for the next attempt.
    pub(crate) async fn flush(&mut self) -> Result<u64, String> {
        if !self.waiting.is_empty() {
            self.logs
                .write_part(self.stores, self.written, &self.waiting)
                .await?;
            self.written += self.waiting.len() as u64;
            self.waiting.clear();
        }
        Ok(self.written)
    }

    /// Writes the result, and returns its size.
    ///
    /// # Errors
    /// The result was not written.
    pub(crate) async fn result(&self, text: &str) -> Result<u64, String> {
        self.logs.write_result(self.stores, text.to_owned()).await
    }
}

/// Writes or reads a file beside the other work, because a disk of the network may not answer.
async fn beside<T: Send + 'static>(
    access: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, String> {
    match tokio::task::spawn_blocking(access).await {
        Ok(done) => done.map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    }
}

/// Returns a text as the name of a file: other characters than letters, digits, `-`, `_` and `.` become `%` with their
/// hexadecimal codes, and a colon becomes a comma.
pub(crate) fn file_name(text: &str) -> String {
    let mut name = String::new();
    for (index, byte) in text.bytes().enumerate() {
        match byte {
            b':' => name.push(','),
            b'.' if index == 0 => name.push_str("%2E"),
            b'-' | b'_' | b'.' => name.push(byte.into()),
            _ if byte.is_ascii_alphanumeric() => name.push(byte.into()),
            _ => name.push_str(&format!("%{byte:02X}")),
        }
    }
    if name.len() <= LONGEST_NAME {
        return name;
    }
    let digest = short_hex(&Sha256::digest(&name));
    // All characters are ASCII, so every index is between two characters.
    let half = (LONGEST_NAME - digest.len()) / 2 - 1;
    format!("{}~{digest}~{}", &name[..half], &name[name.len() - half..])
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::call::{CallEffect, Target};

    fn logs(window: &str, profile: &str, instance: &str) -> Logs {
        let target = Target {
            profile: profile.to_owned(),
            server: "https://127.0.0.1:1".to_owned(),
            instance: Some(instance.to_owned()),
        };
        let call = Call::new(window, target, "Ping", BTreeMap::new(), CallEffect::Read, 0);
        Logs::of("/logs", &call, 1)
    }

    #[test]
    fn a_hostile_name_stays_in_the_folder_of_its_window() {
        for text in [
            "../../etc",
            "..",
            ".",
            "/etc",
            "a/b",
            "a\\b",
            "a\0b",
            "ä\n",
            "s3://x",
            "%2F",
        ] {
            let path = logs(text, text, text).log();
            let rest = path.strip_prefix("/logs/").unwrap();
            let parts: Vec<&str> = rest.split('/').collect();
            assert_eq!(parts.len(), 2, "{path}");
            assert!(parts.iter().all(|part| !part.starts_with('.')), "{path}");
            let is_valid = |c: char| c.is_ascii_alphanumeric() || "-_.,%~".contains(c);
            assert!(parts.iter().all(|part| part.chars().all(is_valid)), "{path}");
            assert!(object_store::path::Path::parse(rest).is_ok(), "{path}");
        }
    }

    #[test]
    fn different_calls_have_different_files_however_long_their_names_are() {
        let long = |middle: &str| format!("{}{middle}{}", "a".repeat(300), "b".repeat(300));
        let (one, other) = (logs("w", &long("1"), "i").log(), logs("w", &long("2"), "i").log());
        assert_ne!(one, other);
        let name = Path::new(&one).file_name().unwrap().len();
        assert!(name <= LONGEST_NAME + ".log".len(), "{name}");
        assert_ne!(logs("w", "a,b", "c").log(), logs("w", "a", "b,c").log());
    }

    #[tokio::test]
    async fn a_result_is_replaced_as_a_whole_and_leaves_no_other_file() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().display().to_string();
        let logs = Logs {
            place: Place::parse(&place),
            ..logs("w", "p", "i")
        };
        for text in ["a long text", "short"] {
            let written = logs.write_result(&Stores::default(), text.to_owned()).await;
            assert_eq!(written, Ok(text.len() as u64));
        }
        let path = logs.result();
        let path = Path::new(&path);
        assert_eq!(fs::read_to_string(path).unwrap(), "short");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }
}
