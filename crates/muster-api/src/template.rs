//! Writes the files that are installed in a Dispatcher.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;

use python_bridge::{BRIDGE, Bridge, Effect};
use serde_json::json;

use crate::generated::catalog::SURFACE;
use crate::open::Connect;

/// The template: a Python script for Python 3.3 and later.
pub const TEMPLATE: &str = include_str!("muster_bridge_template.py");

/// Writes the files of the bridge to a folder. The README says where to install them.
///
/// The files are `muster_bridge_template.py`, `muster_bridge.py` and `muster_bridge_surface.json`. Files with these names
/// are replaced. The token file is not written, so the bridge stays off.
///
/// # Errors
/// A file cannot be written.
pub fn write_template(folder: impl AsRef<Path>) -> io::Result<()> {
    let folder = folder.as_ref();
    fs::write(folder.join("muster_bridge_template.py"), TEMPLATE)?;
    fs::write(folder.join("muster_bridge.py"), BRIDGE)?;
    fs::write(folder.join("muster_bridge_surface.json"), surface_text()?)
}

/// Returns what programs may use, as JSON. It is what this crate asks for, so the two sides cannot differ.
///
/// The template refuses the functions in `dangerous` unless its setting `ALLOW_DANGEROUS` is true. They remove something,
/// run code or replace the queue.
fn surface_text() -> io::Result<String> {
    let surface = Connect::new(Bridge::builder()).prepared().surface_json();
    let mut surface = surface.map_err(io::Error::other)?;
    // Two functions have the same name, so this is a set.
    let dangerous: BTreeSet<&str> = SURFACE
        .functions
        .iter()
        .filter(|function| function.effect == Effect::Destructive)
        .map(|function| function.name)
        .collect();
    surface["dangerous"] = json!(dangerous);
    Ok(format!("{surface:#}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn texts(surface: &Value, key: &str) -> Vec<String> {
        serde_json::from_value(surface[key].clone()).unwrap()
    }

    #[test]
    fn the_written_surface_has_all_functions_and_names_the_dangerous_ones() {
        let folder = tempfile::tempdir().unwrap();
        write_template(folder.path()).unwrap();
        let text = fs::read_to_string(folder.path().join("muster_bridge_surface.json")).unwrap();
        let surface: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(texts(&surface, "functions").len(), 100);
        let dangerous = texts(&surface, "dangerous");
        for name in [
            "nodeRunPythonCode",
            "dbImportQueueSQL",
            "jobDelete",
            "userRemove",
            "poolRemove",
            "logClear",
        ] {
            assert!(dangerous.iter().any(|each| each == name), "{name}");
        }
        let reads = texts(&surface, "reads");
        assert!(dangerous.iter().all(|name| !reads.contains(name)));
        assert!(reads.iter().all(|name| !name.contains(".set")), "{reads:?}");
        let removals = texts(&surface, "functions")
            .into_iter()
            .filter(|name| name.contains("Remove"));
        for name in removals {
            assert!(dangerous.contains(&name), "{name}");
        }
    }

    #[test]
    fn the_template_is_off_and_read_only_until_it_is_changed() {
        assert!(
            TEMPLATE.contains("\nALLOW_CHANGES = False\n")
                && TEMPLATE.contains("\nALLOW_DANGEROUS = False\n")
        );
        assert!(TEMPLATE.is_ascii());
    }
}
