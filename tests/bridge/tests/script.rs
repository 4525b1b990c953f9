//! The script `bridge.py` passes its checks on Python 3.11. The program `check-pythons` runs them on all Pythons.

use bridge_interop::{Python, check_bridge};

#[test]
fn the_script_passes_its_checks_on_python_3_11() {
    if let Err(problem) = check_bridge(&Python::required()) {
        panic!("{problem}");
    }
}
