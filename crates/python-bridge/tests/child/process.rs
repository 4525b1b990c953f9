//! The program of Python, and the check that a process is gone.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// The program of Python 3.11, not a script that starts it.
pub(crate) fn python() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let output = Command::new("python3.11")
            .args(["-c", "import sys; print(sys.executable)"])
            .output()
            .expect("these tests need `python3.11` in PATH");
        assert!(
            output.status.success(),
            "python3.11 does not work: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        PathBuf::from(String::from_utf8(output.stdout).unwrap().trim())
    })
}

/// Checks that no process has this id. A process that was not waited for would still have it.
pub(crate) fn assert_gone(pid: u32) {
    assert!(!exists(pid), "process {pid} is still there");
}

pub(crate) fn exists(pid: u32) -> bool {
    state(pid).is_some()
}

/// Returns the state of a process: `Z` if it has ended and was not waited for. `None` if there is no such process.
pub(crate) fn state(pid: u32) -> Option<char> {
    if Path::new("/proc/self/stat").exists() {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The name of the program is in parentheses, and may contain some.
        let (_, rest) = stat.rsplit_once(')')?;
        return rest.trim_start().chars().next();
    }
    // Systems without these files have this command.
    let output = Command::new("ps")
        .args(["-o", "stat=", "-p"])
        .arg(pid.to_string())
        .output();
    let output = output.expect("`ps` runs").stdout;
    String::from_utf8_lossy(&output).trim_start().chars().next()
}

/// Waits until a condition is true, and fails after a minute.
pub(crate) async fn until(mut condition: impl FnMut() -> bool) {
    let began = Instant::now();
    while !condition() {
        assert!(
            began.elapsed() < Duration::from_secs(60),
            "the condition never became true"
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
