//! Tests of `mailstore-fleet run --dry-run` with simulated servers.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::process::{Command, Output};

use mailstore_fleet::call::Call;
use mailstore_sim::{Edition, Simulator};

const JOB: &str = "
version = 1
name = 'verify'
function = 'VerifyStore'
arguments = { includeIndexes = false }
for-each-store = { names = ['*'] }
logs = 'logs'
limits = { overall = 8, per-server = 2 }

[window]
time-zone = 'Europe/Berlin'
opens = '22:00'
closes = '05:00'

[[target]]
profiles = ['*']
instances = ['*']

[[except]]
profiles = ['cloud']
instances = ['acme']

[[wave]]
name = 'canary'
target = [{ profiles = ['cloud'] }]
";

/// Two simulated servers, their profiles and a job in a folder.
struct Scene {
    folder: tempfile::TempDir,
    simulators: Vec<(&'static str, Simulator)>,
}

impl Scene {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let simulators = [("berlin", Edition::Server), ("cloud", Edition::Spe)]
            .map(|(name, edition)| (name, Simulator::builder(edition).start().unwrap()));
        let scene = Self {
            folder,
            simulators: simulators.into(),
        };
        scene.write("password", "admin\n");
        let profiles = scene.simulators.iter().map(|(name, simulator)| {
            format!(
                "[profile.{name}]\naddress = '{}'\nedition = '{}'\nuser = '{}'\npins = ['{}']\npassword-command = ['cat', '{}']\n",
                simulator.url(),
                simulator.edition().as_str(),
                simulator.user(),
                simulator.fingerprint(),
                scene.path("password"),
            )
        });
        scene.write("config.toml", &profiles.collect::<String>());
        scene.write("job.toml", JOB);
        scene
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        // A file that others may write is refused.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::Permissions::from_mode(0o600);
            std::fs::set_permissions(Path::new(&path), mode).unwrap();
        }
    }

    /// Runs the job of a date with more options.
    fn run(&self, options: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_mailstore-fleet"))
            .args(["run", &self.path("job.toml"), "--date", "2026-11-27"])
            .args(options)
            .env("MAILSTORE_CONFIG", self.folder.path())
            // A dry run needs no engine.
            .env("MAILSTORE_FLEET_INGRESS", "http://127.0.0.1:1")
            .env("MAILSTORE_FLEET_ADMIN", "http://127.0.0.1:1")
            .output()
            .unwrap()
    }

    /// Returns an output with names in place of the addresses, which are different each time.
    fn shown(&self, output: &[u8]) -> String {
        let mut text = String::from_utf8(output.to_vec()).unwrap();
        for (name, simulator) in &self.simulators {
            text = text.replace(simulator.url(), &format!("https://{name}"));
        }
        let lines = text.lines().map(str::trim_end);
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Asserts that the servers were only asked what they have.
    fn assert_only_reads(&self) {
        for (name, simulator) in &self.simulators {
            let received = simulator.received();
            assert!(!received.is_empty(), "{name} was not asked");
            for request in received {
                let function = request.function.to_lowercase();
                assert!(function.starts_with("get"), "{name}: {function}");
            }
        }
    }
}

#[test]
fn a_dry_run_shows_the_calls_in_tables_and_sends_only_reads() {
    let scene = Scene::new();
    let output = scene.run(&["--dry-run"]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    insta::assert_snapshot!("table", scene.shown(&output.stdout));
    scene.assert_only_reads();
}

#[test]
fn a_dry_run_shows_the_calls_as_json() {
    let scene = Scene::new();
    let output = scene.run(&["--dry-run", "--output", "json"]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    insta::assert_snapshot!("json", scene.shown(&output.stdout));
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let calls: Vec<Call> = serde_json::from_value(document["calls"].clone()).unwrap();
    assert_eq!(calls.len(), 6);
    scene.assert_only_reads();
}

#[test]
fn a_server_that_does_not_answer_is_shown_and_is_a_failure() {
    let mut scene = Scene::new();
    scene.simulators.remove(0).1.stop();
    let output = scene.run(&["--dry-run"]);
    assert_eq!(output.status.code(), Some(10));
    let shown = scene.shown(&output.stdout);
    assert!(shown.contains("Calls: 3. Targets without calls: 1."), "{shown}");
}

#[test]
fn a_wrong_job_sends_nothing() {
    let scene = Scene::new();
    scene.write("job.toml", &JOB.replace("VerifyStore", "VerifyStor"));
    let output = scene.run(&[]);
    assert_eq!(output.status.code(), Some(2));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("line 4, column 1: `function`"), "{error}");
    assert!(error.contains("Did you mean `VerifyStore`?"), "{error}");
    for (_, simulator) in &scene.simulators {
        assert!(simulator.received().is_empty());
    }
}

#[test]
fn a_job_is_not_started_without_an_engine() {
    let scene = Scene::new();
    let output = scene.run(&[]);
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("the engine cannot be reached"), "{error}");
    scene.assert_only_reads();
}
