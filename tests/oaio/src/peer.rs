//! The Django server that speaks the oaio protocol.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::environment::Environment;
use crate::process::Process;
use crate::request::Request;

/// The users of every server. The last one may act for other users and remove them.
const USERS: [&str; 5] = ["alice", "bob", "carol", "zoë", "root"];

/// The password of a user.
pub fn password(user: &str) -> String {
    format!("secret of {user}")
}

/// A running server on a port of its own. Dropping it ends the server.
///
/// It starts with the users `alice`, `bob`, `carol`, `zoë` and `root`, and without objects. `root` may act for other users.
pub struct Peer {
    // Ends before its folder is removed.
    process: Process,
    port: u16,
    seen: AtomicUsize,
    folder: TempDir,
}

impl Peer {
    /// Starts a server.
    ///
    /// # Panics
    ///
    /// Panics if the server does not start.
    pub fn start(environment: &Environment) -> Peer {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let storage = json!({"root_folder": storage_in(folder.path())});
        let mut command = environment.script("peer.py");
        command.args(["--supervisor", "root"]);
        command.arg("--log").arg(log_in(folder.path()));
        command.arg("--storage").arg(format!("Digi:{storage}"));
        for user in USERS {
            command.arg("--user").arg(format!("{user}:{}", password(user)));
        }
        let process = Process::start("the Django server", command, folder.path().join("errors"));
        let first = process.line();
        let port = first.trim().parse();
        Peer {
            port: port.unwrap_or_else(|_| panic!("the server printed no port: {first}")),
            process,
            seen: AtomicUsize::new(0),
            folder,
        }
    }

    /// The host and the port, such as `127.0.0.1:40000`.
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The folder that both clients use as the storage host `Digi`.
    pub fn storage(&self) -> PathBuf {
        storage_in(self.folder.path())
    }

    /// Sends a command of `peer.py` and returns the state of the server.
    ///
    /// # Panics
    ///
    /// Panics if the server refuses the command.
    pub fn control(&self, operation: &str, arguments: &Value) -> Value {
        let answer = self.process.call(operation, arguments);
        answer.unwrap_or_else(|raised| panic!("the server refuses `{operation}`: {raised:?}"))
    }

    /// Ends all sessions. The next request of every client is answered with 403.
    pub fn expire_sessions(&self) {
        self.control("expire_sessions", &json!({}));
    }

    /// Changes settings: the names and values of `State` in `peer.py`.
    pub fn set(&self, settings: &Value) {
        self.control("set", settings);
    }

    /// Makes the next request whose path begins with `path` fail with a page.
    pub fn fail_once(&self, path: &str, status: u16, page: &str) {
        self.control("fault", &json!({"path": path, "status": status, "body": page}));
    }

    /// Closes the connection of the next request whose path begins with `path`. With `executed`, the request takes effect.
    pub fn close_once(&self, path: &str, executed: bool) {
        self.control(
            "fault",
            &json!({"path": path, "close": true, "executed": executed}),
        );
    }

    /// Closes the connection of every request until [`Peer::go_online`].
    pub fn go_offline(&self) {
        self.control("fault", &json!({"close": true, "times": -1}));
    }

    /// Removes all faults, and answers the requests that wait.
    pub fn go_online(&self) {
        self.control("clear_faults", &json!({}));
    }

    /// The objects, versions and subscriptions of the server, for [`Peer::restore`].
    pub fn state(&self) -> Value {
        self.control("dump", &json!({}))
    }

    /// Takes an earlier state.
    pub fn restore(&self, state: &Value) {
        self.control("restore", state);
    }

    /// The objects of the server by their ids.
    pub fn objects(&self) -> serde_json::Map<String, Value> {
        match self.control("dump", &json!({}))["objects"].take() {
            Value::Object(objects) => objects,
            other => panic!("the server has no objects: {other}"),
        }
    }

    /// Every record that the server has accepted, in their order. Each has the `user` and the `action` too.
    pub fn versions(&self) -> Vec<Value> {
        let state = self.control("dump", &json!({}));
        state["versions"].as_array().cloned().unwrap_or_default()
    }

    /// The access right of a user, or none.
    pub fn access(&self, oaio_id: &str, user: &str) -> Option<String> {
        let state = self.control("dump", &json!({}));
        let mut subscriptions = state["subscriptions"].as_array()?.iter();
        let found = subscriptions.find(|entry| entry["oaio_id"] == oaio_id && entry["username"] == user)?;
        found["access_right"].as_str().map(str::to_owned)
    }

    /// The requests since the last call, in the order of their answers.
    ///
    /// # Panics
    ///
    /// Panics if the log cannot be read.
    pub fn take_requests(&self) -> Vec<Request> {
        let text = std::fs::read_to_string(log_in(self.folder.path())).expect("the server writes a log");
        let seen = self.seen.swap(text.lines().count(), Ordering::Relaxed);
        let lines = text.lines().skip(seen);
        lines
            .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
            .collect()
    }
}

fn storage_in(folder: &Path) -> PathBuf {
    folder.join("storage")
}

fn log_in(folder: &Path) -> PathBuf {
    folder.join("requests")
}
