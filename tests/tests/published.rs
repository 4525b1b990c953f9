//! Tests of the published crates, the README and the examples.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(arguments)
        .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))
        .output()
        .expect("cargo runs this test");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {arguments:?}: {errors}");
    String::from_utf8(output.stdout).expect("cargo writes UTF-8")
}

#[test]
fn every_published_crate_carries_both_licence_texts() {
    let metadata = cargo(&["metadata", "--no-deps", "--format-version", "1"]);
    let metadata: Value = serde_json::from_str(&metadata).expect("JSON");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let packages = metadata["packages"].as_array().expect("packages");
    // `publish = false` is an empty list of registries.
    let published: Vec<&Value> = packages
        .iter()
        .filter(|package| package["publish"].is_null())
        .collect();
    assert!(published.len() >= 6, "{} crates are published", published.len());
    for package in published {
        let name = package["name"].as_str().expect("a name");
        assert_eq!(package["license"], "MIT OR Apache-2.0", "{name}");
        let listed = cargo(&["package", "--list", "--allow-dirty", "--package", name]);
        let folder = Path::new(package["manifest_path"].as_str().expect("a path"));
        let folder = folder.parent().expect("a manifest is in a folder");
        for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
            assert!(
                listed.lines().any(|file| file == licence),
                "{name} lacks {licence}:\n{listed}"
            );
            let text = |folder: &Path| fs::read_to_string(folder.join(licence)).expect("a text");
            assert_eq!(
                text(folder),
                text(&root),
                "{name}: {licence} differs from the one of the workspace"
            );
        }
    }
}

/// The README explains how new major versions of these crates affect callers.
#[test]
fn the_readme_lists_the_used_versions_of_public_dependencies() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |file: &str| fs::read_to_string(root.join(file)).expect("a file of the workspace");
    let (readme, manifest) = (read("README.md"), read("Cargo.toml"));
    let (_, stability) = readme.split_once("## Stability").expect("the section");
    let naming = |line: &&str| line.starts_with("| `") || line.starts_with("The generator's crates add");
    let mut compared = 0;
    for line in stability.lines().filter(naming) {
        // A name in backquotes, and a version after it.
        let texts: Vec<&str> = line.split('`').collect();
        for pair in texts[1..].chunks(2) {
            let is_version = |c: &char| c.is_ascii_digit() || *c == '.';
            let listed: String = pair[1].trim_start().chars().take_while(is_version).collect();
            // A full stop may follow.
            let listed = listed.trim_end_matches('.');
            if listed.is_empty() {
                continue;
            }
            let name = pair[0];
            let used = manifest
                .lines()
                .find(|line| line.starts_with(&format!("{name} = ")));
            let used = used.unwrap_or_else(|| panic!("the workspace does not use {name}"));
            let used = used
                .split('"')
                .find(|text| text.starts_with(|c: char| c.is_ascii_digit()));
            let used = used.expect("a version");
            let same = used == listed || used.starts_with(&format!("{listed}."));
            assert!(
                same,
                "the README lists {name} {listed}, but the workspace uses {used}"
            );
            compared += 1;
        }
    }
    assert_eq!(compared, 9, "the number of versions in the README changed");
}

/// Read-only clients are for monitoring, and a monitor that hangs reports nothing.
#[test]
fn every_monitoring_example_sets_a_request_timeout() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut folders = vec![root.join("crates"), root.join("docs"), root.join("examples")];
    let mut files = vec![root.join("README.md")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of the workspace") {
            let path = entry.expect("an entry").path();
            let is_test = path.ends_with("tests") || path.ends_with("tests.rs");
            match path.extension().and_then(|extension| extension.to_str()) {
                _ if is_test => {}
                _ if path.is_dir() => folders.push(path),
                Some("md" | "rs") => files.push(path),
                _ => {}
            }
        }
    }
    let mut examples = 0;
    for file in files {
        let text = fs::read_to_string(&file).expect("UTF-8");
        // A statement is a chain of methods that ends with a semicolon.
        for (place, _) in text
            .match_indices("::builder(")
            .chain(text.match_indices("Builder::new("))
        {
            let statement = text[place..]
                .split_once(';')
                .map_or("", |(statement, _)| statement);
            if statement.contains(".read_only()") {
                examples += 1;
                assert!(
                    statement.contains(".request_timeout("),
                    "{}: {statement}",
                    file.display()
                );
            }
        }
    }
    assert_eq!(examples, 6, "the number of examples changed");
}

/// The crates that a program with a client compiles.
const RUNTIME: [&str; 6] = [
    "https-connect",
    "mailstore-api",
    "mailstore-metadata",
    "mailstore-transport",
    "mailstore-types",
    "wire-values",
];

#[test]
fn the_crates_of_a_client_have_no_build_scripts() {
    let metadata = cargo(&["metadata", "--no-deps", "--format-version", "1"]);
    let metadata: Value = serde_json::from_str(&metadata).expect("JSON");
    for name in RUNTIME {
        let packages = metadata["packages"].as_array().expect("packages");
        let package = packages.iter().find(|package| package["name"] == name);
        let targets = package.expect("a package of the workspace")["targets"]
            .as_array()
            .expect("targets");
        let is_script = |target: &&Value| target["kind"][0] == "custom-build";
        assert_eq!(targets.iter().find(is_script), None, "{name} has a build script");
    }
}

/// The number depends on the platform.
#[cfg(target_os = "linux")]
#[test]
fn security_md_states_the_number_of_crates_that_a_client_compiles() {
    let tree = cargo(&[
        "tree",
        "--package",
        "mailstore-api",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]);
    let names: std::collections::BTreeSet<&str> = tree
        .lines()
        .filter_map(|line| line.split(" (").next())
        .filter(|line| !line.is_empty())
        .collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let security = fs::read_to_string(root.join("SECURITY.md")).expect("SECURITY.md");
    let stated = format!("compiles {} crates on Linux", names.len());
    assert!(security.contains(&stated), "SECURITY.md must contain {stated:?}");
    for name in RUNTIME {
        assert!(
            names.iter().any(|line| line.starts_with(&format!("{name} v"))),
            "{name} is among the crates of a client"
        );
    }
}
