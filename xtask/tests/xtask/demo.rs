//! `cargo xtask demo` as a user runs it.

use std::process::Command;

/// The demonstration must save the dumps of all editions, including MailStore Server 9.0.
#[test]
fn the_demo_saves_the_dump_of_every_edition_and_succeeds() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("demo")
        .output()
        .expect("it runs");
    let printed = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}{errors}");
    for part in [
        "server-24.json: 89 functions",
        "spe-24.json: 122 functions",
        "server-9.json: 51 functions",
    ] {
        assert!(printed.contains(part), "{part}\n{printed}");
    }
    assert!(printed.contains("equal those committed"), "{printed}");
}

#[test]
fn the_picture_in_the_readme_is_up_to_date() {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["picture", "--check"])
        .output()
        .expect("it runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
