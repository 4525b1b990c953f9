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
fn a_server_that_refuses_the_password_has_the_exit_code_of_unknown_parts() {
    let server = Server::start();
    let mut command = server.command(&server.with_trust("audit", &[]));
    let ran = run(command.env("MAILSTORE_PASSWORD", "canary-password"));
    assert_eq!(ran.code, Some(11), "{ran:?}");
    assert!(!format!("{ran:?}").contains("canary-password"), "{ran:?}");
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
