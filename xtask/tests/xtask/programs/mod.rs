//! The programs of the workspace: every binary and every example.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let package = std::env::current_dir().expect("cargo runs tests in the package");
    package.parent().expect("a package has a folder").to_owned()
}

/// The path of every program by its name. They are built as `cargo xtask test` builds them, so they are up to date if
/// that command runs the test.
pub(crate) fn programs() -> &'static BTreeMap<String, PathBuf> {
    static PROGRAMS: OnceLock<BTreeMap<String, PathBuf>> = OnceLock::new();
    PROGRAMS.get_or_init(build)
}

fn build() -> BTreeMap<String, PathBuf> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["build", "--workspace", "--all-features", "--bins", "--examples"])
        .arg("--message-format=json")
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let messages = String::from_utf8(output.stdout).expect("text");
    messages.lines().filter_map(program).collect()
}

fn program(message: &str) -> Option<(String, PathBuf)> {
    let message: serde_json::Value = serde_json::from_str(message).expect("cargo writes JSON");
    let path = Path::new(message["executable"].as_str()?);
    Some((message["target"]["name"].as_str()?.to_owned(), path.to_owned()))
}

/// The program that a line such as `cargo run -p PACKAGE` starts, if the workspace has it.
pub(crate) fn program_of(line: &str) -> Option<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let example = after(&words, "--example");
    let kind = if example.is_some() { "example" } else { "bin" };
    let targets = targets(after(&words, "-p"), kind);
    let found: Vec<&String> = targets
        .iter()
        .filter(|name| example.is_none_or(|example| example == name.as_str()))
        .collect();
    match found.as_slice() {
        [program] => Some((*program).clone()),
        _ => None,
    }
}

/// Whether a line such as `cargo test -p PACKAGE --test NAME` runs a test of the workspace.
pub(crate) fn test_target_of(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (package, test) = (after(&words, "-p"), after(&words, "--test"));
    let targets = targets(package, "test");
    package.is_some()
        && targets
            .iter()
            .any(|name| test.is_none_or(|test| test == name.as_str()))
}

fn after<'a>(words: &[&'a str], option: &str) -> Option<&'a str> {
    let place = words.iter().position(|word| *word == option)?;
    words.get(place + 1).copied()
}

/// The names of the targets of a kind, of one package or of all.
fn targets(package: Option<&str>, kind: &str) -> Vec<String> {
    static METADATA: OnceLock<serde_json::Value> = OnceLock::new();
    let metadata = METADATA.get_or_init(|| {
        let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .current_dir(root())
            .output()
            .expect("cargo runs");
        serde_json::from_slice(&output.stdout).expect("cargo writes JSON")
    });
    let list = |value: &serde_json::Value| value.as_array().cloned().unwrap_or_default();
    let packages = list(&metadata["packages"]);
    let packages = packages
        .iter()
        .filter(|found| package.is_none_or(|name| found["name"] == name));
    let targets = packages.flat_map(|package| list(&package["targets"]));
    targets
        .filter(|target| list(&target["kind"]).iter().any(|found| found == kind))
        .filter_map(|target| target["name"].as_str().map(str::to_owned))
        .collect()
}
