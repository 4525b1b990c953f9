//! The command `mcp`, over its standard input and output.

use std::fs::{File, OpenOptions};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::time::Duration;

use mailstore_sim::{Edition, Simulator};
use rmcp::model::CallToolRequestParams;
use rmcp::service::{RoleClient, RunningService};
use serde_json::{Value, json};

use crate::pty::Terminal;
use crate::support::{Server, run};

/// Starts the command without a controlling terminal, and connects the client of `rmcp` to it.
async fn start(
    server: &Server,
    arguments: &[&str],
) -> (RunningService<RoleClient, ()>, tokio::process::Child) {
    let command = server.command(&server.with_trust("mcp", arguments));
    let mut detached = tokio::process::Command::new("setsid");
    detached.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => detached.env(name, value),
            None => detached.env_remove(name),
        };
    }
    detached
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = detached.spawn().unwrap();
    let pipes = (child.stdout.take().unwrap(), child.stdin.take().unwrap());
    (rmcp::serve_client((), pipes).await.unwrap(), child)
}

/// Calls a tool and returns its answer.
async fn call(
    client: &RunningService<RoleClient, ()>,
    tool: &'static str,
    arguments: Value,
) -> (bool, String) {
    let Value::Object(arguments) = arguments else {
        panic!("arguments are an object");
    };
    let params = CallToolRequestParams::new(tool).with_arguments(arguments);
    let result = client.call_tool(params).await.unwrap();
    let text = result.content[0].as_text().unwrap().text.clone();
    (result.is_error.unwrap_or_default(), text)
}

#[tokio::test]
async fn a_client_lists_and_calls_tools_that_read() {
    for edition in Edition::ALL {
        let simulator = Simulator::builder(edition)
            .credentials("admin", "canary-5e2d")
            .start();
        let server = Server::of(simulator.unwrap());
        let (mut client, child) = start(&server, &[]).await;
        let tools = client.list_all_tools().await.unwrap();
        assert!(tools.len() > 20, "{edition}: {}", tools.len());
        let function = match edition {
            Edition::Server => "GetServerInfo",
            Edition::Spe => "GetEnvironmentInfo",
        };
        let (is_error, answer) = call(&client, function, json!({})).await;
        assert!(
            !is_error && answer.starts_with(r#"{"data_from_server":{"#),
            "{answer}"
        );
        let (is_error, answer) = call(&client, "DeleteUser", json!({"userName": "admin"})).await;
        assert!(is_error && answer.contains("--allow-writes"), "{answer}");
        assert_eq!(server.simulator.starts("DeleteUser"), 0);
        client.close().await.unwrap();
        let output = child.wait_with_output().await.unwrap();
        assert!(output.status.success(), "{output:?}");
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    }
}

#[tokio::test]
async fn a_call_that_destroys_is_refused_without_a_terminal() {
    let server = Server::start();
    let (mut client, child) = start(&server, &["--allow-writes"]).await;
    let (is_error, answer) = call(&client, "DeleteUser", json!({"userName": "admin"})).await;
    assert!(is_error && answer.contains("no terminal"), "{answer}");
    client.close().await.unwrap();
    let output = child.wait_with_output().await.unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(server.simulator.starts("DeleteUser"), 0);
}

/// Presses Ctrl-C: the terminal would send this signal to the command.
fn press_ctrl_c(command: &tokio::process::Child) {
    let id = command.id().unwrap().to_string();
    let status = Command::new("kill").args(["-s", "INT", &id]).status().unwrap();
    assert!(status.success());
}

/// Starts the command, and calls a function that takes long. Returns when the server has received it.
async fn start_long_call() -> (Server, tokio::process::Child, tokio::task::JoinHandle<()>) {
    let simulator = Simulator::builder(Edition::Server)
        .credentials("admin", "canary-5e2d")
        .long_running("SetUserFullName")
        .steps(10_000)
        .step(Duration::from_millis(100));
    let server = Server::of(simulator.start().unwrap());
    let (client, command) = start(&server, &["--allow-writes"]).await;
    let calling = tokio::spawn(async move {
        let arguments = json!({"userName": "admin", "fullName": "Jane"});
        let Value::Object(arguments) = arguments else {
            panic!("arguments are an object");
        };
        let params = CallToolRequestParams::new("SetUserFullName").with_arguments(arguments);
        // The command may end before it answers.
        let _ = client.call_tool(params).await;
    });
    while server.simulator.tasks().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    (server, command, calling)
}

#[tokio::test]
async fn ctrl_c_cancels_running_calls_and_names_changes_with_an_unknown_outcome() {
    let (server, command, calling) = start_long_call().await;
    press_ctrl_c(&command);
    let output = command.wait_with_output().await.unwrap();
    let shown = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{shown}");
    assert_eq!(shown, "The outcome of these calls is unknown: SetUserFullName.\n");
    assert!(server.simulator.tasks()[0].cancelled);
    assert_eq!(server.simulator.starts("SetUserFullName"), 1);
    calling.await.unwrap();
}

#[tokio::test]
async fn a_second_ctrl_c_ends_at_once() {
    let (server, mut command, calling) = start_long_call().await;
    // Two signals that arrive together count as one, so it is pressed until the command ends.
    while command.try_wait().unwrap().is_none() {
        press_ctrl_c(&command);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let output = command.wait_with_output().await.unwrap();
    let shown = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(7), "{shown}");
    assert!(
        shown.contains("The outcome of these calls is unknown: SetUserFullName."),
        "{shown}"
    );
    assert!(!server.simulator.tasks()[0].cancelled);
    calling.await.unwrap();
}

/// The program of a client: its ends of the pipes to the command.
struct Pipes {
    to_command: File,
    from_command: BufReader<File>,
    last: u32,
}

impl Pipes {
    fn write(&mut self, message: &Value) {
        writeln!(self.to_command, "{message}").unwrap();
    }

    /// Sends a request and returns the response.
    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.last += 1;
        self.write(&json!({"jsonrpc": "2.0", "id": self.last, "method": method, "params": params}));
        let mut line = String::new();
        self.from_command.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    fn delete_user(&mut self, token: Option<&str>) -> String {
        let mut arguments = json!({"userName": "jane"});
        if let Some(token) = token {
            arguments["confirmation_token"] = json!(token);
        }
        let response = self.ask(
            "tools/call",
            json!({"name": "DeleteUser", "arguments": arguments}),
        );
        response["result"]["content"][0]["text"]
            .as_str()
            .unwrap()
            .to_owned()
    }
}

/// The command has a terminal, and its standard input and output are pipes, as under a host in a terminal.
#[test]
fn a_call_is_confirmed_with_the_token_on_the_terminal() {
    let server = Server::start();
    assert_eq!(
        server
            .call(&["CreateUser", "userName=jane", "privileges=none"])
            .code,
        Some(0)
    );
    let folder = server.folder.path();
    let (input, output) = (folder.join("input"), folder.join("output"));
    assert!(
        Command::new("mkfifo")
            .args([&input, &output])
            .status()
            .unwrap()
            .success()
    );
    let command = server.command(&server.with_trust("mcp", &["--allow-writes"]));
    let mut shell = Command::new("sh");
    shell
        .args([
            "-c",
            "input=$1; output=$2; shift 2; exec \"$@\" <\"$input\" >\"$output\"",
            "sh",
        ])
        .args([&input, &output])
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    let mut terminal = Terminal::start(shell);
    let mut pipes = Pipes {
        to_command: OpenOptions::new().write(true).open(&input).unwrap(),
        from_command: BufReader::new(File::open(&output).unwrap()),
        last: 0,
    };
    let hello = json!({"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}});
    let response = pipes.ask("initialize", hello);
    assert_eq!(response["result"]["serverInfo"]["name"], "mailstore");
    pipes.write(&json!({"jsonrpc": "2.0", "method": "notifications/initialized"}));

    let answer = pipes.delete_user(None);
    assert!(answer.contains("needs a confirmation"), "{answer}");
    terminal.expect("userName = jane");
    // The terminal adds a carriage return to the one that the command writes.
    let token = terminal.expect_after("this token: ", "\r\n").trim().to_owned();
    assert!(!answer.contains(&token), "{answer}");
    assert_eq!(server.simulator.starts("DeleteUser"), 0);
    let answer = pipes.delete_user(Some(&token));
    assert!(answer.contains("data_from_server"), "{answer}");
    let answer = pipes.delete_user(Some(&token));
    assert!(answer.contains("valid for one call"), "{answer}");
    assert_eq!(server.simulator.starts("DeleteUser"), 1);

    drop(pipes);
    let (code, shown) = terminal.end();
    assert_eq!(code, Some(0), "{shown}");
}

#[test]
fn options_that_contradict_each_other_are_refused() {
    let server = Server::start();
    let mcp = |arguments: &[&str]| run(&mut server.command(&server.with_trust("mcp", arguments)));
    for (arguments, code, expected) in [
        (
            &["--functions", "nothing"][..],
            2,
            "no function matches `--functions`",
        ),
        (
            &["--functions", "a[b"],
            2,
            "the pattern for functions cannot be used",
        ),
        (&["--read-only", "--allow-writes"], 2, "cannot be used with"),
        (
            &["--secret-file", "password=-"],
            2,
            "cannot be read from standard input",
        ),
        (&["--max-result", "10"], 2, "10 is not in"),
    ] {
        let ran = mcp(arguments);
        assert_eq!(ran.code, Some(code), "{ran:?}");
        assert!(ran.stderr.contains(expected), "{ran:?}");
        assert_eq!(ran.stdout, "");
    }
}

#[test]
fn the_output_has_nothing_but_the_protocol() {
    let server = Server::start();
    let ran = run(&mut server.command(&server.with_trust("mcp --verbose", &[])));
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(0), ""), "{ran:?}");
}
