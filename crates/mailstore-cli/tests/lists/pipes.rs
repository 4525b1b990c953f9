//! Pipes as inputs of commands.
#![cfg(unix)]

use std::process::Command;

use crate::program::metadata;

fn shell(line: &str) -> std::process::Output {
    Command::new("bash")
        .args(["-o", "pipefail", "-c", line])
        .env("MAILSTORE", env!("CARGO_BIN_EXE_mailstore"))
        .current_dir(metadata(""))
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
            "\"$MAILSTORE\" generate --out {} --dump {input}",
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
    let output = shell("\"$MAILSTORE\" metadata diff <(cat server-9.json) server-9.json");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn errors_for_endless_inputs_missing_inputs_and_folders_contain_the_input() {
    for (input, part) in [
        ("/dev/zero", "limit"),
        ("overlay", "folder"),
        ("nowhere.json", "nowhere.json"),
    ] {
        let output = shell(&format!("\"$MAILSTORE\" metadata diff {input} server-9.json"));
        assert_eq!(output.status.code(), Some(2));
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(errors.contains(input) && errors.contains(part), "{errors}");
    }
}

/// The limit of the memory is far below the size of the file, and below what 480,000 functions would need.
#[cfg(target_os = "linux")]
#[test]
fn huge_dumps_are_rejected_with_the_limit_in_the_error() {
    for (prepare, part) in [
        (
            "truncate -s 3G \"$DUMP\"",
            "it has more than 16777216 bytes, which is the limit",
        ),
        (
            "{ echo '['; seq -f '{\"name\":\"F%.0f\"},' 480000; echo '{\"name\":\"G\"}]'; } > \"$DUMP\"",
            "a dump has more than 20000 entries, which is the limit",
        ),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let dump = folder.path().join("huge.json");
        let output = shell(&format!(
            "DUMP={}; {prepare} && ulimit -v 300000 && \"$MAILSTORE\" metadata diff \"$DUMP\" server-9.json",
            dump.display()
        ));
        let errors = String::from_utf8_lossy(&output.stderr).replace(['\n', '│'], " ");
        let errors: Vec<&str> = errors.split_whitespace().collect();
        assert_eq!(output.status.code(), Some(2), "{errors:?}");
        assert!(errors.join(" ").contains(part), "{errors:?}");
    }
}
