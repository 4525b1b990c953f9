//! Python ends when its program is killed, which cannot end it any more.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::scene::{environment, scene};
use crate::support::{builder, is_pending, state, until};

/// The folder in which the program that is killed waits. It is this test program, with this variable.
const KILLED: &str = "PYTHON_BRIDGE_KILLED";

/// Starts Python, tells its number, and waits until it is killed.
fn be_killed(folder: &Path, is_busy: bool) {
    scene(async || {
        let connection = builder().spawn().await.unwrap();
        let never = folder.join("never");
        let mut call = connection.call("wait_for").arg("path", &never).into_future();
        if is_busy {
            assert!(is_pending(&mut call));
            until(|| never.with_extension("started").exists()).await;
        }
        let draft = folder.join("draft");
        std::fs::write(&draft, connection.process_id().unwrap().to_string()).unwrap();
        std::fs::rename(draft, folder.join("pid")).unwrap();
        std::future::pending::<()>().await;
    });
}

/// Starts this program again, kills it, and waits for the end of its Python.
fn kill_the_program(test: &str, is_busy: bool) {
    if let Some(folder) = std::env::var_os(KILLED) {
        return be_killed(Path::new(&folder), is_busy);
    }
    scene(async || {
        let folder = tempfile::tempdir().unwrap();
        let mut program = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test])
            .env(KILLED, folder.path())
            .envs(environment())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let pid_file = folder.path().join("pid");
        until(|| pid_file.exists() || !matches!(program.try_wait(), Ok(None))).await;
        let pid: u32 = std::fs::read_to_string(&pid_file).unwrap().parse().unwrap();
        assert!(state(pid).is_some(), "Python runs");
        program.kill().unwrap();
        program.wait().unwrap();
        // The process that adopted Python waits for it, or does not.
        until(|| matches!(state(pid), None | Some('Z'))).await;
    });
}

#[test]
fn python_ends_when_its_program_was_killed_between_calls() {
    kill_the_program(
        "orphans::python_ends_when_its_program_was_killed_between_calls",
        false,
    );
}

#[test]
fn python_ends_when_its_program_was_killed_during_a_call() {
    kill_the_program(
        "orphans::python_ends_when_its_program_was_killed_during_a_call",
        true,
    );
}
