//! Saved tokens of calls that continue on the server.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use mailstore_api::{Edition, StatusToken};
use mailstore_reach::Options;
use miette::{Context as _, IntoDiagnostic as _, miette};
use serde::{Deserialize, Serialize};

use crate::exit::Failed;
use crate::server::surface;
use crate::state_folder::state_folder;

/// The contents of a token file. It contains no password.
#[derive(Deserialize, Serialize)]
pub(crate) struct TokenFile {
    /// The name of the user that started the call.
    pub(crate) user: String,
    /// The token, with the address of the server.
    pub(crate) token: StatusToken,
}

/// The folder of token files: `MAILSTORE_TASKS`, or a folder for state of this user.
fn folder() -> Result<PathBuf, Failed> {
    state_folder("MAILSTORE_TASKS", "tasks")
}

/// Saves a token in a new file, which only this user can read. Returns its path.
fn save(token: &StatusToken, options: &Options) -> Result<PathBuf, Failed> {
    let folder = folder()?;
    let write = || -> std::io::Result<PathBuf> {
        fs::create_dir_all(&folder)?;
        // The file is created with access for this user alone.
        let mut file = tempfile::Builder::new()
            .prefix(&format!("{}-", token.function()))
            .suffix(".json")
            .tempfile_in(&folder)?;
        let saved = TokenFile {
            user: options.user_name().to_owned(),
            token: token.clone(),
        };
        serde_json::to_writer(&mut file, &saved)?;
        file.write_all(b"\n")?;
        file.as_file().sync_all()?;
        let (_, path) = file.keep()?;
        Ok(path)
    };
    write()
        .into_diagnostic()
        .wrap_err_with(|| {
            format!(
                "the call is running, but its token cannot be saved in {}. The token is {}",
                folder.display(),
                token.expose()
            )
        })
        .map_err(Failed::work)
}

/// Reads a token file.
///
/// # Errors
/// The file cannot be read or is damaged. It stays as it is.
pub(crate) fn read(path: &Path) -> Result<TokenFile, Failed> {
    let shown = path.display();
    let text = fs::read(path)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot read the token file {shown}"))
        .map_err(Failed::usage)?;
    serde_json::from_slice(&text)
        .map_err(|error| Failed::usage(miette!("{shown} is not a token file: {error}")))
}

/// Returns the paths of all token files, sorted.
pub(crate) fn all() -> Result<Vec<PathBuf>, Failed> {
    let folder = folder()?;
    let entries = match fs::read_dir(&folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot read {}", folder.display()))
            .map_err(Failed::work)?,
    };
    let mut paths: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    paths.sort();
    Ok(paths)
}

/// Saves a token and prints how to return to the call.
pub(crate) fn leave_running(token: &StatusToken, options: &Options) -> Result<(), Failed> {
    let file = save(token, options)?;
    mailstore_reach::say!(
        "The call is running on the server. Its token is saved in {}",
        file.display()
    );
    let mut words = options.arguments(edition_of(token));
    words.push(file.display().to_string());
    let words = shlex::try_join(words.iter().map(String::as_str));
    for command in ["watch", "cancel"] {
        if let Ok(words) = &words {
            mailstore_reach::say!("  mailstore tasks {command} {words}");
        }
    }
    Ok(())
}

/// Returns the edition of the server of a token.
pub(crate) fn edition_of(token: &StatusToken) -> Edition {
    let is_of = |edition: &Edition| surface(*edition).name == token.surface();
    Edition::ALL.into_iter().find(is_of).unwrap_or(Edition::Server)
}
