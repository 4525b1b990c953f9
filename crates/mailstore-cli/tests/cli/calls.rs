//! Calls that succeed.

use std::io::Write as _;
use std::process::Stdio;

use mailstore_sim::{Edition, Simulator};

use crate::support::{Server, command, run};

#[test]
fn the_result_is_printed_as_json() {
    let server = Server::start();
    let indented = server.call(&["get-server-info"]);
    assert_eq!(indented.code, Some(0), "{indented:?}");
    assert_eq!(
        indented.stdout,
        "{\n  \"machineName\": \"MAILSTORE\",\n  \"version\": \"24.4.0.22704\"\n}\n"
    );
    let raw = server.call(&["GetServerInfo", "--output", "raw"]);
    assert_eq!(raw.stdout.lines().count(), 1, "{raw:?}");
    assert!(raw.stdout.starts_with('{') && raw.stderr.is_empty(), "{raw:?}");
}

#[test]
fn the_log_of_a_long_call_is_printed_to_standard_error() {
    let server = Server::of(
        Simulator::builder(Edition::Server)
            .step(std::time::Duration::ZERO)
            .start()
            .unwrap(),
    );
    let ran = server.call(&["VerifyStore", "ID=1", "include-indexes=false"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(
        ran.stderr.contains("\nFinished. No errors have been found.\n"),
        "{ran:?}"
    );
    assert!(ran.stdout.is_empty(), "{ran:?}");
    assert_eq!(server.simulator.starts("VerifyStore"), 1);
}

#[test]
fn arguments_are_read_from_files_and_standard_input() {
    let server = Server::start();
    let password = server.write("password", "s3cret\r\n");
    let words = server.with_trust("call", &["CreateUser", "userName==@anna", "privileges=none"]);
    let ran = run(&mut server.command(&words));
    assert_eq!(ran.code, Some(0), "{ran:?}");

    let from_file = format!("password=@{password}");
    let words = server.with_trust("call", &["--yes", "SetUserPassword", &from_file, "userName=-"]);
    let mut child = server.command(&words).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"@anna\n").unwrap();
    assert!(child.wait().unwrap().success());
    let received = server.simulator.received();
    let sent = received.last().unwrap();
    assert_eq!(sent.argument("userName"), Some("@anna"));
    assert_eq!(sent.argument("password"), Some("s3cret"));
}

#[test]
fn a_request_is_shown_and_not_sent() {
    let server = Server::start();
    let password = server.write("password", "s3cret");
    let argument = format!("password=@{password}");
    let ran = server.call(&["--dry-run", "SetUserPassword", "userName=anna o'neil", &argument]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let url = format!("{}/api/invoke/SetUserPassword", server.simulator.url());
    assert!(
        ran.stdout.starts_with(&format!(
            "POST {url}\n  userName=anna o'neil\n  password=(hidden)\n"
        )),
        "{ran:?}"
    );
    let words = shlex::split(ran.stdout.lines().last().unwrap()).unwrap();
    assert_eq!(words[..3], ["curl", "--user", "admin"]);
    assert!(words.contains(&"userName=anna o'neil".to_owned()), "{words:?}");
    assert!(words.contains(&format!("password@{password}")), "{words:?}");
    assert!(!ran.stdout.contains("s3cret"));
    assert!(server.simulator.received().is_empty());
}

#[test]
fn functions_are_listed_and_described_without_a_server() {
    let list = run(&mut command(&["functions", "verify"]));
    assert_eq!(list.code, Some(0), "{list:?}");
    assert!(
        list.stdout.contains("VerifyStore ") && !list.stdout.contains("GetUsers"),
        "{list:?}"
    );
    let described = run(&mut command(&["describe", "create-instance", "--edition", "spe"]));
    assert_eq!(described.code, Some(0), "{described:?}");
    assert!(described.stdout.starts_with("CreateInstance\n"), "{described:?}");
}
