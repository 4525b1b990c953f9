//! `cargo xtask fuzz` with wrong arguments. The search itself needs a C++ compiler and is not a test.

use std::process::Command;

#[test]
fn the_error_for_an_unknown_fuzz_target_lists_all_targets() {
    for name in ["result", "", ".", "../corpus"] {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["fuzz", name])
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{name}");
        let list = "dump, envelope, form, log, overlay, results, token";
        assert!(text.contains(list), "{name}: {text}");
    }
}
