//! The commands `plan` and `apply`.

use mailstore_operations::provision::{ApplyLock, Plan};
use mailstore_sim::{Edition, Simulator};

#[cfg(unix)]
use crate::support::with_file_limit;
use crate::support::{Ran, Server, run};

const PEOPLE: &str = r#"
version = 1
[[user]]
name = "mia.wolf"
privileges = ["login"]
emails = ["mia@example.com"]
own-archive = ["read"]
password = { env = "MIA_PASSWORD" }
"#;

fn mailstore(server: &Server, command: &str, arguments: &[&str]) -> Ran {
    let words = server.with_trust(command, arguments);
    run(server.command(&words).env("MIA_PASSWORD", "canary-password"))
}

#[test]
fn a_plan_is_saved_and_applied_and_then_there_is_nothing_to_do() {
    let server = Server::start();
    let file = server.write("people.toml", PEOPLE);
    let plan = format!("{file}.plan.json");
    let planned = mailstore(&server, "plan", &[&file, "--out", &plan]);
    assert_eq!(planned.code, Some(10), "{planned:?}");
    assert!(planned.stdout.contains("+ user mia.wolf"), "{planned:?}");
    let applied = mailstore(&server, "apply", &[&plan, "--yes"]);
    assert_eq!(applied.code, Some(0), "{applied:?}");
    assert_eq!(
        applied.stdout,
        "1 changed now, 0 changed before, 0 failed, 0 not tried, 0 blocked\n"
    );
    let again = mailstore(&server, "plan", &[&file]);
    assert_eq!(again.code, Some(0), "{again:?}");
    let created = server.simulator.received();
    let created = created.iter().find(|call| call.function == "CreateUser").unwrap();
    assert_eq!(created.argument("password"), Some("canary-password"));
    let folder = std::path::Path::new(&plan).parent().unwrap();
    for file in folder.read_dir().unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(!text.contains("canary-password"), "{text}");
    }
}

#[test]
fn a_plan_only_reads() {
    let server = Server::start();
    let file = server.write("people.toml", PEOPLE);
    mailstore(&server, "plan", &[&file]);
    let received = server.simulator.received();
    assert!(
        received.iter().all(|call| call.function.starts_with("Get")),
        "{received:?}"
    );
}

#[test]
fn a_plan_without_a_terminal_needs_a_confirmation() {
    let server = Server::start();
    let file = server.write("people.toml", PEOPLE);
    let plan = format!("{file}.plan.json");
    mailstore(&server, "plan", &[&file, "--out", &plan]);
    let applied = mailstore(&server, "apply", &[&plan]);
    assert_eq!(applied.code, Some(1), "{applied:?}");
    assert!(applied.stderr.contains("Add `--yes`"), "{applied:?}");
    assert_eq!(server.simulator.starts("CreateUser"), 0);
}

#[test]
fn a_second_plan_for_one_server_is_refused_while_the_first_is_applied() {
    let server = Server::start();
    let file = server.write("people.toml", PEOPLE);
    let plan = format!("{file}.plan.json");
    mailstore(&server, "plan", &[&file, "--out", &plan]);
    let locks = server.folder.path().join("locks").display().to_string();
    let first = Plan::from_json(&std::fs::read_to_string(&plan).unwrap()).unwrap();
    let since = "2026-05-02T07:41:02Z".parse().unwrap();
    let lock = ApplyLock::acquire(locks.as_ref(), &first, since).unwrap();
    let apply = || mailstore(&server, "apply", &[&plan, "--yes", "--lock-folder", &locks]);
    let refused = apply();
    assert_eq!(refused.code, Some(1), "{refused:?}");
    // The message is broken into lines.
    let words: Vec<&str> = refused
        .stderr
        .split([' ', '\n', '│'])
        .filter(|word| !word.is_empty())
        .collect();
    let expected = format!(
        "(process {}, since 2026-05-02T07:41:02Z). Wait until it has ended",
        std::process::id()
    );
    assert!(words.join(" ").contains(&expected), "{refused:?}");
    assert_eq!(server.simulator.starts("CreateUser"), 0);
    drop(lock);
    assert_eq!(apply().code, Some(0));
}

#[test]
fn a_plan_of_another_server_is_refused() {
    let (one, other) = (Server::start(), Server::start());
    let file = one.write("people.toml", PEOPLE);
    let plan = format!("{file}.plan.json");
    mailstore(&one, "plan", &[&file, "--out", &plan]);
    let applied = mailstore(&other, "apply", &[&plan, "--yes"]);
    assert_eq!(applied.code, Some(2), "{applied:?}");
    assert!(applied.stderr.contains("the plan is for"), "{applied:?}");
    assert!(other.simulator.received().is_empty());
}

#[test]
fn a_plan_of_an_instance_is_applied_to_this_instance() {
    let server = Server::of(Simulator::builder(Edition::Spe).start().unwrap());
    let file = server.write("people.toml", PEOPLE);
    let plan = format!("{file}.plan.json");
    let missing = mailstore(&server, "plan", &[&file]);
    assert_eq!(missing.code, Some(2), "{missing:?}");
    assert!(missing.stderr.contains("--instance ID"), "{missing:?}");
    let planned = mailstore(&server, "plan", &[&file, "--instance", "demo", "--out", &plan]);
    assert_eq!(planned.code, Some(10), "{planned:?}");
    let applied = mailstore(&server, "apply", &[&plan, "--yes"]);
    assert_eq!(applied.code, Some(0), "{applied:?}");
    let created = server.simulator.received();
    let created = created.iter().find(|call| call.function == "CreateUser").unwrap();
    assert_eq!(created.argument("instanceID"), Some("demo"));
}

#[test]
fn an_unknown_outcome_has_the_exit_code_11() {
    let server = Server::start();
    let file = server.write(
        "profile.toml",
        "version = 1\n[[profile]]\nname = \"P\"\nowner = \"admin\"\ntype = \"I\"\nconnector = \"IMAP\"\n",
    );
    let plan = format!("{file}.plan.json");
    mailstore(&server, "plan", &[&file, "--out", &plan]);
    let rule = "start/CreateProfile #1 close-before".parse().unwrap();
    server.simulator.inject(rule).unwrap();
    let applied = mailstore(&server, "apply", &[&plan, "--yes"]);
    assert_eq!(applied.code, Some(11), "{applied:?}");
    assert!(
        applied.stdout.contains("it is not known whether the server"),
        "{applied:?}"
    );
    let applied = mailstore(&server, "apply", &[&plan, "--yes"]);
    assert_eq!(applied.code, Some(0), "{applied:?}");
    assert_eq!(server.simulator.starts("CreateProfile"), 1);
}

#[test]
fn wrong_files_get_one_message() {
    let server = Server::start();
    let invalid = server.write("invalid.toml", "version = 1\n[[user]]\nnam = \"x\"\n");
    for (command, file, expected) in [
        ("plan", invalid.as_str(), "line 3: unknown field `nam`"),
        ("plan", "no-such-file.toml", "no-such-file.toml cannot be read"),
        ("apply", invalid.as_str(), "the file is not a plan"),
    ] {
        let ran = mailstore(&server, command, &[file]);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.stderr.contains(expected), "{ran:?}");
    }
    assert!(server.simulator.received().is_empty());
}

#[test]
fn the_schema_of_the_file_needs_no_server() {
    let ran = run(&mut crate::support::command(&["plan", "--schema"]));
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stdout.contains("\"own-archive\""), "{ran:?}");
}

#[test]
fn a_plan_that_was_edited_is_refused() {
    let server = Server::start();
    let file = server.write(
        "people.toml",
        "version = 1\n[[user]]\nname = \"john.doe\"\nstate = \"absent\"\n",
    );
    let plan = format!("{file}.plan.json");
    mailstore(&server, "plan", &[&file, "--out", &plan]);
    let text = std::fs::read_to_string(&plan).unwrap();
    let mut edited: serde_json::Value = serde_json::from_str(&text).unwrap();
    edited["changes"][0]
        .as_object_mut()
        .unwrap()
        .remove("blocked")
        .unwrap();
    std::fs::write(&plan, edited.to_string()).unwrap();
    let applied = mailstore(&server, "apply", &[&plan, "--yes"]);
    assert_eq!(applied.code, Some(2), "{applied:?}");
    assert!(
        applied.stderr.contains("the plan was changed after it was made"),
        "{applied:?}"
    );
    assert_eq!(server.simulator.starts("DeleteUser"), 0);
}

#[test]
fn a_password_that_is_not_in_the_file_cannot_be_set() {
    let server = Server::start();
    let file = server.write("people.toml", PEOPLE);
    let planned = mailstore(&server, "plan", &[&file, "--set-password", "mia.wofl"]);
    assert_eq!(planned.code, Some(2), "{planned:?}");
    assert!(planned.stderr.contains("mia.wofl"), "{planned:?}");
}

#[test]
fn a_plan_is_saved_in_the_current_folder() {
    let server = Server::start();
    server.write("people.toml", PEOPLE);
    let folder = server.folder.path().join("inputs");
    let words = server.with_trust("plan", &["people.toml", "--out", "plan.json"]);
    let planned = run(server.command(&words).current_dir(&folder));
    assert_eq!(planned.code, Some(10), "{planned:?}");
    assert!(folder.join("plan.json").is_file());
}

#[cfg(unix)]
#[test]
fn a_plan_that_does_not_fit_on_the_disk_leaves_the_last_one() {
    let server = Server::start();
    let file = server.write("people.toml", PEOPLE);
    let plan = server.write("plan.json", "the last plan");
    let program = server.command(&server.with_trust("plan", &[&file, "--out", &plan]));
    let ran = run(&mut with_file_limit(&program, 0));
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.contains("the plan cannot be saved"), "{ran:?}");
    assert_eq!(std::fs::read_to_string(&plan).unwrap(), "the last plan");
    let folder = std::path::Path::new(&plan).parent().unwrap();
    assert_eq!(folder.read_dir().unwrap().count(), 2);
}

#[cfg(target_os = "linux")]
#[test]
fn a_device_is_not_replaced_by_a_plan() {
    let server = Server::start();
    let file = server.write("people.toml", PEOPLE);
    let ran = mailstore(&server, "plan", &[&file, "--out", "/dev/full"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.contains("the plan cannot be saved"), "{ran:?}");
    assert!(!std::fs::metadata("/dev/full").unwrap().is_file());
}

#[cfg(unix)]
#[test]
fn a_journal_that_does_not_fit_on_the_disk_ends_apply_and_the_next_run_completes_it() {
    let server = Server::start();
    let file = server.write("people.toml", PEOPLE);
    let plan = format!("{file}.plan.json");
    mailstore(&server, "plan", &[&file, "--out", &plan]);
    for (blocks, created) in [(0, 0), (1, 1)] {
        let mut program = server.command(&server.with_trust("apply", &[&plan, "--yes"]));
        program.env("MIA_PASSWORD", "canary-password");
        let ran = run(&mut with_file_limit(&program, blocks));
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.stderr.contains("cannot be written"), "{ran:?}");
        assert_eq!(server.simulator.starts("CreateUser"), created);
    }
    let applied = mailstore(&server, "apply", &[&plan, "--yes"]);
    assert_eq!(applied.code, Some(0), "{applied:?}");
    assert_eq!(server.simulator.starts("CreateUser"), 1);
    assert_eq!(mailstore(&server, "plan", &[&file]).code, Some(0));
}
