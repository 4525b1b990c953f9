//! The Python side of the bridge, which is a part of this crate.

use std::io;
use std::path::Path;

/// The text of `bridge.py`, the Python side of the bridge.
///
/// It has no dependencies and runs on Python 2.7 and 3.3 or newer.
pub const BRIDGE: &str = include_str!("bridge.py");

/// Writes `bridge.py` to this path. A host program imports the file, and `python bridge.py dump MODULE` lists the
/// functions of a module.
///
/// Replaces an existing file.
///
/// # Errors
/// The file cannot be written.
pub fn write_bridge(path: impl AsRef<Path>) -> io::Result<()> {
    std::fs::write(path, BRIDGE)
}
