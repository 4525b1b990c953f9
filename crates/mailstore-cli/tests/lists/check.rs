//! `mailstore metadata check`.

use std::fs;

use mailstore_sim::Edition;

use crate::program::{mailstore, metadata, server};

fn check(options: &[String], more: &[&str]) -> (Option<i32>, String, String) {
    let mut command = mailstore(&["metadata", "check"]);
    let output = command.args(options).args(more).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_exit_code_says_whether_the_lists_differ() {
    for edition in Edition::ALL {
        let (_server, options) = server(edition);
        let name = format!("{}-24", edition.as_str());
        let file = metadata(&format!("{name}.json")).display().to_string();
        for saved in [&name, &file] {
            let (code, output, errors) = check(&options, &[saved]);
            assert_eq!(code, Some(0), "{errors}");
            assert!(output.contains("Nothing changed."), "{output}");
        }
    }
    let (_server, options) = server(Edition::Server);
    let (code, output, errors) = check(&options, &["server-9"]);
    assert_eq!(code, Some(1), "{errors}");
    assert!(output.contains("Silent dangers (3)"), "{output}");
    let (code, output, _) = check(&options, &["server-9", "--format", "markdown"]);
    assert_eq!(code, Some(1));
    assert!(output.contains("#### Silent dangers (3)"), "{output}");
}

#[test]
fn errors_have_other_exit_codes_than_a_difference() {
    let (server, options) = server(Edition::Server);
    let folder = tempfile::tempdir().unwrap();
    let bad = folder.path().join("bad.json");
    fs::write(&bad, "<html>").unwrap();
    assert_eq!(check(&options, &[bad.to_str().unwrap()]).0, Some(2));
    let (code, _, errors) = check(&options, &["nowhere.json"]);
    assert_eq!(code, Some(2));
    assert!(
        errors.contains("nowhere.json") && errors.contains("server-24"),
        "{errors}"
    );
    let untrusted = ["--server", server.url(), "--edition", "server"].map(str::to_owned);
    assert_eq!(check(&untrusted, &["server-24"]).0, Some(5));
    server.inject("metadata garble".parse().unwrap()).unwrap();
    assert_eq!(check(&options, &["server-24"]).0, Some(2));
    assert_eq!(check(&[], &["server-24"]).0, Some(2), "no server is chosen");
}
