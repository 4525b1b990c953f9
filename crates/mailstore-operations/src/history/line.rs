//! One line of a history.

use serde::{Deserialize, Serialize};

use crate::snapshot::Snapshot;

/// The version of the lines that this program writes. It changes if an older program would misunderstand a line.
pub(super) const VERSION: u32 = 1;

/// The beginning of every line.
pub(super) const PREFIX: &[u8] = br#"{"format":"mailstore-snapshot","version":"#;

/// The longest line that is read.
pub(super) const MAX_LENGTH: u64 = 16 * 1024 * 1024;

const FORMAT: &str = "mailstore-snapshot";

/// The members that `PREFIX` begins with are the first ones.
#[derive(Serialize)]
struct Line<'a> {
    format: &'static str,
    version: u32,
    #[serde(flatten)]
    snapshot: &'a Snapshot,
}

#[derive(Deserialize)]
struct Header {
    format: String,
    version: u32,
}

/// Why a line is not a snapshot of this version.
#[derive(Debug)]
pub(super) enum LineError {
    Other(serde_json::Error),
    Newer(u32),
}

/// Writes a snapshot as a line with its end.
pub(super) fn encode(snapshot: &Snapshot) -> Result<Vec<u8>, serde_json::Error> {
    let mut line = serde_json::to_vec(&Line {
        format: FORMAT,
        version: VERSION,
        snapshot,
    })?;
    line.push(b'\n');
    Ok(line)
}

/// Reads a line.
pub(super) fn decode(line: &[u8]) -> Result<Snapshot, LineError> {
    let header: Header = serde_json::from_slice(line).map_err(LineError::Other)?;
    if header.format != FORMAT {
        let message = format!("the format is `{}`", header.format.escape_default());
        return Err(LineError::Other(serde::de::Error::custom(message)));
    }
    if header.version > VERSION {
        return Err(LineError::Newer(header.version));
    }
    serde_json::from_slice(line).map_err(LineError::Other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_begins_with_the_prefix_and_is_read_as_it_was_written() {
        let now = "2026-11-28T06:00:00Z".parse().expect("a moment");
        let snapshot = Snapshot::not_read("https://a:1", "acme", "A\nB\u{2028}", now, "stopped");
        let line = encode(&snapshot).expect("it can be written");
        assert!(line.starts_with(PREFIX));
        assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1);
        assert_eq!(decode(&line).expect("it can be read"), snapshot);
    }
}
