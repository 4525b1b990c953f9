//! Tests that features which other crates enable do not change the output of our crates. Cargo compiles each crate
//! once, with all features that any crate of a program enables.

#[allow(unreachable_pub, reason = "the file is part of a library")]
#[path = "../../crates/mailstore-reach/src/cargo.rs"]
mod cargo;
#[path = "feature_unification/outputs.rs"]
mod outputs;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The manifest of a program that enables features of dependencies.
const MANIFEST: &str = r#"[package]
name = "feature-unification"
version = "0.0.0"
edition = "2024"
publish = false
[dependencies]
mailstore-api = { path = "CRATES/mailstore-api", features = ["serde"] }
mailstore-codegen = { path = "CRATES/mailstore-codegen" }
mailstore-metadata = { path = "CRATES/mailstore-metadata" }
mailstore-sim = { path = "CRATES/mailstore-sim", default-features = false }
serde_json = { version = "1", features = ["arbitrary_precision", "float_roundtrip", "preserve_order", "unbounded_depth"] }
tokio = { version = "1", features = ["rt"] }
[profile.dev]
debug = "line-tables-only"
[workspace]
"#;

/// The source of the program. It prints all outputs as one JSON array.
const PROGRAM: &str = r##"mod outputs;

fn main() {
    let [server_24, server_9] = ["server-24.json", "server-9.json"].map(|name| {
        std::fs::read(std::path::Path::new(env!("METADATA")).join(name)).expect("a saved function list")
    });
    // The features are enabled: members keep their order, and numbers keep their digits.
    let value: serde_json::Value = serde_json::from_str(r#"{"b": 1.50, "a": 2}"#).expect("JSON");
    assert_eq!(value.to_string(), r#"{"b":1.50,"a":2}"#);
    println!("{}", serde_json::to_string(&outputs::outputs(&server_24, &server_9)).expect("JSON"));
}
"##;

fn workspace(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn read(path: &str) -> String {
    fs::read_to_string(workspace(path)).expect("a file of the workspace")
}

fn write_if_changed(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return;
    }
    fs::write(path, text).expect("the folder can be written");
}

#[test]
fn features_that_other_crates_enable_change_no_output() {
    let crates = workspace("crates")
        .canonicalize()
        .expect("the folder of the crates");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("feature-unification");
    fs::create_dir_all(folder.join("src")).expect("the folder can be created");
    let manifest = MANIFEST.replace("CRATES", &crates.display().to_string().replace('\\', "/"));
    write_if_changed(&folder.join("Cargo.toml"), &manifest);
    write_if_changed(&folder.join("Cargo.lock"), &read("Cargo.lock"));
    write_if_changed(&folder.join("src/main.rs"), PROGRAM);
    let outputs = include_str!("feature_unification/outputs.rs");
    write_if_changed(&folder.join("src/outputs.rs"), outputs);
    // Uses the target folder of the workspace, so that only crates with other features are compiled again.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .parent()
        .expect("the target folder");
    let program = cargo::cargo_outside()
        .args(["run", "--quiet"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", target)
        .env("METADATA", workspace("metadata/mailstore"))
        .output()
        .expect("cargo runs this test");
    let errors = String::from_utf8_lossy(&program.stderr);
    assert!(program.status.success(), "{errors}");
    let with: Vec<(String, String)> =
        serde_json::from_slice(&program.stdout).expect("what the program printed");

    let without = self::outputs::outputs(
        read("metadata/mailstore/server-24.json").as_bytes(),
        read("metadata/mailstore/server-9.json").as_bytes(),
    );
    assert_eq!(with.len(), without.len());
    for ((name, with), (same_name, without)) in with.into_iter().zip(without) {
        assert_eq!(name, same_name);
        assert!(!without.is_empty(), "{name}");
        assert!(with == without, "{name} is\n{with}\ninstead of\n{without}");
    }
}

/// No feature of another crate can change the TLS library of a client, because no dependency of the client can use
/// another one. The lock file contains the dependencies of all platforms and features.
#[test]
fn rustls_is_the_only_tls_library_of_a_client() {
    let lock = read("Cargo.lock");
    let packages: BTreeMap<&str, Vec<&str>> = lock
        .split("[[package]]")
        .skip(1)
        .map(|package| {
            let texts: Vec<&str> = package.split('"').skip(1).step_by(2).collect();
            let dependencies = package.split("dependencies = [").nth(1).unwrap_or_default();
            let dependencies = dependencies.split('"').skip(1).step_by(2);
            let names = dependencies.filter_map(|dependency| dependency.split(' ').next());
            (texts[0], names.collect())
        })
        .collect();
    let mut seen = BTreeSet::new();
    let mut open = vec!["mailstore-api"];
    while let Some(name) = open.pop() {
        if seen.insert(name) {
            open.extend(&packages[name]);
        }
    }
    for expected in [
        "mailstore-transport",
        "rustls",
        "tokio-rustls",
        "ring",
        "serde_json",
    ] {
        assert!(seen.contains(expected), "{expected} is not among {seen:?}");
    }
    for other in [
        "hyper-tls",
        "native-tls",
        "openssl",
        "openssl-sys",
        "reqwest",
        "tokio-native-tls",
    ] {
        assert!(!seen.contains(other), "a client uses {other}");
    }
}
