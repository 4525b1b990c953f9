//! The program needs no file of the repository.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::program::{mailstore, metadata, root};

#[test]
fn the_copied_program_works_in_an_empty_folder() {
    let folder = tempfile::tempdir().unwrap();
    let copy = folder
        .path()
        .join(format!("mailstore{}", std::env::consts::EXE_SUFFIX));
    fs::copy(env!("CARGO_BIN_EXE_mailstore"), &copy).unwrap();
    for line in [
        "metadata history",
        "metadata history VerifyStore",
        "metadata show server-24",
        "metadata diff server-9 server-24 --surface server",
        "coverage --plain",
        "openapi --edition server-9",
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let here = mailstore(&words).current_dir(root()).output().unwrap();
        let mut elsewhere = Command::new(&copy);
        let there = elsewhere
            .args(&words)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(
            there.status.success(),
            "{line}: {}",
            String::from_utf8_lossy(&there.stderr)
        );
        assert_eq!(there.stdout, here.stdout, "{line}");
        assert!(!there.stdout.is_empty(), "{line}");
    }
}

#[test]
fn the_program_does_not_contain_the_folder_in_which_it_was_compiled() {
    let folder = root().canonicalize().unwrap();
    let folder = folder.join("crates").display().to_string();
    let program = fs::read(env!("CARGO_BIN_EXE_mailstore")).unwrap();
    // Debug information names the files of the source code.
    let text = String::from_utf8_lossy(&program);
    for file in ["metadata/mailstore", "xtask"] {
        let path = Path::new(&folder).parent().unwrap().join(file);
        assert!(!text.contains(&path.display().to_string()), "{}", path.display());
    }
}

#[test]
fn the_lists_of_a_folder_replace_those_of_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().display().to_string();
    let history = |more: &[&str]| {
        let mut command = mailstore(&["metadata", "history", "--folder", &path]);
        let output = command.args(more).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        (output.status.code(), text.into_owned())
    };
    let (code, text) = history(&[]);
    assert_eq!(code, Some(2));
    assert!(text.contains("contains no function lists"), "{text}");
    fs::copy(metadata("server-9.json"), folder.path().join("server-9.json")).unwrap();
    fs::write(folder.path().join("server-25.json"), "[{\"name\": \"New\"}]").unwrap();
    let (code, text) = history(&[]);
    assert_eq!(code, Some(0), "{text}");
    assert!(
        text.contains("server-25.json") && !text.contains("server-24.json"),
        "{text}"
    );
    assert!(history(&["New"]).1.contains("first seen: New()"));
}
