//! Builds and finds the programs of the workspace: every binary and every example.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let package = std::env::current_dir().expect("cargo runs tests in the package");
    package.parent().expect("a package has a folder").to_owned()
}

/// The path of every program by its name. The programs are built with the options of `cargo xtask test`, so nothing is
/// built again if that command runs the test.
pub(crate) fn programs() -> &'static BTreeMap<String, PathBuf> {
    static PROGRAMS: OnceLock<BTreeMap<String, PathBuf>> = OnceLock::new();
    PROGRAMS.get_or_init(build)
}

fn build() -> BTreeMap<String, PathBuf> {
    let output = mailstore_reach::cargo()
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

/// The program that a line such as `cargo run -p PACKAGE` starts. `None` if the workspace does not have it.
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

/// Whether a line such as `cargo test -p PACKAGE --test NAME` runs a test of the workspace. After `--test NAME` or
/// `--lib`, it may name a module.
pub(crate) fn test_target_of(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (package, test) = (after(&words, "-p"), after(&words, "--test"));
    let (kind, place) = match words.iter().position(|word| *word == "--lib") {
        Some(at) => ("lib", Some(at)),
        None => (
            "test",
            words.iter().position(|word| *word == "--test").map(|at| at + 1),
        ),
    };
    let targets = targets(package, kind);
    let module = place
        .and_then(|at| words.get(at + 1))
        .filter(|word| !word.starts_with('-'));
    package.is_some()
        && targets
            .iter()
            .any(|name| test.is_none_or(|test| test == name.as_str()))
        && module.is_none_or(|module| has_module(package, module.trim_end_matches(':')))
}

/// Whether a package has a file for this module.
fn has_module(package: Option<&str>, module: &str) -> bool {
    let folders = packages(package).into_iter().filter_map(|package| {
        let manifest = Path::new(package["manifest_path"].as_str()?);
        manifest.parent().map(Path::to_owned)
    });
    let mut waiting: Vec<PathBuf> = folders
        .flat_map(|folder| ["src", "tests"].map(|name| folder.join(name)))
        .filter(|folder| folder.is_dir())
        .collect();
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.file_stem().is_some_and(|stem| stem == module) {
                return true;
            }
            if path.is_dir() {
                waiting.push(path);
            }
        }
    }
    false
}

fn after<'a>(words: &[&'a str], option: &str) -> Option<&'a str> {
    let place = words.iter().position(|word| *word == option)?;
    words.get(place + 1).copied()
}

/// The metadata of one package or of all packages.
fn packages(package: Option<&str>) -> Vec<serde_json::Value> {
    static METADATA: OnceLock<serde_json::Value> = OnceLock::new();
    let metadata = METADATA.get_or_init(|| {
        let output = mailstore_reach::cargo()
            .args(["metadata", "--no-deps", "--format-version", "1"])
            .current_dir(root())
            .output()
            .expect("cargo runs");
        serde_json::from_slice(&output.stdout).expect("cargo writes JSON")
    });
    let packages = list(&metadata["packages"]).into_iter();
    packages
        .filter(|found| package.is_none_or(|name| found["name"] == name))
        .collect()
}

fn list(value: &serde_json::Value) -> Vec<serde_json::Value> {
    value.as_array().cloned().unwrap_or_default()
}

/// The names of the targets of this kind, in one package or in all packages.
fn targets(package: Option<&str>, kind: &str) -> Vec<String> {
    let packages = packages(package).into_iter();
    let targets = packages.flat_map(|package| list(&package["targets"]));
    targets
        .filter(|target| list(&target["kind"]).iter().any(|found| found == kind))
        .filter_map(|target| target["name"].as_str().map(str::to_owned))
        .collect()
}
