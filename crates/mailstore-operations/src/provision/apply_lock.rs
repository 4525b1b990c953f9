//! Keeps a second program from applying a plan to the same archive.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use fs4::{FileExt, TryLockError};
use mailstore_api::Timestamp;
use serde::{Deserialize, Serialize};

use super::digest::hex_digest;
use super::error::ProvisionError;
use super::plan::Plan;

/// A lock on an archive. Programs that use the same folder apply plans to this archive one after the other.
///
/// The operating system ends the lock when the value is dropped or the process ends. The lock does not keep away people
/// and programs on other machines, or programs with another folder.
#[derive(Debug)]
pub struct ApplyLock {
    _file: File,
    holder: PathBuf,
}

/// Who has a lock. It is in a file of its own, because Windows does not let other programs read a locked file.
#[derive(Deserialize, Serialize)]
struct Holder {
    server: String,
    archive: String,
    pid: u32,
    since: Timestamp,
}

impl ApplyLock {
    /// Locks the archive of a plan with a file in a folder, which is created. `now` is shown to programs that want the
    /// same lock. Does not wait.
    ///
    /// # Errors
    /// Another program has the lock, which is [`ProvisionError::Busy`] with its process id, or a file cannot be written.
    pub fn acquire(folder: &Path, plan: &Plan, now: Timestamp) -> Result<Self, ProvisionError> {
        fs::create_dir_all(folder).map_err(failed(folder))?;
        // Upper and lower case of an instance are the same.
        let key = format!("{}\n{}", plan.server, plan.archive.to_lowercase());
        let name = format!("apply-{}", hex_digest(key.as_bytes()));
        let path = folder.join(format!("{name}.lock"));
        let holder = folder.join(format!("{name}.json"));
        let mut options = File::options();
        let file = options.create(true).write(true).truncate(false).open(&path);
        let file = file.map_err(failed(&path))?;
        // The method of the standard library with this name needs a newer compiler than this crate.
        match FileExt::try_lock(&file) {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(ProvisionError::Busy {
                    server: mailstore_api::printable(&plan.server).to_string(),
                    archive: mailstore_api::printable(&plan.archive).to_string(),
                    holder: read_holder(&holder),
                });
            }
            Err(TryLockError::Error(cause)) => return Err(failed(&path)(cause)),
        }
        let shown = Holder {
            server: plan.server.clone(),
            archive: plan.archive.clone(),
            pid: std::process::id(),
            since: now,
        };
        let text = serde_json::to_string(&shown).map_err(std::io::Error::from);
        text.and_then(|text| fs::write(&holder, text))
            .map_err(failed(&holder))?;
        Ok(Self { _file: file, holder })
    }
}

impl Drop for ApplyLock {
    fn drop(&mut self) {
        // A file that stays is replaced by the next program with the lock.
        let _ = fs::remove_file(&self.holder);
    }
}

/// Returns who has the lock, or nothing if its program has not written it yet.
fn read_holder(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    match serde_json::from_str::<Holder>(&text) {
        Ok(holder) => format!(" (process {}, since {})", holder.pid, holder.since),
        Err(_) => String::new(),
    }
}

fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> ProvisionError {
    let path = path.to_owned();
    move |cause| ProvisionError::Lock { path, cause }
}
