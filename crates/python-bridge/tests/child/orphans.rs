//! Python ends when its program is killed, which cannot end it any more.

use std::path::Path;
use std::process::{Command, Stdio};

use python_bridge::Step;

use crate::process::{exists, state, until};
use crate::scene::{environment, scene};
use crate::support::{builder, is_pending};

/// The folder in which the program that is killed waits. It is this test program, with this variable.
const KILLED: &str = "PYTHON_BRIDGE_KILLED";

/// A module whose root is left when the connection ends. It tells so with a file, and may then never end.
const GUARDED: &str = "import os, time
HERE = os.path.dirname(__file__)
class Guard:
    def __enter__(self):
        pass
    def __exit__(self, *args):
        open(os.path.join(HERE, 'left'), 'w').close()
        while os.path.exists(os.path.join(HERE, 'endless')):
            time.sleep(1)
    def wait_for(self, path):
        open(path + '.started', 'w').close()
        while True:
            time.sleep(1)
";

/// What Python does when its program is killed.
#[derive(Clone, Copy, PartialEq)]
enum Work {
    Nothing,
    Call,
    EndlessEnd,
}

/// Starts Python, tells its number, and waits until it is killed.
fn be_killed(folder: &Path, work: Work) {
    scene(async || {
        let connection = builder()
            .module("guarded")
            .module_path(folder)
            .root([Step::get(["Guard"]), Step::call(), Step::Enter])
            .spawn()
            .await
            .unwrap();
        let never = folder.join("never");
        let mut call = connection.call("wait_for").arg("path", &never).into_future();
        if work == Work::Call {
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
fn kill_the_program(test: &str, work: Work) {
    if let Some(folder) = std::env::var_os(KILLED) {
        return be_killed(Path::new(&folder), work);
    }
    scene(async || {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("guarded.py"), GUARDED).unwrap();
        if work == Work::EndlessEnd {
            std::fs::write(folder.path().join("endless"), "").unwrap();
        }
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
        assert!(exists(pid), "Python runs");
        program.kill().unwrap();
        program.wait().unwrap();
        // Not every process that adopts Python waits for it.
        until(|| matches!(state(pid), None | Some('Z'))).await;
        let was_left = folder.path().join("left").exists();
        assert_eq!(was_left, work != Work::Call, "whether the session ended as usual");
    });
}

#[test]
fn python_ends_when_its_program_was_killed_between_calls() {
    let test = "orphans::python_ends_when_its_program_was_killed_between_calls";
    kill_the_program(test, Work::Nothing);
}

#[cfg(unix)]
#[test]
fn python_ends_when_its_program_was_killed_during_a_call() {
    let test = "orphans::python_ends_when_its_program_was_killed_during_a_call";
    kill_the_program(test, Work::Call);
}

#[cfg(unix)]
#[test]
fn python_that_cannot_end_ends_when_its_program_was_killed() {
    let test = "orphans::python_that_cannot_end_ends_when_its_program_was_killed";
    kill_the_program(test, Work::EndlessEnd);
}
