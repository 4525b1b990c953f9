//! Runs the checks of `bridge.py` with one Python.

use std::path::Path;

use crate::python::Python;

/// Runs `check_bridge.py`. Returns its last line.
///
/// # Errors
/// Python does not start, or a check failed. Returns what was printed.
pub fn check_bridge(python: &Python) -> Result<String, String> {
    let bridge = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/python-bridge/src/bridge.py");
    let output = python
        .command()
        .arg(Python::modules().join("check_bridge.py"))
        .arg(bridge)
        .output()
        .map_err(|error| format!("Python {} does not start: {error}", python.version()))?;
    let printed = String::from_utf8_lossy(&output.stdout);
    if output.status.success() {
        Ok(printed.lines().last().unwrap_or_default().to_owned())
    } else {
        let errors = String::from_utf8_lossy(&output.stderr);
        Err(format!(
            "Python {} ({}):\n{printed}{errors}",
            python.version(),
            output.status
        ))
    }
}
