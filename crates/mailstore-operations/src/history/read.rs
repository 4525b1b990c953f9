//! Reads a history.

use std::fs::File;
use std::io::{BufRead as _, BufReader, ErrorKind, Read as _};
use std::path::Path;

use super::HistoryError;
use super::line::{LineError, MAX_LENGTH, decode};
use super::tail::may_begin_a_history;
use crate::snapshot::Snapshot;

/// A line of a history that is not a snapshot.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LeftOut {
    /// The number of the line.
    pub line: u64,
    /// Why it was left out.
    pub reason: String,
}

/// Passes every snapshot of a history to `each`, in the order of the file. Returns the lines that were left out: a crash
/// can leave an incomplete one. Changes nothing.
///
/// # Errors
/// The file cannot be read, it is not a history, or a newer version of this program wrote a line.
pub fn read(path: &Path, mut each: impl FnMut(Snapshot)) -> Result<Vec<LeftOut>, HistoryError> {
    let file = File::open(path).map_err(|source| {
        let path = path.to_owned();
        match source.kind() {
            ErrorKind::NotFound => HistoryError::Missing { path },
            _ => HistoryError::Open { path, source },
        }
    })?;
    let mut file = BufReader::new(file);
    let mut left_out = Vec::new();
    let mut line = Vec::new();
    for number in 1_u64.. {
        line.clear();
        let length = file.by_ref().take(MAX_LENGTH).read_until(b'\n', &mut line);
        let length = length.map_err(|source| HistoryError::Read {
            path: path.to_owned(),
            source,
        })?;
        if length == 0 {
            break;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        match decode(&line) {
            Ok(snapshot) => each(snapshot),
            Err(LineError::Newer(version)) => {
                return Err(HistoryError::Newer {
                    path: path.to_owned(),
                    line: number,
                    version,
                });
            }
            Err(LineError::Other(error)) => {
                let is_whole = line.ends_with(b"\n");
                if number == 1 && (is_whole || !may_begin_a_history(&line)) {
                    return Err(HistoryError::OtherFormat {
                        path: path.to_owned(),
                        source: Some(error),
                    });
                }
                let reason = if is_whole {
                    error.to_string()
                } else {
                    "it is incomplete".to_owned()
                };
                left_out.push(LeftOut { line: number, reason });
            }
        }
    }
    Ok(left_out)
}
