//! `mailstore snapshot`, with stopped instances, failures and damaged histories.

use std::fs;
use std::path::{Path, PathBuf};

use mailstore_operations::history::HistoryWriter;
use mailstore_sim::{Edition, Fault, Phase, Simulator};
use serde_json::{Value, json};

use crate::support::{Ran, Server, run};

/// A server with a history.
pub(crate) struct Scene {
    pub(crate) server: Server,
    pub(crate) history: PathBuf,
}

impl Scene {
    pub(crate) fn of(edition: Edition) -> Self {
        let step = std::time::Duration::ZERO;
        let server = Server::of(Simulator::builder(edition).step(step).start().unwrap());
        let history = server.folder.path().join("history.jsonl");
        Self { server, history }
    }

    pub(crate) fn snapshot(&self, arguments: &[&str]) -> Ran {
        let history = self.history.display().to_string();
        let arguments = [&["--to", &history], arguments].concat();
        run(&mut self
            .server
            .command(&self.server.with_trust("snapshot", &arguments)))
    }

    fn lines(&self) -> Vec<Value> {
        lines(&self.history)
    }

    pub(crate) fn stop(&self, instance: &'static str) {
        let stop = move |mut instances: Value| {
            for row in instances.as_array_mut().unwrap() {
                if row["instanceID"] == instance {
                    row["status"] = "stopped".into();
                }
            }
            instances
        };
        self.server.simulator.change_result("GetInstances", stop).unwrap();
    }
}

fn lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn each_instance_gets_a_line_with_its_figures() {
    let scene = Scene::of(Edition::Spe);
    let ran = scene.snapshot(&["--service-accounts", "frank*"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stdout.starts_with("Added 2 snapshots to "), "{ran:?}");
    let lines = scene.lines();
    let ids: Vec<&Value> = lines.iter().map(|line| &line["instance"]).collect();
    assert_eq!(ids, ["acme", "demo"]);
    for line in &lines {
        assert_eq!(line["format"], "mailstore-snapshot");
        assert_eq!(line["server"], scene.server.simulator.url());
        assert!(line.get("licence").is_none(), "{line}");
    }
    let demo = &lines[1];
    let users = json!({ "all": 5, "billable": 2, "without": ["$archiveadmin", "admin", "frank*"] });
    assert_eq!(demo["users"]["value"], users);
    let size = demo["size"]["value"].as_i64().unwrap();
    assert!(size > 0 && size % (1024 * 1024) == 0, "{size}");
    assert!(demo["messages"]["value"].as_i64().unwrap() > 0);
    assert!(demo["profiles"]["value"]["situations"].is_object(), "{demo}");
    assert!(demo["jobs"]["value"]["situations"].is_object(), "{demo}");
}

#[test]
fn a_stopped_instance_is_not_read_and_gets_no_request() {
    let scene = Scene::of(Edition::Spe);
    scene.stop("acme");
    let ran = scene.snapshot(&[]);
    assert_eq!(ran.code, Some(11), "{ran:?}");
    assert_eq!(
        ran.stderr,
        "acme: not read: users, messages, size, profiles, jobs: the instance is not running: its status is \
         `stopped`\n"
    );
    assert!(ran.stdout.ends_with("1 of them incomplete.\n"), "{ran:?}");
    let lines = scene.lines();
    for figure in ["users", "messages", "size", "profiles", "jobs"] {
        assert!(lines[0][figure].get("value").is_none(), "{figure}");
        assert!(lines[0][figure]["not_read"].is_string(), "{figure}");
        assert!(lines[1][figure].get("value").is_some(), "{figure}");
    }
    let received = scene.server.simulator.received();
    assert!(
        received
            .iter()
            .all(|sent| sent.argument("instanceID") != Some("acme"))
    );
}

#[test]
fn a_server_gets_one_line_with_its_licence_and_the_name_of_its_computer() {
    let scene = Scene::of(Edition::Server);
    let ran = scene.snapshot(&[]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let lines = scene.lines();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["instance"], "server");
    assert_eq!(lines[0]["licence"]["value"], json!({ "used": 4, "allowed": 25 }));
    assert!(
        !["", "MailStore Server"].contains(&lines[0]["name"].as_str().unwrap()),
        "{lines:?}"
    );
}

#[test]
fn a_function_that_fails_does_not_stop_the_others() {
    let scene = Scene::of(Edition::Server);
    let fault = Fault::status(403).on(Phase::Start).of("GetUsers");
    scene.server.simulator.inject(fault).unwrap();
    let ran = scene.snapshot(&[]);
    assert_eq!(ran.code, Some(11), "{ran:?}");
    assert!(ran.stderr.starts_with("server: not read: users: "), "{ran:?}");
    let line = &scene.lines()[0];
    assert!(line["users"]["not_read"].is_string(), "{line}");
    assert!(line["messages"]["value"].is_i64(), "{line}");
}

#[test]
fn a_number_that_the_server_does_not_know_is_not_read() {
    for (member, value, figure) in [
        ("statisticsCount", json!(null), "messages"),
        ("statisticsCount", json!(-1), "messages"),
        ("statisticsSize", json!(null), "size"),
    ] {
        let scene = Scene::of(Edition::Server);
        let change = move |mut stores: Value| {
            stores[0][member] = value.clone();
            stores
        };
        scene.server.simulator.change_result("GetStores", change).unwrap();
        assert_eq!(scene.snapshot(&[]).code, Some(11), "{figure}");
        assert!(scene.lines()[0][figure]["not_read"].is_string(), "{figure}");
    }
}

#[test]
fn a_wrong_password_is_an_error_and_adds_no_line() {
    for edition in [Edition::Server, Edition::Spe] {
        let scene = Scene::of(edition);
        scene.snapshot(&[]);
        let before = fs::read(&scene.history).unwrap();
        let history = scene.history.display().to_string();
        let words = scene.server.with_trust("snapshot", &["--to", &history]);
        let ran = run(scene
            .server
            .command(&words)
            .env("MAILSTORE_PASSWORD", "canary-password"));
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(!format!("{ran:?}").contains("canary"), "{ran:?}");
        assert_eq!(fs::read(&scene.history).unwrap(), before);
    }
}

#[test]
fn another_snapshot_of_the_same_day_is_added() {
    let scene = Scene::of(Edition::Server);
    for _ in 0..2 {
        assert_eq!(scene.snapshot(&[]).code, Some(0));
    }
    assert_eq!(scene.lines().len(), 2);
}

#[test]
fn an_incomplete_last_line_is_set_aside_and_the_earlier_lines_stay() {
    let scene = Scene::of(Edition::Server);
    scene.snapshot(&[]);
    let whole = fs::read(&scene.history).unwrap();
    fs::write(&scene.history, [&whole, &whole[..50]].concat()).unwrap();
    let ran = scene.snapshot(&[]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(
        ran.stderr.contains("was incomplete. Its 50 bytes were moved to "),
        "{ran:?}"
    );
    assert!(fs::read(&scene.history).unwrap().starts_with(&whole));
    assert_eq!(scene.lines().len(), 2);
}

#[test]
fn a_file_of_another_format_is_refused_before_a_request_is_sent() {
    let scene = Scene::of(Edition::Server);
    for content in ["name,users\n", "not a history"] {
        fs::write(&scene.history, content).unwrap();
        let ran = scene.snapshot(&[]);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.stderr.contains("is not a history of snapshots"), "{ran:?}");
        assert_eq!(fs::read_to_string(&scene.history).unwrap(), content);
    }
    assert_eq!(scene.server.simulator.received().len(), 0);
}

#[test]
fn a_second_writer_is_refused() {
    let scene = Scene::of(Edition::Server);
    let _first = HistoryWriter::open(&scene.history).unwrap();
    let ran = scene.snapshot(&[]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.contains("another process is writing"), "{ran:?}");
}

/// `ulimit -f` limits the size of files, so only a part of the lines can be written.
#[cfg(unix)]
#[test]
fn lines_that_do_not_fit_on_the_disk_leave_the_history_as_before() {
    let scene = Scene::of(Edition::Spe);
    scene.snapshot(&[]);
    let before = fs::read(&scene.history).unwrap();
    // The limit is the next multiple of 512 bytes, which is less than two more lines need.
    let blocks = before.len() / 512 + 1;
    let history = scene.history.display().to_string();
    let words = scene.server.with_trust("snapshot", &["--to", &history]);
    let program = scene.server.command(&words);
    let ran = run(&mut crate::support::with_file_limit(&program, blocks));
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.contains("earlier lines are unchanged"), "{ran:?}");
    assert_eq!(fs::read(&scene.history).unwrap(), before);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error() {
    let mut scene = Scene::of(Edition::Server);
    scene.history = PathBuf::from("/dev/full");
    let ran = scene.snapshot(&[]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.contains("cannot write /dev/full"), "{ran:?}");
}

#[test]
fn wrong_usage_has_its_own_code() {
    let scene = Scene::of(Edition::Server);
    for arguments in [
        ["--service-accounts", "svc-["],
        ["--max-age", "soon"],
        ["--instances", "*"],
    ] {
        let ran = scene.snapshot(&arguments);
        assert_eq!(ran.code, Some(2), "{ran:?}");
    }
}
