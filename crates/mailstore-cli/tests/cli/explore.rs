//! `mailstore explore`: the page on this machine.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::{env, fs};

use mailstore_sim::{Edition, Simulator};
use rustix::process::{Pid, Signal, kill_process};

use crate::support::{Server, run};

/// An explorer that was started. Reading its output to the end waits for its end.
struct Explorer {
    child: Child,
    output: BufReader<ChildStdout>,
    /// The line before the address.
    first: String,
    url: String,
}

impl Explorer {
    fn start(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let (mut first, mut url) = (String::new(), String::new());
        output.read_line(&mut first).unwrap();
        output.read_line(&mut url).unwrap();
        Self {
            child,
            output,
            first,
            url: url.trim_end().to_owned(),
        }
    }

    fn host(&self) -> &str {
        let (address, _) = self.url.split_once("/#").unwrap();
        address.strip_prefix("http://").unwrap()
    }

    fn token(&self) -> &str {
        self.url.split_once("#token=").unwrap().1
    }

    /// Posts a form and returns the whole response.
    fn post(&self, path: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(self.host()).unwrap();
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nHost: {}\r\nX-Explorer-Token: {}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.host(),
            self.token(),
            body.len()
        )
        .unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        response
    }

    /// Stops the explorer and returns its other output.
    fn stop(mut self, signal: Signal) -> String {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).unwrap();
        let mut errors = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut errors).unwrap();
        assert!(self.child.wait().unwrap().success(), "{errors}");
        rest + &errors
    }
}

fn explore(server: &Server, options: &[&str]) -> Command {
    server.command(&server.with_trust("explore", options))
}

#[test]
fn the_page_calls_functions_that_read_until_the_explorer_is_stopped() {
    let server = Server::start();
    for signal in [Signal::INT, Signal::TERM] {
        let explorer = Explorer::start(&mut explore(&server, &["--no-open", "--verbose"]));
        assert!(explorer.first.contains("read-only"), "{}", explorer.first);
        assert!(explorer.host().starts_with("127.0.0.1:"), "{}", explorer.host());
        let users = explorer.post("/api/invoke/GetUsers", "");
        assert!(users.contains("john.doe"), "{users}");
        let refused = explorer.post("/api/invoke/DeleteUser", "userName=anna");
        assert!(refused.starts_with("HTTP/1.1 403"), "{refused}");
        let token = explorer.token().to_owned();
        let output = explorer.stop(signal);
        assert!(output.contains("The explorer has ended."), "{output}");
        assert!(output.contains("GetUsers: HTTP status 200"), "{output}");
        assert!(
            !output.contains(&token) && !output.contains("john.doe"),
            "{output}"
        );
    }
    assert_eq!(server.simulator.starts("DeleteUser"), 0);
}

#[test]
fn writes_are_allowed_with_an_option() {
    let server = Server::start();
    let explorer = Explorer::start(&mut explore(&server, &["--no-open", "--allow-writes"]));
    assert!(
        explorer.first.contains("with writes allowed"),
        "{}",
        explorer.first
    );
    let created = explorer.post("/api/invoke/CreateUser", "userName=anna&privileges=login");
    assert!(created.contains("succeeded"), "{created}");
    let started = explorer.post("/api/invoke/VerifyStore", "id=1&includeIndexes=false");
    assert!(started.contains("running"), "{started}");
    let output = explorer.stop(Signal::INT);
    assert!(
        output.contains("These calls may still be running on the server: VerifyStore."),
        "{output}"
    );
    assert!(!server.simulator.tasks()[0].cancelled);
}

#[test]
fn a_read_only_server_refuses_the_option_for_writes() {
    let server = Server::start();
    let ran = run(&mut explore(
        &server,
        &["--no-open", "--allow-writes", "--read-only"],
    ));
    assert_eq!(ran.code, Some(3), "{ran:?}");
    assert!(ran.stderr.contains("--allow-writes"), "{ran:?}");
}

#[test]
fn a_used_port_is_one_clear_message() {
    let server = Server::start();
    let port = server.simulator.address().port().to_string();
    let ran = run(&mut explore(&server, &["--no-open", "--port", &port]));
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(
        ran.stderr.contains(&format!("cannot listen on 127.0.0.1:{port}")),
        "{ran:?}"
    );
}

/// All users of a machine can see the words with which a program is started.
#[test]
fn the_browser_is_started_without_the_token_in_its_words() {
    let server = Server::start();
    let folder = tempfile::tempdir().unwrap();
    let words = folder.path().join("words");
    let browser = folder.path().join("xdg-open");
    // The words are written to another file first, so that they are complete when the file exists.
    fs::write(
        &browser,
        format!(
            "#!/bin/sh\nprintf %s \"$*\" > {0}.new\nmv {0}.new {0}\n",
            words.display()
        ),
    )
    .unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o700)).unwrap();
    let mut path = folder.path().as_os_str().to_owned();
    path.push(":");
    path.push(env::var_os("PATH").unwrap());
    let explorer = Explorer::start(explore(&server, &[]).env("PATH", path));
    while !words.exists() {
        std::thread::yield_now();
    }
    let opened = fs::read_to_string(&words).unwrap();
    assert!(!opened.contains(explorer.token()), "{opened}");
    let page = fs::read_to_string(&opened).unwrap();
    assert!(page.contains(&explorer.url), "{page}");
    let mode = fs::metadata(&opened).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "only the user may read the address");
    explorer.stop(Signal::INT);
    assert!(!fs::exists(&opened).unwrap(), "the file is removed at the end");
}

#[test]
fn the_forms_contain_the_instance_of_the_option() {
    let simulator = Simulator::builder(Edition::Spe).start().unwrap();
    let server = Server::of(simulator);
    let explorer = Explorer::start(&mut explore(&server, &["--no-open", "--instance", "demo"]));
    let mut stream = TcpStream::connect(explorer.host()).unwrap();
    write!(
        stream,
        "GET /openapi.json HTTP/1.1\r\nHost: {}\r\nX-Explorer-Token: {}\r\nConnection: close\r\n\r\n",
        explorer.host(),
        explorer.token()
    )
    .unwrap();
    let mut document = String::new();
    stream.read_to_string(&mut document).unwrap();
    assert!(document.contains(r#""example":"demo""#));
    explorer.stop(Signal::INT);
}
