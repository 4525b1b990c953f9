//! `mailstore metadata fetch` as a user runs it, with simulated servers on this machine.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use mailstore_sim::{Edition, Fault, Phase, Simulator};

use crate::program::{PASSWORD, committed, mailstore};

const OLD: &str = "[\n  {\"name\": \"Old\", \"args\": []}\n]\n";

struct Outcome {
    success: bool,
    /// Everything that was printed, without the frames and line breaks of error reports.
    text: String,
}

impl Outcome {
    #[track_caller]
    fn succeeds(self) -> Self {
        assert!(self.success, "{}", self.text);
        self
    }

    #[track_caller]
    fn fails(self) -> Self {
        assert!(!self.success, "{}", self.text);
        self
    }

    #[track_caller]
    fn says(self, parts: &[&str]) -> Self {
        for part in parts {
            assert!(self.text.contains(part), "`{part}` is missing in: {}", self.text);
        }
        assert!(!self.text.contains("hunter2"), "{}", self.text);
        self
    }
}

/// A server, and a folder for the saved files.
struct Place {
    simulator: Simulator,
    folder: tempfile::TempDir,
    ca: PathBuf,
}

impl Place {
    fn new(edition: Edition) -> Self {
        Self::of(Simulator::builder(edition).credentials("admin", PASSWORD))
    }

    fn of(builder: mailstore_sim::Builder) -> Self {
        let simulator = builder.start().expect("the simulator starts");
        let folder = tempfile::tempdir().expect("a folder");
        let ca = folder.path().join("ca.pem");
        fs::write(&ca, simulator.certificate_pem()).expect("written");
        Self {
            simulator,
            folder,
            ca,
        }
    }

    fn dump(&self) -> PathBuf {
        self.folder.path().join("dump.json")
    }

    fn record(&self) -> PathBuf {
        self.folder.path().join("dump.toml")
    }

    /// The command with the usual options and these additional ones.
    fn command(&self, more: &[&str]) -> Command {
        let mut command = fetch(self.simulator.url(), &self.dump());
        command.arg("--ca").arg(&self.ca);
        if !more.contains(&"--edition") {
            command.args(["--edition", self.simulator.edition().as_str()]);
        }
        command.args(more);
        command
    }

    fn fetch(&self, more: &[&str]) -> Outcome {
        run(&mut self.command(more))
    }

    /// The names of the files in the folder, without the certificate.
    fn files(&self) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(self.folder.path())
            .expect("readable")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .filter(|name| name != "ca.pem")
            .collect();
        names.sort();
        names
    }
}

fn fetch(address: &str, out: &Path) -> Command {
    let mut command = mailstore(&["metadata", "fetch", "--server", address, "--out"]);
    command.arg(out);
    command
}

fn run(command: &mut Command) -> Outcome {
    let output = command.output().expect("it runs");
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    let words = text.split_whitespace().filter(|word| *word != "│");
    Outcome {
        success: output.status.success(),
        text: words.collect::<Vec<_>>().join(" "),
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("it is there")
}

#[test]
fn a_dump_is_saved_in_canonical_form_with_its_record() {
    for (edition, saved, question) in [
        (Edition::Server, "server-24.json", "GetServerInfo"),
        (Edition::Spe, "spe-24.json", "GetEnvironmentInfo"),
    ] {
        let place = Place::new(edition);
        place
            .fetch(&[])
            .succeeds()
            .says(&["24.4.0.22704", "new", "dump.json", "dump.toml"]);
        assert_eq!(read(&place.dump()), committed(saved));
        let record: toml::Table = read(&place.record()).parse().expect("it is TOML");
        assert_eq!(record["edition"].as_str(), Some(edition.as_str()));
        assert_eq!(record["version"].as_str(), Some("24.4.0.22704"));
        assert_eq!(record["origin"].as_str(), Some("fetched from a server"));
        let dump = mailstore_metadata::Dump::parse("dump", committed(saved).as_bytes()).expect("a dump");
        assert_eq!(
            record["functions"].as_integer(),
            Some(dump.functions().len() as i64)
        );
        assert_eq!(
            record["sha256"].as_str(),
            Some(dump.digest().to_string().as_str())
        );
        assert_eq!(record["date"].as_str().map(str::len), Some("2026-01-31".len()));
        let both = read(&place.dump()) + &read(&place.record());
        assert!(
            !both.contains("127.0.0.1") && !both.contains("localhost"),
            "the host is private"
        );
        let called: Vec<_> = place
            .simulator
            .received()
            .into_iter()
            .map(|call| call.function)
            .collect();
        assert_eq!(called, [question], "nothing else was called");

        place.fetch(&[]).succeeds().says(&["unchanged"]);
        assert_eq!(place.files(), ["dump.json", "dump.toml"]);
    }
}

#[test]
fn a_byte_order_mark_makes_no_difference() {
    for bom in [true, false] {
        let place = Place::of(
            Simulator::builder(Edition::Server)
                .credentials("admin", PASSWORD)
                .bom(bom),
        );
        place.fetch(&[]).succeeds();
        assert_eq!(read(&place.dump()), committed("server-24.json"));
    }
}

#[test]
fn wrong_credentials_are_an_error_although_the_list_needs_none() {
    for edition in [Edition::Server, Edition::Spe] {
        let place = Place::new(edition);
        run(place.command(&[]).env("MAILSTORE_PASSWORD", "wrong"))
            .fails()
            .says(&["HTTP 401", "MAILSTORE_PASSWORD"]);
        place
            .fetch(&["--user", "somebody"])
            .fails()
            .says(&["HTTP 401", "--user"]);
        let rule = Fault::status(403).on(Phase::Start).times(1);
        place.simulator.inject(rule).expect("the rule is valid");
        place.fetch(&[]).fails().says(&["HTTP 403"]);
        assert_eq!(place.files(), Vec::<String>::new());
    }
}

#[test]
fn a_missing_password_is_an_error_without_a_terminal() {
    let place = Place::new(Edition::Server);
    let mut command = place.command(&[]);
    run(command.env_remove("MAILSTORE_PASSWORD"))
        .fails()
        .says(&["no password", "Set MAILSTORE_PASSWORD"]);
    assert_eq!(place.simulator.connections(), 0);
}

#[test]
fn the_user_can_be_set_in_the_environment() {
    let place = Place::of(Simulator::builder(Edition::Server).credentials("monitor", PASSWORD));
    run(place.command(&[]).env("MAILSTORE_USER", "monitor")).succeeds();
}

#[test]
fn a_file_that_differs_is_replaced_only_with_force() {
    let place = Place::new(Edition::Server);
    fs::write(place.dump(), OLD).expect("written");
    place
        .fetch(&[])
        .fails()
        .says(&["has other content", "mailstore metadata diff", "--force"]);
    assert_eq!(read(&place.dump()), OLD);
    assert_eq!(place.files(), ["dump.json"]);

    place
        .fetch(&["--force"])
        .succeeds()
        .says(&["changed", "dump.json", "new", "dump.toml"]);
    assert_eq!(read(&place.dump()), committed("server-24.json"));
}

#[test]
fn the_error_for_the_same_functions_in_another_form_says_so() {
    let place = Place::new(Edition::Server);
    let compact = committed("server-24.json").replace("\n", "");
    fs::write(place.dump(), &compact).expect("written");
    place
        .fetch(&[])
        .fails()
        .says(&["the same functions in another form"]);
    assert_eq!(read(&place.dump()), compact);
}

#[test]
fn a_different_record_of_the_same_dump_is_kept() {
    let place = Place::new(Edition::Server);
    place.fetch(&[]).succeeds();
    let rebuilt = read(&place.record()).replace("fetched from a server", "rebuilt from public material");
    fs::write(place.record(), &rebuilt).expect("written");
    place
        .fetch(&[])
        .succeeds()
        .says(&["unchanged", "kept", "--force"]);
    assert_eq!(read(&place.record()), rebuilt);
    place.fetch(&["--force"]).succeeds();
    assert!(read(&place.record()).contains("fetched from a server"));

    fs::remove_file(place.dump()).expect("removed");
    fs::write(place.record(), &rebuilt).expect("written");
    place.fetch(&[]).fails().says(&["dump.toml", "--force"]);
    assert_eq!(place.files(), ["dump.toml"]);
}

#[test]
fn a_foreign_file_in_place_of_the_record_is_never_replaced() {
    let place = Place::new(Edition::Server);
    let mine = "[package]\nname = \"mine\"\n";
    fs::write(place.record(), mine).expect("written");
    place
        .fetch(&["--force"])
        .fails()
        .says(&["is not the record of a dump", "choose another name"]);
    assert_eq!(read(&place.record()), mine);
    assert_eq!(place.files(), ["dump.toml"]);
    assert_eq!(
        place.simulator.connections(),
        0,
        "the file is checked before anything is sent"
    );
}

#[test]
fn invalid_output_paths_are_rejected() {
    let place = Place::new(Edition::Server);
    for (out, part) in [
        (place.folder.path().to_owned(), "is a folder"),
        (place.record(), "extension `json`"),
        (place.folder.path().join("nowhere/dump.json"), "cannot write"),
    ] {
        let mut command = fetch(place.simulator.url(), &out);
        run(command.args(["--insecure", "--edition", "server"]))
            .fails()
            .says(&[part]);
    }
    assert_eq!(place.files(), Vec::<String>::new());
}

#[test]
fn an_error_leaves_the_old_file_unchanged() {
    let place = Place::new(Edition::Server);
    fs::write(place.dump(), OLD).expect("written");
    for (rule, part) in [
        ("metadata truncate:4000", "the response was lost"),
        ("metadata reset:4000", "the response was lost"),
        ("metadata close", "the response was lost"),
        ("metadata garble", "get-metadata of https://127.0.0.1:"),
        ("metadata html", ":1:1:"),
        ("metadata status:503", "HTTP 503"),
        ("metadata status:404", "HTTP 404"),
        ("connect refuse", "no connection"),
    ] {
        let rule = rule.parse().expect("the rule is valid");
        let fault = place.simulator.inject(rule).expect("the rule is valid");
        place.fetch(&["--force"]).fails().says(&[part]);
        assert!(fault.applied() > 0, "{part}");
        assert_eq!(read(&place.dump()), OLD, "{part}");
        assert_eq!(place.files(), ["dump.json"], "{part}");
        place.simulator.clear_faults();
    }
}

#[test]
fn an_unknown_version_is_left_out() {
    for fault in [Fault::status(400), Fault::garble(), Fault::html()] {
        let place = Place::new(Edition::Server);
        place
            .simulator
            .inject(fault.on(Phase::Start))
            .expect("the rule is valid");
        place
            .fetch(&[])
            .succeeds()
            .says(&["of unknown version", "GetServerInfo"]);
        assert_eq!(read(&place.dump()), committed("server-24.json"));
        assert!(!read(&place.record()).contains("version"));
    }
}

#[test]
fn a_server_of_the_other_edition_is_rejected() {
    for (edition, wrong) in [(Edition::Server, "spe"), (Edition::Spe, "server")] {
        let place = Place::new(edition);
        let right = format!("--edition {}", edition.as_str());
        place
            .fetch(&["--edition", wrong])
            .fails()
            .says(&["the server is not", &right]);
        assert_eq!(place.files(), Vec::<String>::new());
    }
}

#[test]
fn the_edition_is_required_if_the_port_does_not_determine_it() {
    let place = Place::new(Edition::Server);
    run(&mut fetch(place.simulator.url(), &place.dump()))
        .fails()
        .says(&["--edition server", "--edition spe"]);
    assert_eq!(place.simulator.connections(), 0);
}

#[test]
fn the_error_for_an_unreachable_server_contains_its_address() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    drop(listener);
    let folder = tempfile::tempdir().expect("a folder");
    let mut command = fetch(&address, &folder.path().join("dump.json"));
    run(command.args(["--edition", "server"]))
        .fails()
        .says(&["no connection to https://127.0.0.1:"]);
}

#[test]
fn an_untrusted_certificate_is_rejected_by_default() {
    let place = Place::new(Edition::Server);
    let strict = || {
        let mut command = fetch(place.simulator.url(), &place.dump());
        command.args(["--edition", "server"]);
        command
    };
    run(&mut strict())
        .fails()
        .says(&["--ca FILE", "--insecure", "--pin FINGERPRINT"]);
    assert!(place.simulator.received().is_empty());
    run(strict().arg("--insecure")).succeeds();
}

#[test]
fn the_fingerprint_in_the_error_can_be_pinned() {
    let place = Place::new(Edition::Server);
    let fetch = |pins: &[&str]| {
        let mut command = fetch(place.simulator.url(), &place.dump());
        command.args(["--edition", "server"]);
        pins.iter().for_each(|pin| _ = command.args(["--pin", pin]));
        run(&mut command)
    };
    let wrong = "AB".repeat(32);
    let rejected = fetch(&[&wrong])
        .fails()
        .says(&["sha256:AB:AB:AB", "Do not continue until you know the reason"]);
    assert!(place.simulator.received().is_empty());
    fetch(&[&"AB".repeat(20)]).fails().says(&["SHA-1"]);
    let seen = rejected
        .text
        .split_whitespace()
        .find(|word| word.starts_with("public-key-sha256:"));
    let seen = seen.unwrap().trim_end_matches('.');
    fetch(&[&wrong, seen]).succeeds();
}
