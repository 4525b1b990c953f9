//! Folders for files that this program keeps between its runs.

use std::path::PathBuf;

use etcetera::BaseStrategy as _;
use miette::IntoDiagnostic as _;

use crate::exit::Failed;

/// Returns a folder: that of an environment variable, or the one with this name in the folder for state of this user.
pub(crate) fn state_folder(variable: &str, name: &str) -> Result<PathBuf, Failed> {
    if let Some(folder) = std::env::var_os(variable).filter(|folder| !folder.is_empty()) {
        return Ok(folder.into());
    }
    let folders = etcetera::choose_base_strategy()
        .into_diagnostic()
        .map_err(Failed::work)?;
    let state = folders.state_dir().unwrap_or_else(|| folders.data_dir());
    Ok(state.join("mailstore").join(name))
}
