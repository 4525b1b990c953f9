//! The commands `export` and `compare`.

use std::fs;
use std::path::Path;

use mailstore_sim::{Edition, Fault, Phase, Simulator};

use crate::support::{Ran, Server, run};

fn mailstore(server: &Server, command: &str, arguments: &[&str]) -> Ran {
    run(&mut server.command(&server.with_trust(command, arguments)))
}

/// Returns the path of a folder that does not exist.
fn folder(server: &Server, name: &str) -> String {
    server.folder.path().join(name).display().to_string()
}

/// Exports the server into a new folder.
fn exported(server: &Server, name: &str) -> String {
    let folder = folder(server, name);
    let ran = mailstore(server, "export", &[&folder]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    folder
}

fn break_once(server: &Server, function: &str) {
    let fault = Fault::status(403).on(Phase::Start).of(function).times(1);
    server.simulator.inject(fault).unwrap();
}

#[test]
fn an_export_only_reads_and_says_what_it_wrote() {
    let server = Server::start();
    let folder = folder(&server, "one");
    let ran = mailstore(&server, "export", &[&folder]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(
        ran.stdout,
        format!("{folder}: 17 files, of which 17 were written and 0 are from an earlier export; 0 removed\n")
    );
    assert!(Path::new(&folder).join("server/users/jane.doe.json").exists());
    let received = server.simulator.received();
    assert!(
        received.iter().all(|call| call.function.starts_with("Get")),
        "{received:?}"
    );
    let again = mailstore(&server, "export", &[&folder]);
    assert!(again.stdout.contains(" 0 were written"), "{again:?}");
}

#[test]
fn what_cannot_be_read_has_its_own_exit_code_and_is_named() {
    let server = Server::start();
    let whole = exported(&server, "one");
    let text = fs::read_to_string(Path::new(&whole).join("server/jobs.json")).unwrap();
    break_once(&server, "GetJobs");
    let ran = mailstore(&server, "export", &[&whole]);
    assert_eq!(ran.code, Some(11), "{ran:?}");
    assert!(ran.stderr.contains("server/jobs.json: not read: "), "{ran:?}");
    assert!(ran.stderr.contains("The files of 20"), "{ran:?}");
    assert_eq!(
        fs::read_to_string(Path::new(&whole).join("server/jobs.json")).unwrap(),
        text
    );
    let compared = mailstore(&server, "compare", &[&whole, "--live"]);
    assert_eq!(compared.code, Some(11), "{compared:?}");
    assert!(
        compared
            .stdout
            .contains("? server/jobs.json: not in the old export: "),
        "{compared:?}"
    );
}

#[test]
fn folders_and_a_live_server_are_compared() {
    let server = Server::start();
    let old = exported(&server, "old");
    let same = mailstore(&server, "compare", &[&old, "--live"]);
    assert_eq!(same.code, Some(0), "{same:?}");
    assert!(same.stdout.ends_with("\nNothing changed.\n"), "{same:?}");

    for arguments in [
        &["DeleteUser", "userName=john.doe", "--yes"][..],
        &[
            "SetUserFullName",
            "userName=jane.doe",
            "fullName=Jane `Smith`\u{202e}",
        ],
    ] {
        assert_eq!(server.call(arguments).code, Some(0));
    }
    let live = mailstore(&server, "compare", &[&old, "--live"]);
    assert_eq!(live.code, Some(10), "{live:?}");
    let new = exported(&server, "new");
    let text = mailstore(&server, "compare", &[&old, &new]);
    assert_eq!(text.code, Some(10), "{text:?}");
    let changes = "
server/users (2)
  ~ jane.doe
      fullName: \"Jane Doe\" -> \"Jane `Smith`\\u{202e}\"
  - john.doe

0 added, 1 removed, 1 changed, 0 maybe renamed, 0 unknown
";
    for ran in [&live, &text] {
        assert!(ran.stdout.ends_with(changes), "{ran:?}");
    }
    let markdown = mailstore(&server, "compare", &[&old, &new, "--format", "markdown"]);
    let changes = "
#### `server/users` (2)

- changed **`jane.doe`**
  - `fullName`: `\"Jane Doe\" -> \"Jane 'Smith'\\u{202e}\"`
- removed **`john.doe`**
";
    assert!(markdown.stdout.ends_with(changes), "{markdown:?}");
    let json = mailstore(&server, "compare", &[&old, &new, "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(json["changes"][1]["change"], "removed");
    assert_eq!(json["changes"][1]["object"], "john.doe");
}

#[test]
fn patterns_choose_the_instances_of_exports_and_comparisons() {
    let step = std::time::Duration::ZERO;
    let server = Server::of(Simulator::builder(Edition::Spe).step(step).start().unwrap());
    let all = exported(&server, "all");
    let some = folder(&server, "some");
    let ran = mailstore(&server, "export", &[&some, "--instances", "de*"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.stderr.contains("instances/acme: left out"), "{ran:?}");
    assert!(!Path::new(&some).join("instances/acme").exists());
    let compared = mailstore(&server, "compare", &[&all, "--live", "--instances", "demo"]);
    assert_eq!(compared.code, Some(0), "{compared:?}");
    assert!(
        compared.stdout.contains("instances/acme: not compared"),
        "{compared:?}"
    );

    let stopped = mailstore(&server, "instances stop", &["acme", "--yes"]);
    assert_eq!(stopped.code, Some(0), "{stopped:?}");
    let ran = mailstore(&server, "export", &[&all]);
    assert_eq!(ran.code, Some(11), "{ran:?}");
    assert!(
        Path::new(&all)
            .join("instances/acme/users/jane.doe.json")
            .exists()
    );
}

#[test]
fn wrong_input_is_explained_and_changes_nothing() {
    let server = Server::start();
    let export = exported(&server, "one");
    let other = exported(&Server::start(), "other");
    let _ = other;
    let notes = folder(&server, "notes");
    fs::create_dir(&notes).unwrap();
    fs::write(Path::new(&notes).join("notes.txt"), "mine").unwrap();
    let missing = folder(&server, "missing");
    let spe = Server::of(Simulator::builder(Edition::Spe).start().unwrap());
    let customers = exported(&spe, "customers");
    let damaged = exported(&server, "damaged");
    fs::write(Path::new(&damaged).join("server/jobs.json"), "[{").unwrap();
    let sent = server.simulator.received().len();
    for (command, arguments, code, wanted) in [
        ("export", &[&*notes][..], 2, "is not empty and is not an export"),
        ("export", &[&customers], 2, "has the export of another server"),
        ("export", &[], 2, "<DIR>"),
        ("export", &["x", "--parallel", "0"], 2, "--parallel"),
        (
            "export",
            &["x", "--instances", "a"],
            2,
            "MailStore Server has no instances",
        ),
        ("compare", &[&export], 2, "<NEW>"),
        ("compare", &[&export, &export, "--live"], 2, "cannot be used with"),
        ("compare", &[&notes, &export], 2, "there is no manifest"),
        ("compare", &[&missing, &export], 1, "cannot read"),
        ("compare", &[&export, &customers], 2, "different editions"),
        ("compare", &[&damaged, &export], 1, "jobs.json` is damaged: "),
    ] {
        let ran = mailstore(&server, command, arguments);
        assert_eq!(ran.code, Some(code), "{command} {arguments:?}: {ran:?}");
        assert!(ran.stderr.contains(wanted), "{command} {arguments:?}: {ran:?}");
        assert!(ran.stdout.is_empty(), "{ran:?}");
    }
    let files: Vec<_> = Path::new(&notes).read_dir().unwrap().collect();
    assert_eq!(files.len(), 1);
    let late = server.simulator.received();
    let late: Vec<&str> = late[sent..].iter().map(|call| call.function.as_str()).collect();
    assert!(
        late.iter().all(|function| function.starts_with("Get")),
        "{late:?}"
    );
}

#[test]
fn a_server_that_rejects_the_account_leaves_the_last_export() {
    let server = Server::start();
    let folder = exported(&server, "one");
    let manifest = fs::read(Path::new(&folder).join("manifest.json")).unwrap();
    let words = server.with_trust("export", &[&folder]);
    let ran = run(server.command(&words).env("MAILSTORE_PASSWORD", "wrong"));
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert_eq!(
        fs::read(Path::new(&folder).join("manifest.json")).unwrap(),
        manifest
    );
}

/// The system refuses to write into files, as it does if the disk is full.
#[cfg(unix)]
#[test]
fn a_full_disk_leaves_the_last_export() {
    let server = Server::start();
    let folder = exported(&server, "one");
    let changed = server.call(&["SetUserFullName", "userName=jane.doe", "fullName=Jane Smith"]);
    assert_eq!(changed.code, Some(0), "{changed:?}");
    let content = |name: &str| fs::read(Path::new(&folder).join(name)).unwrap();
    let files = || ["manifest.json", "server/users/jane.doe.json"].map(content);
    let before = files();
    let command = server.command(&server.with_trust("export", &[&folder]));
    let ran = run(&mut crate::support::with_file_limit(&command, 0));
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.stderr.contains("cannot write"), "{ran:?}");
    assert!(ran.stderr.contains("jane.doe.json"), "{ran:?}");
    assert_eq!(files(), before);
    assert!(!Path::new(&folder).join(".mailstore-export").exists());
    let again = mailstore(&server, "export", &[&folder]);
    assert_eq!(again.code, Some(0), "{again:?}");
    assert!(content("server/users/jane.doe.json") != before[1]);
}
