//! Inputs that are pipes, and outputs that close.
#![cfg(unix)]

use std::io::Read as _;
use std::process::{Command, Stdio};

fn shell(line: &str) -> std::process::Output {
    let metadata = std::env::current_dir().expect("the package").join("../metadata");
    Command::new("bash")
        .args(["-o", "pipefail", "-c", line])
        .env("XTASK", env!("CARGO_BIN_EXE_xtask"))
        .current_dir(metadata)
        .output()
        .expect("bash runs")
}

#[test]
fn dumps_and_overlays_may_be_pipes() {
    for (number, input) in ["- < server-9.json", "<(cat server-9.json)", "server-9.json"]
        .iter()
        .enumerate()
    {
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().join(number.to_string());
        let output = shell(&format!(
            "\"$XTASK\" codegen --out {} --dump {input}",
            out.display()
        ));
        assert!(
            output.status.success(),
            "{input}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let functions = std::fs::read_to_string(out.join("functions.rs")).expect("it was written");
        assert!(functions.contains("pub fn verify_store(&self, id: i64)"));
    }
    let output = shell("\"$XTASK\" diff <(cat server-9.json) server-9.json");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn endless_and_missing_inputs_and_folders_are_errors_that_name_the_input() {
    for (input, part) in [
        ("/dev/zero", "limit"),
        ("overlay", "folder"),
        ("nowhere.json", "nowhere.json"),
    ] {
        let output = shell(&format!("\"$XTASK\" diff {input} server-9.json"));
        assert_eq!(output.status.code(), Some(2));
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(errors.contains(input) && errors.contains(part), "{errors}");
    }
}

/// The reader reads nothing or one byte, and goes away.
#[test]
fn a_reader_that_goes_away_causes_no_panic() {
    for (arguments, code) in [
        (&["history"][..], 0),
        (&["coverage", "--plain"], 0),
        (&["openapi", "--edition", "spe"], 0),
        (&["diff", "server-9.json", "server-24.json"], 0),
        (&["diff", "server-9.json", "server-24.json", "--exit-code"], 1),
        (&["codegen", "--check"], 0),
        (&["--help"], 0),
    ] {
        for bytes in [0, 1] {
            let mut child = Command::new(env!("CARGO_BIN_EXE_xtask"))
                .args(arguments)
                .current_dir("../metadata")
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("it starts");
            let mut stdout = child.stdout.take().expect("a pipe");
            let _ = stdout.read(&mut vec![0; bytes]);
            drop(stdout);
            let output = child.wait_with_output().expect("it ends");
            let errors = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(!errors.contains("panicked"), "{arguments:?}: {errors}");
            assert_eq!(output.status.code(), Some(code), "{arguments:?}: {errors}");
        }
    }
}
