//! The commands of the program in the documents have the arguments that the program accepts.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How documents begin a command of the program.
const BEGINNINGS: [&str; 3] = [
    "mailstore-fleet ",
    "cargo run -- ",
    "target/release/mailstore-fleet ",
];

#[test]
fn every_shown_command_of_the_program_is_accepted() {
    let shown = shown();
    for subcommand in [
        "engine", "worker", "run", "demo", "cancel", "decide", "status", "watch", "export", "results",
    ] {
        let is_shown = shown.iter().any(|(words, _)| words[0] == subcommand);
        assert!(is_shown, "no document shows {subcommand}");
    }
    for (words, place) in shown {
        // The help is printed after the arguments before it were accepted.
        let output = Command::new(env!("CARGO_BIN_EXE_mailstore-fleet"))
            .args(&words)
            .arg("--help")
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{place}: {words:?}: {errors}");
    }
}

#[test]
fn every_shown_job_file_exists() {
    let mut found = 0;
    for (words, place) in shown() {
        for word in words.iter().filter(|word| word.starts_with("examples/")) {
            found += 1;
            assert!(root().join(word).is_file(), "{place}: there is no {word}");
        }
    }
    assert!(found > 0, "no document shows an example");
}

/// Returns the words of each shown command after the name of the program, and the file that shows it.
fn shown() -> Vec<(Vec<String>, String)> {
    let mut shown = Vec::new();
    for path in documents() {
        let text = fs::read_to_string(&path).unwrap();
        let place = path.strip_prefix(root()).unwrap_or(&path).display().to_string();
        let quoted = text.lines().flat_map(|line| line.split('`').skip(1).step_by(2));
        let lines = text.lines().map(|line| line.trim().trim_start_matches("$ "));
        for command in quoted.chain(lines) {
            let rest = BEGINNINGS
                .iter()
                .find_map(|beginning| command.strip_prefix(beginning));
            let words = rest.map(words).unwrap_or_default();
            if !words.is_empty() {
                shown.push((words, place.clone()));
            }
        }
    }
    shown
}

/// Returns the words of a command. Of alternatives such as `done|retry`, it takes the first one.
fn words(command: &str) -> Vec<String> {
    let command = command.split(" # ").next().unwrap_or_default();
    let command = command.split(" [").next().unwrap_or_default();
    let words = command.split_whitespace();
    let words = words.map(|word| word.split('|').next().unwrap_or_default().trim_matches('\''));
    words.map(str::to_owned).collect()
}

/// Returns the README, the documents and the examples.
fn documents() -> Vec<PathBuf> {
    let mut paths = vec![root().join("README.md"), root().join("../README.md")];
    for folder in ["docs", "examples"] {
        for entry in fs::read_dir(root().join(folder)).unwrap() {
            let path = entry.unwrap().path();
            // A folder of the examples is a program.
            if path.is_file() {
                paths.push(path);
            }
        }
    }
    paths
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
