//! The files with the logs and the results of calls. The journal of the engine contains their sizes only.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use crate::call::Call;

/// The longest name of a file. Longer names are cut: the digest at the end of a key still tells them apart.
const LONGEST_NAME: usize = 180;

/// The place of the files of one call.
#[derive(Clone, Debug)]
pub struct Logs {
    /// The path without an extension.
    stem: PathBuf,
}

impl Logs {
    /// Returns the place of the files of a call in the folder of its job.
    ///
    /// Each window has a folder of its own. The name of a file contains the profile, the instance, the function and the
    /// digest of the arguments.
    pub fn of(folder: &Path, call: &Call) -> Self {
        let window = file_name(&call.window);
        let rest = call.key.strip_prefix(&format!(
            "{}:",
            call.window.replace('%', "%25").replace(':', "%3A")
        ));
        let name = file_name(rest.unwrap_or(&call.key));
        Self {
            stem: folder.join(window).join(name),
        }
    }

    /// Returns the path of the log.
    pub fn log(&self) -> PathBuf {
        self.with_extension("log")
    }

    /// Returns the path of the result.
    pub fn result(&self) -> PathBuf {
        self.with_extension("json")
    }

    /// Writes a part of the log at its place in the file, and returns the size of the log. Writing the same part again
    /// changes nothing.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn write_log(&self, offset: u64, text: &str) -> io::Result<u64> {
        let mut file = create(&self.log(), false)?;
        file.seek(SeekFrom::Start(offset))?;
        file.write_all(text.as_bytes())?;
        let end = offset + text.len() as u64;
        // A worker that died may have written more of the log than the journal knows. The server returns it again.
        file.set_len(end)?;
        file.sync_data()?;
        Ok(end)
    }

    /// Writes the result, in place of an earlier one, and returns its size.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(crate) fn write_result(&self, text: &str) -> io::Result<u64> {
        let mut file = create(&self.result(), true)?;
        file.write_all(text.as_bytes())?;
        file.sync_data()?;
        Ok(text.len() as u64)
    }

    fn with_extension(&self, extension: &str) -> PathBuf {
        let mut path = self.stem.clone().into_os_string();
        path.push(".");
        path.push(extension);
        path.into()
    }
}

/// Opens a file that only this user can read, and creates it with its folder if necessary.
fn create(path: &Path, truncate: bool) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
    }
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(truncate);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Returns a text as the name of a file: other characters than letters, digits, `-`, `_` and `.` become `%` with their
/// hexadecimal codes, and a colon becomes a comma.
fn file_name(text: &str) -> String {
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
    // All characters are ASCII, so every index is between two characters.
    let half = LONGEST_NAME / 2;
    format!("{}~{}", &name[..half], &name[name.len() - half..])
}
