//! The commands for the function lists of Python modules: each invalid input causes one short message.

use std::path::Path;
use std::process::Command;

/// The beginning of a list, up to its functions.
const BEGIN: &str = r#"{"format": 1, "module": "MDispatcherAPI", "version": null, "python": null, "constants": {}, "classes": {}, "functions": "#;

/// Runs a command in a folder. Returns its exit code and what it writes.
fn run(folder: &Path, arguments: &str) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments.split(' '))
        .current_dir(folder)
        .output()
        .expect("it runs");
    let text = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(text).expect("UTF-8"))
}

#[test]
fn invalid_lists_cause_one_short_message() {
    let folder = tempfile::tempdir().expect("created");
    let function = r#"{"name": "jobGet", "parameters": []}"#;
    let many = format!("{function},").repeat(2000);
    for (name, content, expected) in [
        ("missing.json", None, "cannot read missing.json"),
        ("folder", None, "it is a folder"),
        (
            "empty.json",
            Some(String::new()),
            "empty.json:1:1: EOF while parsing a value",
        ),
        (
            "text.json",
            Some("jobs".to_owned()),
            "text.json:1:1: expected value",
        ),
        ("array.json", Some("[]".to_owned()), "array.json:1:"),
        (
            "format.json",
            Some(BEGIN.replace(": 1,", ": 2,") + "[]}"),
            "this program reads format 1, and the list has format 2",
        ),
        (
            "twice.json",
            Some(format!("{BEGIN}[{many}{function}]}}")),
            "function `jobGet` is listed twice",
        ),
        ("deep.json", Some("[".repeat(100_000)), "deep.json:1:"),
        (
            "mailstore.json",
            Some(std::fs::read_to_string("../metadata/mailstore/server-24.json").expect("a saved list")),
            "mailstore.json:",
        ),
    ] {
        match content {
            Some(content) => std::fs::write(folder.path().join(name), content).expect("written"),
            None if name == "folder" => std::fs::create_dir(folder.path().join(name)).expect("created"),
            None => {}
        }
        for arguments in [
            format!("lists diff {name} {name}"),
            format!("codegen --list {name} --product muster --out client"),
        ] {
            let (code, text) = run(folder.path(), &arguments);
            assert_eq!(code, Some(1), "{arguments}: {text}");
            assert!(text.contains(expected), "{arguments}: {text}");
            assert_eq!(text.matches("Error:").count(), 1, "{arguments}: {text}");
            assert!(text.len() < 1200, "{arguments}: {text}");
        }
    }
    assert!(!folder.path().join("client").exists());
}

#[test]
fn lists_of_two_modules_are_not_compared_and_not_mixed_up() {
    let folder = tempfile::tempdir().expect("created");
    std::fs::write(folder.path().join("muster.json"), format!("{BEGIN}[]}}")).expect("written");
    let shop = format!("{BEGIN}[]}}").replace("MDispatcherAPI", "shop");
    std::fs::write(folder.path().join("shop.json"), shop).expect("written");
    let (code, text) = run(folder.path(), "lists diff muster.json shop.json");
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("pass two lists of the same module"), "{text}");
    let (code, text) = run(
        folder.path(),
        "codegen --list shop.json --product muster --out client",
    );
    assert_eq!(code, Some(1), "{text}");
    assert!(
        text.contains("shop.json is the list of the module `shop`"),
        "{text}"
    );
    let (code, text) = run(
        folder.path(),
        "codegen --list muster.json --product mustard --out client",
    );
    assert_eq!(code, Some(2), "{text}");
    assert!(
        text.contains("the products are jetstream and muster, not `mustard`"),
        "{text}"
    );
    assert!(!folder.path().join("client").exists());
}
