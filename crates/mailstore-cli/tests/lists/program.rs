//! The command under test, and the files of the repository.

use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use mailstore_sim::{Edition, Simulator};

/// The password of the servers in the tests.
pub(crate) const PASSWORD: &str = "hunter2-password";

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The path of a file below `metadata/mailstore`.
pub(crate) fn metadata(name: &str) -> PathBuf {
    root().join("metadata/mailstore").join(name)
}

pub(crate) fn committed(name: &str) -> String {
    let text = fs::read_to_string(metadata(name)).unwrap();
    text.replace("\r\n", "\n")
}

/// The command with these arguments, with the password and without any other setting of the environment.
pub(crate) fn mailstore<A: AsRef<OsStr>>(arguments: &[A]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mailstore"));
    command.args(arguments).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("MAILSTORE_") {
            command.env_remove(name);
        }
    }
    command.env_remove("CLICOLOR_FORCE");
    // The profiles of the person who runs the tests are not used.
    command.env(
        "MAILSTORE_CONFIG",
        concat!(env!("CARGO_TARGET_TMPDIR"), "/no-profiles"),
    );
    command.env("MAILSTORE_PASSWORD", PASSWORD);
    command
}

/// The arguments in a line such as `mailstore metadata diff OLD NEW`.
pub(crate) fn words(line: &str) -> Vec<String> {
    let words = shlex::split(line).unwrap();
    assert_eq!(words[0], "mailstore", "{line}");
    words.into_iter().skip(1).collect()
}

/// The parts of a text between backquotes.
pub(crate) fn quoted(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[track_caller]
pub(crate) fn succeeds(output: &Output) {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// A server with the password of the tests, and the options to connect to it.
pub(crate) fn server(edition: Edition) -> (Simulator, Vec<String>) {
    let server = Simulator::builder(edition)
        .credentials("admin", PASSWORD)
        .start()
        .unwrap();
    let options = [
        "--server",
        server.url(),
        "--edition",
        edition.as_str(),
        "--pin",
        server.fingerprint(),
    ];
    let options = options.map(str::to_owned).to_vec();
    (server, options)
}
