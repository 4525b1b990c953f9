//! The command `audit`.

use mailstore_sim::{Edition, Simulator};
use serde_json::{Value, json};

use crate::support::{Ran, Server, run};

const RULES: &str = r#"
version = 1
[rules.profile-interval]
min = "10m"
severity = "critical"
[rules.mfa-off]
ignore = ["admin", "frank.*"]
[rules.store-not-verified]
enabled = false
[[exception]]
rule = "mfa-off"
object = ["jane.doe"]
reason = "Her token is lost"
until = 9999-12-31
[[exception]]
rule = "store-error"
reason = "The old disk"
until = 2026-01-31
"#;

fn audit(server: &Server, arguments: &[&str]) -> Ran {
    run(&mut server.command(&server.with_trust("audit", arguments)))
}

#[test]
fn findings_are_shown_as_a_table() {
    let server = Server::start();
    let rules = server.write("rules.toml", RULES);
    let ran = audit(&server, &["--rules", &rules]);
    assert_eq!(ran.code, Some(10), "{ran:?}");
    insta::assert_snapshot!("audit_table", ran.stdout);
    assert!(
        ran.stderr
            .contains("the exception in line 15 for `store-error` ended on 2026-01-31"),
        "{ran:?}"
    );
    let all = audit(&server, &["--rules", &rules, "--all"]);
    assert!(all.stdout.contains("needs no upgrade"), "{all:?}");
    assert!(!ran.stdout.contains("needs no upgrade"), "{ran:?}");
}

#[test]
fn json_has_all_results() {
    let server = Server::start();
    let rules = server.write("rules.toml", RULES);
    let ran = audit(&server, &["--rules", &rules, "--json"]);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report["format"], 1);
    let counts = report["counts"].as_object().unwrap().values();
    let total: u64 = counts.map(|count| count.as_u64().unwrap()).sum();
    let results = report["results"].as_array().unwrap();
    assert_eq!(u64::try_from(results.len()).unwrap(), total);
    assert!(results.iter().any(|result| result["status"] == "ok"), "{ran:?}");
}

#[test]
fn the_exit_code_depends_on_the_severity() {
    let server = Server::start();
    let only = |severity: &str| {
        let rules = RULES.replace("severity = \"critical\"", &format!("severity = \"{severity}\""));
        server.write("rules.toml", &rules)
    };
    for (severity, fail_on, code) in [
        ("critical", "critical", 10),
        ("warning", "critical", 0),
        ("warning", "warning", 10),
    ] {
        let ran = audit(&server, &["--rules", &only(severity), "--fail-on", fail_on]);
        assert_eq!(ran.code, Some(code), "{severity} {fail_on} {ran:?}");
    }
}

#[test]
fn nothing_to_report_has_the_exit_code_0() {
    let server = Server::start();
    server
        .simulator
        .change_result("GetRetentionPolicies", |_| json!([{"enabled": true}]))
        .unwrap();
    let rules = server.write(
        "rules.toml",
        "version = 1\n[rules.mfa-off]\nenabled = false\n[rules.store-not-verified]\nenabled = false\n",
    );
    let ran = audit(&server, &["--rules", &rules]);
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{ran:?}");
    assert!(
        ran.stdout
            .starts_with("Findings: 0, unknown: 0, excepted: 0, ok: "),
        "{ran:?}"
    );
}

#[test]
fn what_is_unknown_has_the_exit_code_11() {
    let server = Server::start();
    // Without a run of a job, it is not known when the stores were verified.
    let ran = audit(&server, &["--fail-on", "critical"]);
    assert_eq!(ran.code, Some(11), "{ran:?}");
    assert!(ran.stdout.contains("unknown"), "{ran:?}");
}

#[test]
fn the_instances_of_a_service_provider_can_be_chosen() {
    let server = Server::of(Simulator::builder(Edition::Spe).start().unwrap());
    let ran = audit(&server, &["--json", "--instances", "de*"]);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let archives = report["results"].as_array().unwrap().iter();
    let mut archives: Vec<Option<&str>> = archives.map(|result| result["archive"].as_str()).collect();
    archives.dedup();
    assert_eq!(archives, [None, Some("demo")], "{ran:?}");
    let ran = audit(&server, &["--instances", "nobody"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
}

#[test]
fn a_wrong_file_is_wrong_usage_and_sends_nothing() {
    let server = Server::start();
    let rules = server.write("rules.toml", "version = 1\n[rules.mfa-of]\nsecret = \"canary\"\n");
    let ran = audit(&server, &["--rules", &rules]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(
        ran.stderr.contains("line 2") && ran.stderr.contains("`mfa-off`"),
        "{ran:?}"
    );
    assert!(!ran.stderr.contains("canary"), "{ran:?}");
    assert!(server.simulator.received().is_empty());
    let ran = audit(&server, &["--rules", "missing.toml"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
}

#[test]
fn a_refused_password_and_an_unreachable_server_are_failures_with_one_message() {
    let server = Server::start();
    let file = server.write("people.toml", "version = 1\n[[user]]\nname = \"mia\"\n");
    let path = |name: &str| server.folder.path().join(name).display().to_string();
    let (history, one, other) = (path("history.jsonl"), path("one"), path("other"));
    let exported = run(&mut server.command(&server.with_trust("export", &[&one])));
    assert_eq!(exported.code, Some(0), "{exported:?}");
    for (command, arguments) in [
        ("audit", vec![]),
        ("snapshot", vec!["--to", &history]),
        ("export", vec![other.as_str()]),
        ("compare", vec![one.as_str(), "--live"]),
        ("plan", vec![file.as_str()]),
    ] {
        let words = server.with_trust(command, &arguments);
        let ran = run(server
            .command(&words)
            .env("MAILSTORE_PASSWORD", "canary-password"));
        assert_eq!(ran.code, Some(1), "{command} {ran:?}");
        assert_eq!(ran.stderr.matches("Error: ").count(), 1, "{command} {ran:?}");
        assert!(ran.stderr.contains("MAILSTORE_PASSWORD"), "{command} {ran:?}");
        assert!(!format!("{ran:?}").contains("canary-password"), "{ran:?}");
        // Nothing listens on this port.
        let ran = run(server
            .command(&words)
            .env("MAILSTORE_SERVER", "https://127.0.0.1:1"));
        assert_eq!(ran.code, Some(1), "{command} {ran:?}");
        assert_eq!(ran.stderr.matches("Error: ").count(), 1, "{command} {ran:?}");
    }
}

#[test]
fn names_cannot_control_the_terminal() {
    let server = Server::start();
    server
        .simulator
        .change_result(
            "GetUsers",
            |_| json!([{"userName": "ja\u{1b}[2Jne", "mfaStatus": "Disabled"}]),
        )
        .unwrap();
    let ran = audit(&server, &[]);
    assert!(
        ran.stdout.contains("user ja") && !ran.stdout.contains('\u{1b}'),
        "{ran:?}"
    );
}

#[test]
fn a_file_with_contracts_is_compared_with_the_users_of_instances() {
    let server = Server::of(Simulator::builder(Edition::Spe).start().unwrap());
    let csv = server.write("contracts.csv", "instance,users\ndemo,1\n");
    let ran = audit(&server, &["--json", "--instances", "demo", "--contract", &csv]);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let results = report["results"].as_array().unwrap();
    let result = results
        .iter()
        .find(|result| result["rule"] == "licence-over")
        .unwrap();
    assert_eq!(result["status"], "finding", "{ran:?}");
    let wrong = server.write("wrong.csv", "instance,users\ndemo,many\n");
    let ran = audit(&server, &["--contract", &wrong]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.stderr.contains("line 2, column `users`"), "{ran:?}");
}
