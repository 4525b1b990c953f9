//! Reads input that a user names: a file, a pipe or standard input, up to a size limit.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use mailstore_metadata::{Dump, decode_text};

/// The path that stands for standard input.
const STANDARD_INPUT: &str = "-";

/// The text of an input and its name.
///
/// Byte order mark and carriage returns are removed, and UTF-16 is decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// The name in errors and headers: the file name, `standard input` or `a pipe`.
    pub name: String,
    /// The text, with `\n` at the end of each line.
    pub text: String,
}

impl Input {
    /// Reads a file, a pipe, or standard input (`-`). The input is read once, so a pipe works as well as a file.
    ///
    /// # Errors
    /// The input cannot be read, is a folder, has more than [`Dump::MAX_BYTES`] bytes, or is not text. The error
    /// contains the place of invalid text. It does not contain the path.
    pub fn read(path: &Path) -> io::Result<Self> {
        let bytes = read_bytes(path)?;
        let text = decode_text(&bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        Ok(Self {
            name: name_of(path),
            text: with_plain_line_ends(&text),
        })
    }
}

/// Reads the bytes of a file, a pipe, or standard input (`-`).
///
/// # Errors
/// The input cannot be read, is a folder, or has more than [`Dump::MAX_BYTES`] bytes.
pub fn read_bytes(path: &Path) -> io::Result<Vec<u8>> {
    if is_standard_input(path) {
        return read_limited(io::stdin().lock());
    }
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::Error::new(
            io::ErrorKind::IsADirectory,
            "it is a folder; name a file in it",
        ));
    }
    read_limited(file)
}

/// Whether a path means standard input (`-`). Standard input can be read only once.
pub fn is_standard_input(path: &Path) -> bool {
    path.as_os_str() == STANDARD_INPUT
}

/// The name in errors and headers. It is the same on every machine: a pipe is called `a pipe`, because its number
/// differs with every run.
fn name_of(path: &Path) -> String {
    if is_standard_input(path) {
        return "standard input".to_owned();
    }
    if fs::metadata(path).is_ok_and(|found| !found.is_file()) {
        return "a pipe".to_owned();
    }
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

/// Reads the input up to the limit. It stops after one more byte, so an endless input is an error.
fn read_limited(input: impl Read) -> io::Result<Vec<u8>> {
    let limit = u64::try_from(Dump::MAX_BYTES).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    input.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    if bytes.len() > Dump::MAX_BYTES {
        return Err(io::Error::new(
            io::ErrorKind::FileTooLarge,
            format!("it has more than {} bytes, which is the limit", Dump::MAX_BYTES),
        ));
    }
    Ok(bytes)
}

fn with_plain_line_ends(text: &str) -> String {
    text.replace("\r\n", "\n")
}
