//! Tests that the compiler rejects programs with mistakes.

use std::process::Command;

/// The compiler whose messages are saved beside the programs. Other versions have other messages.
const COMPILER: &str = "rustc 1.95.";

#[test]
fn mistakes_do_not_compile() {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc)
        .arg("--version")
        .output()
        .expect("rustc built this test");
    let version = String::from_utf8_lossy(&version.stdout);
    assert!(
        version.starts_with(COMPILER),
        "the expected messages are those of {COMPILER}x, and this is {version}: run the test with that compiler"
    );
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
