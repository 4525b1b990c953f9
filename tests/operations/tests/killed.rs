//! A program that applies a plan is killed at each of its steps. A second run makes the changes that are missing, and
//! nothing is done twice.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicUsize, Ordering};

use mailstore_api::server::Client;
use mailstore_api::{Timestamp, server};
use mailstore_operations::provision::{Desired, PlanOptions, make_plan, read_state};
use mailstore_sim::Simulator;

const DESIRED: &str = r#"
version = 1
[[user]]
name = "mia.wolf"
full-name = "Mia Wolf"
privileges = ["login"]
login-privileges = ["web", "imap"]
emails = ["mia@example.com"]
pop3-user-names = ["mia"]
own-archive = ["read", "write"]
folders = { "john.doe" = ["read"] }
password = { env = "MAILSTORE_PASSWORD" }
[[user]]
name = "jane.doe"
full-name = "Jane Wolf"
distinguished-name = "CN=jane"
authentication = "directoryServices"
emails = ["jane@example.com", "jd@example.com"]
pop3-user-names = []
privileges = ["login"]
login-privileges = ["web"]
folders = { "john.doe" = [], "jane.doe" = ["read"] }
[[user]]
name = "new.admin"
privileges = ["admin"]
[[user]]
name = "frank.clark"
state = "absent"
[[profile]]
name = "Mailbox mia"
owner = "mia.wolf"
type = "I"
connector = "IMAP"
details = { host = "imap.example.com" }
automatic = true
pause-seconds = 600
[[profile]]
name = "Mailbox jane"
owner = "jane.doe"
type = "I"
connector = "IMAP"
"#;

/// The functions that make something. Each is called once for each new object.
const CREATIONS: [(&str, usize); 3] = [("CreateUser", 2), ("CreateProfile", 2), ("DeleteUser", 1)];

/// A simulated server with a plan and the place of its journal.
struct Scene {
    simulator: Simulator,
    client: Client,
    folder: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        let simulator = Simulator::start().unwrap();
        let client = Client::builder(simulator.url())
            .credentials(simulator.user(), simulator.password())
            .pin(simulator.fingerprint().parse().unwrap())
            .build()
            .unwrap();
        let scene = Self {
            simulator,
            client,
            folder: tempfile::tempdir().unwrap(),
        };
        std::fs::write(scene.path("plan.json"), scene.plan()).unwrap();
        scene
    }

    fn plan(&self) -> String {
        let desired = Desired::from_toml(DESIRED).unwrap();
        let state = block_on(read_state(&self.client, &desired, 1)).unwrap();
        let options = PlanOptions {
            allow_delete: true,
            server: "https://mailstore.example.com:8463".into(),
            archive: "server".into(),
            ..PlanOptions::default()
        };
        let now: Timestamp = "2026-05-02T07:41:02Z".parse().unwrap();
        let plan = make_plan(&desired, &state, &options, now);
        assert_eq!(plan.blocked().count(), 0, "{}", plan.to_text());
        plan.to_json().unwrap()
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn apply(&self, last: Option<usize>) -> Output {
        let mut command = Command::new(Path::new(env!("CARGO_BIN_EXE_apply-once")));
        command
            .env("MAILSTORE_PASSWORD", self.simulator.password())
            .args([self.simulator.url(), self.simulator.fingerprint()])
            .args([self.path("plan.json"), self.path("journal.jsonl")]);
        if let Some(last) = last {
            command.arg(last.to_string());
        }
        command.output().unwrap()
    }

    /// The users and profiles, as text.
    fn state(&self) -> String {
        block_on(async {
            let mut lines = Vec::new();
            for user in self.client.get_users().await.unwrap() {
                let info: server::UserInfo = self.client.get_user_info(&user.user_name).await.unwrap();
                lines.push(format!("{info:?}"));
            }
            for profile in self.client.get_profiles().await.unwrap() {
                lines.push(format!("{profile:?}"));
            }
            lines.sort();
            lines.join("\n")
        })
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(future)
}

#[test]
fn a_run_that_was_killed_at_any_step_is_completed_and_nothing_is_done_twice() {
    let undisturbed = Scene::new();
    let output = undisturbed.apply(None);
    assert!(output.status.success(), "{output:?}");
    let steps: usize = String::from_utf8(output.stdout).unwrap().trim().parse().unwrap();
    let expected = undisturbed.state();
    assert!(steps >= 200, "only {steps} steps");
    let next = AtomicUsize::new(1);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let step = next.fetch_add(1, Ordering::Relaxed);
                    if step > steps {
                        break;
                    }
                    kill_and_complete(step, &expected);
                }
            });
        }
    });
}

fn kill_and_complete(step: usize, expected: &str) {
    let scene = Scene::new();
    let killed = scene.apply(Some(step));
    assert!(
        !killed.status.success(),
        "step {step} was not reached: {killed:?}"
    );
    let completed = scene.apply(None);
    assert!(completed.status.success(), "step {step}: {completed:?}");
    assert_eq!(scene.state(), expected, "step {step}");
    for (function, count) in CREATIONS {
        assert_eq!(scene.simulator.starts(function), count, "step {step}: {function}");
    }
}
