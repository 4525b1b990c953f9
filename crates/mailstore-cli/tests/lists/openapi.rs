//! `mailstore openapi` as a user runs it.

use std::fs;
use std::process::Output;

use crate::program::{committed, mailstore, metadata};

fn openapi(arguments: &[&str]) -> Output {
    let mut command = mailstore(&["openapi"]);
    command.args(arguments).output().expect("it runs")
}

#[test]
fn printed_and_written_documents_equal_the_committed_documents() {
    let printed = openapi(&["--edition", "server"]);
    assert!(printed.status.success());
    assert_eq!(
        String::from_utf8_lossy(&printed.stdout),
        committed("openapi/server.json")
    );

    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("spe.json");
    let out = file.display().to_string();
    let written = openapi(&["--edition", "spe", "--version", "3.0", "--out", &out]);
    assert!(written.status.success() && written.stdout.is_empty());
    assert_eq!(
        fs::read_to_string(file).expect("it was written"),
        committed("openapi/3.0/spe.json")
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

#[test]
fn a_saved_list_is_described_with_the_known_facts() {
    let dump = metadata("server-24.json").display().to_string();
    let plain = openapi(&["--dump", &dump]);
    assert!(plain.status.success());
    let known = openapi(&["--dump", &dump, "--known", "server"]);
    assert!(known.status.success());
    let text = |output: &Output| String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text(&plain).contains("VerifyStore"));
    assert!(!text(&plain).contains("StoreId") && text(&known).contains("StoreId"));
    let both = openapi(&["--dump", &dump, "--edition", "server"]);
    assert_eq!(both.status.code(), Some(2));
}
