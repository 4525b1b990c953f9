//! Tests of the command `mailstore-sim`.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::client::Client;

fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mailstore-sim"));
    command
        .env_remove("MAILSTORE_SIM_PASSWORD")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// A running command that ends with the test.
struct Running(Child);

impl Running {
    fn start(command: &mut Command) -> (Running, Value) {
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        (Running(child), serde_json::from_str(&line).unwrap())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn connect(line: &Value) -> Client {
    let address = line["url"]
        .as_str()
        .unwrap()
        .strip_prefix("https://")
        .unwrap()
        .parse()
        .unwrap();
    Client::connect(address, line["certificate"].as_str().unwrap())
}

#[test]
fn the_command_prints_its_address_and_serves() {
    let (_running, line) = Running::start(command().args(["--edition", "spe", "--step", "0"]));
    assert_eq!(line.as_object().unwrap().len(), 3);
    assert_eq!(line["fingerprint"].as_str().unwrap().len(), 64);
    let mut client = connect(&line);
    assert_eq!(
        client.result("GetInstances", &[("instanceFilter", "*")])[0]["instanceID"],
        "demo"
    );
    let (log, _) = client.finish("StopInstances", &[("instanceFilter", "demo")]);
    assert!(log.contains("demo"), "{log}");
}

#[test]
fn the_password_can_come_from_the_environment() {
    let (_running, line) = Running::start(command().env("MAILSTORE_SIM_PASSWORD", "other"));
    assert_eq!(connect(&line).post("/api/invoke/GetServerInfo", "").status, 401);
    let (_running, line) = Running::start(
        command()
            .args(["--password", "admin"])
            .env("MAILSTORE_SIM_PASSWORD", "x"),
    );
    assert_eq!(connect(&line).post("/api/invoke/GetServerInfo", "").status, 200);
}

#[test]
fn the_command_uses_the_function_list_of_a_file() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    write!(file, r#"[{{"name": "GrowRoses", "args": []}}]"#).unwrap();
    let (_running, line) = Running::start(command().arg("--metadata").arg(file.path()).arg("--no-bom"));
    assert_eq!(connect(&line).result("GrowRoses", &[]), Value::Null);
    assert!(
        connect(&line)
            .post("/api/get-metadata", "")
            .body
            .starts_with(b"[")
    );
}

/// Runs a command that ends with an error. Returns its exit code and its standard error.
fn run(command: &mut Command) -> (Option<i32>, String) {
    let output = command.output().unwrap();
    assert!(output.stdout.is_empty());
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn an_invalid_file_is_explained() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    write!(
        file,
        r#"[{{"name": "A", "args": [{{"name": "b", "type": "colour", "nullable": true}}]}}]"#
    )
    .unwrap();
    let (code, complaint) = run(command().arg("--metadata").arg(file.path()));
    assert_eq!(code, Some(2));
    assert!(complaint.contains("colour"), "{complaint}");
    let (code, complaint) = run(command().args(["--metadata", "no-such-file.json"]));
    assert_eq!(code, Some(2));
    assert!(complaint.contains("no-such-file.json"), "{complaint}");
}

#[test]
fn invalid_arguments_are_explained() {
    let (code, complaint) = run(command().args(["--edition", "proxy"]));
    assert_eq!(code, Some(2));
    assert!(complaint.contains("server, spe"), "{complaint}");
}

/// Starts the command and asserts that it listens on `host`.
#[track_caller]
fn listens(arguments: &[&str], host: &str) {
    let (_running, line) = Running::start(command().args(arguments));
    let url = line["url"].as_str().unwrap();
    assert!(url.starts_with(&format!("https://{host}:")), "{url}");
    assert_eq!(connect(&line).post("/api/get-metadata", "").status, 200);
}

#[test]
fn the_error_for_a_remote_address_advises_how_to_replace_or_allow_it() {
    let (code, complaint) = run(command().args(["--listen", "0.0.0.0:0"]));
    assert_eq!(code, Some(1));
    let (_, advice) = complaint.split_once("listen on ").unwrap();
    let hosts: Vec<&str> = advice
        .split_whitespace()
        .take(3)
        .map(|word| word.trim_end_matches(','))
        .collect();
    assert_eq!(hosts, ["127.0.0.1", "or", "[::1]"], "{complaint}");
    for host in [hosts[0], hosts[2]] {
        // Not every machine has IPv6.
        if TcpListener::bind(format!("{host}:0")).is_ok() {
            listens(&["--listen", &format!("{host}:0")], host);
        }
    }
    // A loopback address in a form that counts as remote, so that other machines cannot reach the test.
    let mapped = "[::ffff:127.0.0.1]";
    if TcpListener::bind(format!("{mapped}:0")).is_ok() {
        let address = format!("{mapped}:0");
        let (code, complaint) = run(command().args(["--listen", &address]));
        assert_eq!(code, Some(1));
        let option = complaint
            .split(['(', ')', ' '])
            .find(|word| word.starts_with("--"));
        listens(&["--listen", &address, option.unwrap()], mapped);
    }
}

#[test]
fn the_error_for_an_unusable_address_advises_a_usable_one() {
    let (code, complaint) = run(command().args(["--listen", "somewhere"]));
    assert_eq!(code, Some(1));
    let (_, advised) = complaint.split_once("such as ").unwrap();
    listens(&["--listen", advised.trim().trim_matches('"')], "127.0.0.1");

    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, complaint) = run(command().args(["--listen", &address]));
    assert_eq!(code, Some(1));
    assert!(
        complaint.contains("choose another port, or 0 for any free port"),
        "{complaint}"
    );
    listens(&["--listen", "127.0.0.1:0"], "127.0.0.1");
}

#[test]
fn rules_on_the_command_line_cause_faults() {
    let (_running, line) = Running::start(command().args([
        "--step",
        "0",
        "--steps",
        "3",
        "--fault",
        "start/GetServerInfo #2 status:503",
        "--fault",
        "poll/VerifyStores last x2 repeat",
    ]));
    let mut client = connect(&line);
    let statuses: Vec<u16> = (0..3)
        .map(|_| client.post("/api/invoke/GetServerInfo", "").status)
        .collect();
    assert_eq!(statuses, [200, 503, 200]);
    let (log, last) = client.finish("VerifyStores", &[("includeIndexes", "true")]);
    assert!(log.ends_with("Finished. No errors have been found.\r\n"), "{log}");
    assert_eq!(last["statusCode"], "succeeded");
}

#[test]
fn invalid_rules_are_explained() {
    for (rule, part) in [
        ("poll rest", "reset:BYTES"),
        ("start skip", "its fault is only possible with poll"),
        ("start/NoSuchFunction close", "does not exist"),
    ] {
        let (code, complaint) = run(command().args(["--fault", rule]));
        assert_eq!(code, Some(2), "{complaint}");
        assert!(complaint.contains(part), "{complaint}");
    }
}

#[test]
fn the_help_hides_the_password() {
    let output = command()
        .arg("--help")
        .env("MAILSTORE_SIM_PASSWORD", "open sesame")
        .output()
        .unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    for option in [
        "--edition",
        "--listen",
        "--user",
        "--password",
        "--metadata",
        "--step",
        "--steps",
        "--fault",
    ] {
        assert!(help.contains(option), "{option}");
    }
    assert!(
        help.contains("MAILSTORE_SIM_PASSWORD") && !help.contains("sesame"),
        "{help}"
    );
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_the_command_with_exit_code_zero() {
    let (mut running, _) = Running::start(&mut command());
    let id = running.0.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(running.0.wait().unwrap().code(), Some(0));
}
