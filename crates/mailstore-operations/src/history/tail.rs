//! The end of a history, after the last end of a line.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};

use super::line::{MAX_LENGTH, PREFIX, decode};

const CHUNK: u64 = 64 * 1024;

/// What follows the last end of a line.
#[derive(Debug)]
pub(super) enum Tail {
    /// Nothing follows.
    Complete,
    /// A whole snapshot follows. Only the end of its line is missing.
    WithoutLineEnd,
    /// A part of a line follows. It begins at this place.
    Incomplete { start: u64, bytes: Vec<u8> },
    /// The file has no end of a line, and does not begin like a history.
    OtherFormat,
}

/// Reads the end of a file of this length.
pub(super) fn read(file: &mut File, length: u64) -> io::Result<Tail> {
    let mut start = length;
    let mut bytes = Vec::new();
    while start > 0 {
        let from = start.saturating_sub(CHUNK);
        let mut chunk = Vec::new();
        file.seek(SeekFrom::Start(from))?;
        file.by_ref().take(start - from).read_to_end(&mut chunk)?;
        let after = chunk
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map(|index| index + 1);
        start = from + after.unwrap_or(0) as u64;
        let mut longer = chunk.split_off(after.unwrap_or(0));
        longer.append(&mut bytes);
        bytes = longer;
        if after.is_some() {
            break;
        }
        if bytes.len() as u64 > MAX_LENGTH {
            return Ok(Tail::OtherFormat);
        }
    }
    Ok(if bytes.is_empty() {
        Tail::Complete
    } else if decode(&bytes).is_ok() {
        Tail::WithoutLineEnd
    } else if start > 0 || may_begin_a_history(&bytes) {
        Tail::Incomplete { start, bytes }
    } else {
        Tail::OtherFormat
    })
}

/// Returns whether the bytes may be what a crash left of the first line. After a power failure, a file can end with
/// zeros.
pub(super) fn may_begin_a_history(bytes: &[u8]) -> bool {
    let zeros = bytes.iter().rev().take_while(|byte| **byte == 0).count();
    let bytes = &bytes[..bytes.len() - zeros];
    bytes.starts_with(PREFIX) || PREFIX.starts_with(bytes)
}
