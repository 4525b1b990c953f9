//! Ctrl-C and time limits.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStderr, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::support::Server;

/// Starts a call that does not end by itself, and returns when the first line of its log was printed.
fn running(server: &Server) -> (Child, BufReader<ChildStderr>) {
    let words = server.with_trust("call", &["VerifyStore", "id=1", "includeIndexes=false"]);
    let mut child = server
        .command(&words)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap());
    wait_for(&mut lines, "Verifying");
    (child, lines)
}

fn wait_for(lines: &mut BufReader<ChildStderr>, text: &str) {
    let mut line = String::new();
    while !line.contains(text) {
        line.clear();
        assert_ne!(lines.read_line(&mut line).unwrap(), 0, "no line contains {text}");
    }
}

fn interrupt(child: &Child) {
    kill_process(Pid::from_child(child), Signal::INT).unwrap();
}

#[test]
fn ctrl_c_asks_the_server_to_cancel_the_call() {
    let server = Server::start();
    let (mut child, mut lines) = running(&server);
    interrupt(&child);
    let mut rest = String::new();
    lines.read_to_string(&mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(7), "{rest}");
    assert!(rest.contains("Asking the server to cancel the call."), "{rest}");
    assert!(rest.contains("cancelled"), "{rest}");
    assert!(server.folder.path().read_dir().unwrap().next().is_none());
}

#[test]
fn a_second_ctrl_c_leaves_the_call_running_and_saves_its_token() {
    let server = Server::start();
    let (mut child, mut lines) = running(&server);
    server
        .simulator
        .inject("cancel stall-before".parse().unwrap())
        .unwrap();
    interrupt(&child);
    wait_for(&mut lines, "Asking the server to cancel the call.");
    interrupt(&child);
    let mut stdout = String::new();
    child.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(7), "{stdout}");
    assert!(stdout.contains(&server.token_file()), "{stdout}");
}

#[test]
fn a_time_limit_cancels_the_call() {
    let server = Server::start();
    let ran = server.call(&["--timeout", "0", "VerifyStore", "id=1", "includeIndexes=false"]);
    assert_eq!(ran.code, Some(6), "{ran:?}");
    assert!(ran.stderr.contains("The time limit is reached."), "{ran:?}");
    let ran = server.call(&["--stalled", "0", "VerifyStore", "id=1", "includeIndexes=false"]);
    assert_eq!(ran.code, Some(6), "{ran:?}");
}

#[test]
fn ctrl_c_before_the_server_responds_ends_the_command() {
    for (function, code, text) in [
        ("VerifyStore", 8, "The server may have executed the call"),
        ("GetStores", 7, "stopped before the server responded"),
    ] {
        let server = Server::start();
        server
            .simulator
            .inject("start stall-before".parse().unwrap())
            .unwrap();
        let mut arguments = vec!["-v", function];
        if function == "VerifyStore" {
            arguments.extend(["id=1", "includeIndexes=false"]);
        }
        let mut child = server
            .command(&server.with_trust("call", &arguments))
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        // Ctrl-C is handled when the request is sent. The simulator never responds.
        wait_for(&mut lines, "sending");
        interrupt(&child);
        let mut rest = String::new();
        lines.read_to_string(&mut rest).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(code), "{rest}");
        assert!(rest.contains(text), "{rest}");
    }
}
