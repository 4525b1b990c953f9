//! Tests that the compiler rejects programs with mistakes.

#[allow(unreachable_pub, reason = "the file is part of a library")]
#[path = "../../crates/mailstore-reach/src/cargo.rs"]
mod cargo;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The compiler whose messages are saved beside the programs. Other versions have other messages.
const COMPILER: &str = "rustc 1.95.";

/// The manifest of a package that contains the programs. The features of `mailstore-api` are those of the lint
/// `cargo clippy`, so the dependencies are already checked.
const MANIFEST: &str = r#"[package]
name = "compile-fail"
version = "0.0.0"
edition = "2024"
publish = false
[dependencies]
mailstore-api = { path = "CRATES/mailstore-api", features = ["blocking", "serde", "server-9"] }
[workspace]
"#;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// The programs that must not compile, by name.
fn programs() -> BTreeMap<String, String> {
    let files = fs::read_dir(here("tests/compile_fail")).expect("the folder of the programs");
    files
        .map(|file| file.expect("a file").path())
        .filter(|path| path.extension() == Some(OsStr::new("rs")))
        .map(|path| {
            let name = path.file_stem().expect("a file has a name").to_string_lossy();
            (name.into_owned(), fs::read_to_string(&path).expect("a program"))
        })
        .collect()
}

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
    let programs = programs();
    let messages = check(&programs);
    for name in programs.keys() {
        let message = messages
            .get(name)
            .unwrap_or_else(|| panic!("{name} compiles, and must not"));
        insta::with_settings!({
            snapshot_path => "compile_fail",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, { insta::assert_snapshot!(name.as_str(), message) });
    }
}

/// Checks the programs. Returns the errors of each program that has any.
fn check(programs: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let folder = target.join("compile-fail");
    let bin = folder.join("src/bin");
    // Programs that were deleted are not checked.
    drop(fs::remove_dir_all(&bin));
    fs::create_dir_all(&bin).expect("the folder can be created");
    for (name, text) in programs {
        fs::write(bin.join(name).with_extension("rs"), text).expect("the folder can be written");
    }
    let root = here("..").canonicalize().expect("the workspace");
    let root = root.display().to_string().replace('\\', "/");
    fs::write(
        folder.join("Cargo.toml"),
        MANIFEST.replace("CRATES", &format!("{root}/crates")),
    )
    .expect("the folder can be written");
    fs::copy(here("../Cargo.lock"), folder.join("Cargo.lock")).expect("the folder can be written");
    // Uses the target folder of the workspace, so that the dependencies are not checked again.
    let output = cargo::cargo_outside()
        .args([
            "check",
            "--bins",
            "--keep-going",
            "--quiet",
            "--message-format=json",
        ])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", target.parent().expect("the target folder"))
        .output()
        .expect("cargo runs this test");
    let mut messages = BTreeMap::<String, String>::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let line: Value = serde_json::from_str(line).expect("cargo writes JSON");
        let (Some(name), Some(text)) = (
            line["target"]["name"].as_str(),
            line["message"]["rendered"].as_str(),
        ) else {
            continue;
        };
        // The last error of a program only counts the errors, and has no place.
        let has_place = line["message"]["spans"]
            .as_array()
            .is_some_and(|spans| !spans.is_empty());
        if programs.contains_key(name) && line["message"]["level"] == "error" && has_place {
            let text = text.replace("src/bin/", "tests/compile_fail/");
            messages
                .entry(name.to_owned())
                .or_default()
                .push_str(&without_other_files(&text));
        }
    }
    assert!(
        !messages.is_empty(),
        "cargo printed no message of the compiler:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    messages
}

/// Removes the notes about places in other files, because generated files change often. The numbers of the lines then have
/// one digit.
fn without_other_files(message: &str) -> String {
    let mut sections = Vec::<Vec<&str>>::new();
    for line in message.lines() {
        let is_new = ["error", "note", "help"]
            .iter()
            .any(|start| line.starts_with(start));
        match sections.last_mut() {
            Some(section) if !is_new => section.push(line),
            _ => sections.push(vec![line]),
        }
    }
    let is_elsewhere = |line: &&str| {
        line.split_once("--> ")
            .is_some_and(|(_, place)| !place.starts_with("tests/compile_fail/"))
    };
    let lines = sections
        .into_iter()
        .filter(|section| !section.iter().any(is_elsewhere))
        .flatten();
    lines.map(|line| with_narrow_margin(line) + "\n").collect()
}

/// The margin of a line is as wide as the longest line number of the message.
fn with_narrow_margin(line: &str) -> String {
    let text = line.trim_start();
    let after_number = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let number = &text[..text.len() - after_number.len()];
    let after_number = after_number.trim_start();
    if !number.is_empty() && after_number.starts_with(['|', '-', '+', '~']) {
        format!("{number} {after_number}")
    } else if text.starts_with("-->") {
        format!(" {text}")
    } else if text.starts_with(['|', '=']) && line.starts_with(' ') {
        format!("  {text}")
    } else {
        line.to_owned()
    }
}
