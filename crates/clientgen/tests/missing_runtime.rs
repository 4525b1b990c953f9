//! A client whose runtime crate lacks the module that it was generated for.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The compiler reports the import in `mod.rs`, and not every use of the module.
#[test]
fn a_missing_version_of_the_runtime_is_one_error() {
    let folder = tempfile::tempdir().expect("a folder");
    let client = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/toy/generated/mod.rs");
    let root = folder.path().join("lib.rs");
    let text = format!(
        "#[path = {client:?}]\npub mod client;\npub mod runtime {{\n    pub mod generated_v2 {{}}\n}}\n"
    );
    fs::write(&root, text).expect("the folder is writable");
    let output = Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
        .args([
            "--edition=2024",
            "--crate-type=lib",
            "--emit=metadata",
            "--error-format=short",
        ])
        .arg("--out-dir")
        .arg(folder.path())
        .arg(&root)
        .output()
        .expect("rustc runs");
    assert!(!output.status.success());
    let messages = String::from_utf8_lossy(&output.stderr);
    let errors: Vec<&str> = messages.lines().filter(|line| line.contains("error[")).collect();
    assert_eq!(errors.len(), 1, "{messages}");
    assert!(errors[0].contains("generated_v1"), "{messages}");
    assert!(errors[0].contains("mod.rs"), "{messages}");
}
