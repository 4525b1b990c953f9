//! The lock of the folder of an engine, so that only one engine uses it.

use std::fs::{self, File, TryLockError};
use std::path::Path;

use miette::{Context as _, IntoDiagnostic as _, Report, miette};

/// The locked file. It stays in the folder, and the system releases its lock when the process ends.
const FILE: &str = "engine.lock";

/// Creates a folder, and locks it until the returned file is dropped.
///
/// # Errors
/// The folder cannot be written, or another process has locked it.
pub(super) fn lock(folder: &Path) -> Result<File, Report> {
    fs::create_dir_all(folder)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot create {}", folder.display()))?;
    let path = folder.join(FILE);
    let cannot = || format!("cannot lock {}", path.display());
    let file = File::create(&path).into_diagnostic().wrap_err_with(cannot)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(miette!(
            help = "Stop it, or choose another folder and other ports.",
            "an engine already runs in the folder {}",
            folder.display()
        )),
        Err(TryLockError::Error(error)) => Err(error).into_diagnostic().wrap_err_with(cannot),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_one_engine_at_a_time() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("new");
        let first = lock(&folder).unwrap();
        let error = lock(&folder).unwrap_err().to_string();
        assert!(error.contains("an engine already runs in the folder"), "{error}");
        drop(first);
        lock(&folder).unwrap();
    }
}
