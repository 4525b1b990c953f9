//! `cargo xtask openapi` as a user runs it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn openapi(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("openapi")
        .args(arguments)
        .output()
        .expect("it runs")
}

fn committed(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../metadata/mailstore/openapi")
        .join(name);
    fs::read_to_string(path)
        .expect("it is committed")
        .replace("\r\n", "\n")
}

#[test]
fn printed_and_written_documents_equal_the_committed_documents() {
    let printed = openapi(&["--edition", "server"]);
    assert!(printed.status.success());
    assert_eq!(String::from_utf8_lossy(&printed.stdout), committed("server.json"));

    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("spe.json");
    let out = file.display().to_string();
    let written = openapi(&["--edition", "spe", "--version", "3.0", "--out", &out]);
    assert!(written.status.success() && written.stdout.is_empty());
    assert_eq!(
        fs::read_to_string(file).expect("it was written"),
        committed("3.0/spe.json")
    );
}

#[test]
fn errors_for_wrong_arguments_contain_the_valid_values() {
    for (arguments, wanted) in [
        (
            &["--edition", "home"][..],
            &["no edition home", "server", "spe"][..],
        ),
        (&["--edition", "spe", "--version", "2.0"], &["2.0", "3.1, 3.0"]),
        (&[], &["--edition"]),
        (
            &["--edition", "spe", "--out", "no/such/folder/spe.json"],
            &["cannot write", "no/such/folder"],
        ),
    ] {
        let output = openapi(arguments);
        assert!(!output.status.success(), "{arguments:?}");
        let text = String::from_utf8_lossy(&output.stderr);
        for words in wanted {
            assert!(text.contains(words), "{arguments:?}: {text}");
        }
    }
}
