//! `mailstore metadata diff` and `mailstore metadata history` as a user runs them.

use std::fs;
use std::io::Write as _;
use std::process::Stdio;

use crate::program::{PASSWORD, mailstore, root};

struct Outcome {
    code: Option<i32>,
    output: String,
    errors: String,
}

/// Runs `mailstore metadata`.
fn run(arguments: &[&str], input: &str) -> Outcome {
    let mut child = mailstore(&["metadata"])
        .args(arguments)
        .current_dir(root())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stdin = child.stdin.take().expect("it is a pipe");
    // The program may close the pipe before it has read everything.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    Outcome {
        code: output.status.code(),
        output: String::from_utf8(output.stdout).expect("text"),
        errors: String::from_utf8(output.stderr).expect("text"),
    }
}

const OLD: &str = "metadata/mailstore/server-9.json";
const NEW: &str = "metadata/mailstore/server-24.json";

/// A folder with two dumps, and their paths.
fn two_dumps(old: &str, new: &str) -> (tempfile::TempDir, String, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let [old, new] = [("old.json", old), ("new.json", new)].map(|(name, text)| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("written");
        path.display().to_string()
    });
    (folder, old, new)
}

/// Compares saved function lists with that of a running server.
#[test]
fn a_saved_list_is_compared_with_a_live_server() {
    let simulator = mailstore_sim::Simulator::builder(mailstore_sim::Edition::Server)
        .credentials("admin", PASSWORD)
        .start()
        .expect("it starts");
    let folder = tempfile::tempdir().expect("a folder");
    let certificate = folder.path().join("ca.pem");
    fs::write(&certificate, simulator.certificate_pem()).expect("written");
    let compare = |old: &str| {
        let mut command = mailstore(&[
            "metadata",
            "diff",
            old,
            simulator.url(),
            "--edition",
            "server",
            "--exit-code",
            "--ca",
        ]);
        command.arg(&certificate).current_dir(root());
        command.output().expect("it ends")
    };
    let same = compare(NEW);
    assert_eq!(
        same.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&same.stderr)
    );
    let old = compare(OLD);
    assert_eq!(
        old.status.code(),
        Some(1),
        "{}",
        String::from_utf8_lossy(&old.stderr)
    );
    assert!(String::from_utf8_lossy(&old.stdout).contains("Silent dangers (3)"));
}

#[test]
fn generated_surfaces_are_compared_in_rust_names() {
    let outcome = run(&["diff", OLD, NEW, "--surface", "server", "--exit-code"], "");
    assert_eq!(outcome.code, Some(1), "{}", outcome.errors);
    for line in [
        "-Client::verify_store(&self, id: StoreId) -> ()  // VerifyStore, action, long",
        "+Client::verify_store(&self, id: StoreId, include_indexes: bool) -> ()  // VerifyStore, action, long",
        "+JobId(i64)",
    ] {
        assert!(
            outcome.output.lines().any(|found| found == line),
            "{line}\n{}",
            outcome.output
        );
    }
    let same = run(&["diff", NEW, NEW, "--surface", "server", "--exit-code"], "");
    assert_eq!((same.code, same.output.as_str()), (Some(0), ""));
}

#[test]
fn the_upgrade_from_9_to_24_as_text() {
    let outcome = run(&["diff", OLD, NEW], "");
    assert_eq!(outcome.code, Some(0), "{}", outcome.errors);
    insta::assert_snapshot!(outcome.output);
}

#[test]
fn the_upgrade_from_9_to_24_as_markdown() {
    let outcome = run(&["diff", OLD, NEW, "--format", "markdown"], "");
    assert_eq!(outcome.code, Some(0), "{}", outcome.errors);
    insta::assert_snapshot!(outcome.output);
}

#[test]
fn the_upgrade_from_9_to_24_as_json() {
    let outcome = run(&["diff", OLD, NEW, "--format", "json"], "");
    assert_eq!(outcome.code, Some(0), "{}", outcome.errors);
    insta::assert_snapshot!(outcome.output);
}

#[test]
fn a_silent_danger_names_all_affected_arguments() {
    let (_folder, old, new) = two_dumps(
        r#"[{"name": "MoveFolder", "args": [{"name": "from", "type": "string", "nullable": false},
                                           {"name": "to", "type": "string", "nullable": false}]}]"#,
        r#"[{"name": "MoveFolder", "args": [{"name": "to", "type": "string", "nullable": false},
                                           {"name": "from", "type": "string", "nullable": false}]}]"#,
    );
    let outcome = run(&["diff", &old, &new], "");
    for part in [
        "Silent dangers (1)",
        "MoveFolder: `to` moved from 2nd to 1st place",
        "values go to the wrong arguments: from `from` to `to`, from `to` to `from`",
        "Review every call",
        "Verdict: major",
    ] {
        assert!(outcome.output.contains(part), "{part}\n{}", outcome.output);
    }
}

#[test]
fn functions_with_unknown_types_are_named_and_not_compared() {
    let (_folder, old, new) = two_dumps(
        r#"[{"name": "A"}]"#,
        r#"[{"name": "A", "args": [{"name": "at", "type": "`date`", "nullable": true}]}]"#,
    );
    let outcome = run(&["diff", &old, &new, "--exit-code"], "");
    assert_eq!(outcome.code, Some(1));
    assert!(
        outcome
            .output
            .contains("A: its argument `at` has the unknown type \"`date`\""),
        "{}",
        outcome.output
    );
    assert!(outcome.output.contains("as far as functions could be compared"));
    let outcome = run(&["diff", &old, &new, "--format", "markdown"], "");
    assert!(
        outcome
            .output
            .contains("- `A: its argument 'at' has the unknown type \"'date'\"`"),
        "{}",
        outcome.output
    );
}

#[test]
fn standard_input_can_be_either_side() {
    let text = fs::read_to_string(root().join(OLD)).expect("it is there");
    for arguments in [["diff", "-", OLD], ["diff", OLD, "-"]] {
        let outcome = run(&arguments, &text);
        assert_eq!(outcome.code, Some(0), "{}", outcome.errors);
        assert!(
            outcome.output.contains("standard input: 51 functions"),
            "{}",
            outcome.output
        );
        assert!(outcome.output.contains("Nothing changed."), "{}", outcome.output);
    }
    let both = run(&["diff", "-", "-"], &text);
    assert_eq!(both.code, Some(2));
    assert!(both.errors.contains("not both"), "{}", both.errors);
}

#[test]
fn exit_codes_are_as_documented() {
    assert_eq!(run(&["diff", OLD, NEW], "").code, Some(0));
    assert_eq!(run(&["diff", OLD, NEW, "--exit-code"], "").code, Some(1));
    assert_eq!(run(&["diff", OLD, OLD, "--exit-code"], "").code, Some(0));
    assert_eq!(run(&["diff", OLD], "").code, Some(2));
    assert_eq!(run(&["diff", OLD, NEW, "--format", "xml"], "").code, Some(2));
    assert_eq!(run(&["diff", OLD, "-"], "<html>").code, Some(2));
    let missing = run(&["diff", OLD, "nowhere.json"], "");
    assert_eq!(missing.code, Some(2));
    assert!(missing.errors.contains("nowhere.json"), "{}", missing.errors);
    assert_eq!(missing.output, "");
}

#[test]
fn output_to_a_pipe_has_no_colours() {
    for format in ["text", "markdown", "json"] {
        let outcome = run(&["diff", OLD, NEW, "--format", format], "");
        assert!(!outcome.output.contains('\u{1b}'), "{format}");
    }
}

#[test]
fn the_history_of_a_function() {
    let outcome = run(&["history", "AttachStore"], "");
    assert_eq!(outcome.code, Some(0), "{}", outcome.errors);
    for part in [
        "\nserver\n  9       first seen",
        "`type` became required",
        "\nspe\n",
    ] {
        assert!(outcome.output.contains(part), "{part}\n{}", outcome.output);
    }
}

#[test]
fn the_history_without_a_name_counts_functions() {
    let outcome = run(&["history"], "");
    assert_eq!(outcome.code, Some(0), "{}", outcome.errors);
    assert!(
        outcome.output.contains("server         9         51         92 "),
        "{}",
        outcome.output
    );
}

#[test]
fn the_error_for_a_misspelt_function_contains_the_right_name() {
    for name in ["GetUsrInfo", "getuserinfo"] {
        let outcome = run(&["history", name], "");
        assert_eq!(outcome.code, Some(2));
        assert!(
            outcome.errors.contains("Did you mean `GetUserInfo`?"),
            "{}",
            outcome.errors
        );
    }
    let outcome = run(&["history", "Xyzzy"], "");
    assert!(!outcome.errors.contains("Did you mean"), "{}", outcome.errors);
}
