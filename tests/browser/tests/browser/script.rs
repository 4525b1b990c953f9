//! Runs a script that drives Chromium.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::Value;

use crate::chromium::node;

/// Runs a script of the folder `js` with this input, and returns its output.
///
/// # Panics
///
/// Panics if the script fails, with its error messages.
pub(crate) fn run(script: &str, input: &Value) -> Value {
    let mut child = node(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("node does not start: {error}"));
    let mut pipe = child.stdin.take().expect("standard input is a pipe");
    pipe.write_all(input.to_string().as_bytes()).unwrap();
    drop(pipe);
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{script} failed:\n{errors}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{script}: {error}\n{errors}"))
}
