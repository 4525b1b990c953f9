//! Adds the options and variables that errors advise to the command, exactly as they are printed. It succeeds.
#![cfg(unix)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use mailstore_sim::{Edition, Simulator};

use crate::checkout::{Checkout, PASSWORD, words};
use crate::programs::{programs, root};

/// A command for a live server. It can be changed as an error advises.
#[derive(Clone)]
struct Line {
    program: &'static str,
    arguments: Vec<String>,
    variables: BTreeMap<&'static str, String>,
}

impl Line {
    fn new(program: &'static str, line: &str) -> Self {
        Self {
            program,
            arguments: shlex::split(line).expect("it is quoted"),
            variables: BTreeMap::from([("MAILSTORE_PASSWORD", PASSWORD.to_owned())]),
        }
    }

    fn with(&self, more: &[&str]) -> Self {
        let mut line = self.clone();
        line.arguments.extend(more.iter().map(|word| (*word).to_owned()));
        line
    }

    fn without(&self, option: &str) -> Self {
        let mut line = self.clone();
        let at = line.arguments.iter().position(|word| word == option);
        let at = at.expect("the option is there");
        line.arguments.drain(at..at + 2);
        line
    }

    fn variable(&self, name: &'static str, value: &str) -> Self {
        let mut line = self.clone();
        line.variables.insert(name, value.to_owned());
        line
    }

    /// The exit code and everything that is printed.
    fn run(&self, folder: &Path) -> (Option<i32>, String) {
        let mut command = Command::new(&programs()[self.program]);
        command
            .args(&self.arguments)
            .current_dir(folder)
            .stdin(Stdio::null());
        for name in ["MAILSTORE_PASSWORD", "MAILSTORE_USER"] {
            command.env_remove(name);
        }
        let output = command.envs(&self.variables).output().expect("it runs");
        let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert!(!text.contains(PASSWORD), "{text}");
        (output.status.code(), text.into_owned())
    }

    #[track_caller]
    fn succeeds(&self, folder: &Path) {
        let (code, text) = self.run(folder);
        // The exit code 1 of the probe means that something differs.
        let differs = self.arguments[0] == "probe" && code == Some(1);
        assert!(code == Some(0) || differs, "{:?}: {text}", self.arguments);
    }

    /// The words of the last part between backquotes that begins with `beginning`.
    #[track_caller]
    fn advised(&self, folder: &Path, beginning: &str) -> Vec<String> {
        let (code, text) = self.run(folder);
        assert_ne!(code, Some(0), "{:?}: {text}", self.arguments);
        let found = quoted(&text)
            .into_iter()
            .rfind(|part| part.starts_with(beginning));
        let found = found.unwrap_or_else(|| panic!("no {beginning} is advised: {text}"));
        shlex::split(&found).expect("it is quoted")
    }
}

fn quoted(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// A server with the user `operator`, and a folder with its certificate and a saved function list.
fn server(edition: Edition) -> (Simulator, tempfile::TempDir) {
    let server = Simulator::builder(edition)
        .credentials("operator", PASSWORD)
        .start()
        .expect("it starts");
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("own.pem"), server.certificate_pem()).expect("written");
    let saved = root().join(format!("metadata/mailstore/{}-24.json", edition.as_str()));
    fs::copy(saved, folder.path().join("saved.json")).expect("copied");
    (server, folder)
}

/// The commands for a server, with all options that they need.
fn lines(server: &Simulator) -> Vec<Line> {
    let url = server.url();
    let options = format!(
        "--edition {} --user operator --ca own.pem",
        server.edition().as_str()
    );
    vec![
        Line::new("xtask", &format!("fetch {url} --out new.json --force {options}")),
        Line::new("xtask", &format!("diff saved.json {url} {options}")),
        Line::new("mailstore", &format!("probe --server {url} {options}")),
    ]
}

fn strs(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

#[test]
fn the_option_that_the_error_advises_repairs_a_missing_or_wrong_edition() {
    for edition in Edition::ALL {
        let (server, folder) = server(edition);
        for line in lines(&server) {
            let bare = line.without("--edition");
            let option = bare.advised(folder.path(), &format!("--edition {}", edition.as_str()));
            bare.with(&strs(&option)).succeeds(folder.path());
            let other = Edition::ALL
                .into_iter()
                .find(|other| *other != edition)
                .expect("two");
            let wrong = bare.with(&["--edition", other.as_str()]);
            let option = wrong.advised(folder.path(), "--edition ");
            bare.with(&strs(&option)).succeeds(folder.path());
        }
    }
}

#[test]
fn the_options_that_the_error_advises_accept_an_untrusted_certificate() {
    let (server, folder) = server(Edition::Server);
    for line in lines(&server) {
        let bare = line.without("--ca");
        let option = bare.advised(folder.path(), "--ca ");
        assert_eq!(option, ["--ca", "FILE"]);
        bare.with(&["--ca", "own.pem"]).succeeds(folder.path());
        let option = bare.advised(folder.path(), "--insecure");
        bare.with(&strs(&option)).succeeds(folder.path());
    }
}

#[test]
fn credentials_can_be_set_as_the_errors_advise() {
    let (server, folder) = server(Edition::Server);
    for line in lines(&server) {
        // The option or the variable corrects a wrong user.
        let bare = line.without("--user");
        let (code, text) = bare.run(folder.path());
        if bare.arguments[0] == "diff" {
            // MailStore Server returns its function list without credentials.
            assert_eq!(code, Some(0), "{text}");
        } else {
            assert_eq!(bare.advised(folder.path(), "--user"), ["--user"]);
            assert!(
                text.contains("Set the user with `--user` or MAILSTORE_USER"),
                "{text}"
            );
            assert!(
                text.contains("password is read from MAILSTORE_PASSWORD"),
                "{text}"
            );
        }
        bare.with(&["--user", "operator"]).succeeds(folder.path());
        bare.variable("MAILSTORE_USER", "operator")
            .succeeds(folder.path());

        let mut without = line.clone();
        without.variables.clear();
        let (code, text) = without.run(folder.path());
        assert_ne!(code, Some(0), "{text}");
        assert!(text.contains("Set MAILSTORE_PASSWORD"), "{text}");
        without
            .variable("MAILSTORE_PASSWORD", PASSWORD)
            .succeeds(folder.path());

        let mut in_address = line.clone();
        for word in &mut in_address.arguments {
            *word = word.replace("https://", &format!("https://operator:{PASSWORD}@"));
        }
        let (code, text) = in_address.run(folder.path());
        assert_ne!(code, Some(0), "{text}");
        assert!(
            text.contains("`--user` or MAILSTORE_USER") && text.contains("MAILSTORE_PASSWORD"),
            "{text}"
        );
    }
}

#[test]
fn the_advice_for_an_unknown_function_leads_to_its_history() {
    let checkout = Checkout::new();
    let errors = |line: &str| {
        let output = checkout.xtask(line);
        assert!(!output.status.success(), "{line}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let history = |name: &str| {
        let output = checkout.xtask(&format!("cargo xtask history {name}"));
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let text = errors("cargo xtask history getstore");
    assert!(history(&quoted(&text)[0]).contains("still there"), "{text}");

    let text = errors("cargo xtask history Zzz");
    let command = &quoted(&text)[0];
    let listed = checkout.xtask(command);
    assert!(listed.status.success(), "{text}");
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    // The files that the command lists contain the names.
    assert!(text.contains("metadata/mailstore/*.json"), "{text}");
    let files: Vec<&str> = listed
        .split_whitespace()
        .filter(|word| word.ends_with(".json"))
        .collect();
    assert!(files.len() >= 3, "{listed}");
    for file in files {
        let dump = fs::read(checkout.path("metadata/mailstore").join(file)).expect("it is there");
        let dump = mailstore_metadata::Dump::parse(file, &dump).expect("a dump");
        history(&dump.functions()[0].name);
    }
}

#[test]
fn a_missing_record_can_be_written_from_the_text_of_the_error() {
    let checkout = Checkout::new();
    let record = checkout.path("metadata/mailstore/server-9.toml");
    fs::remove_file(&record).expect("it was there");
    let failed = checkout.xtask("cargo xtask codegen --check");
    assert!(!failed.status.success());
    let text = String::from_utf8_lossy(&failed.stderr).into_owned();
    let printed = text
        .lines()
        .map(|line| line.trim_matches(|c: char| c == '│' || c.is_whitespace()));
    let mut lines: Vec<String> = printed
        .filter_map(|line| {
            ["functions = ", "sha256 = "]
                .iter()
                .find_map(|name| line.find(name).map(|at| line[at..].to_owned()))
        })
        .collect();
    assert_eq!(lines.len(), 2, "{text}");
    for member in ["edition = \"server\"", "date = ", "origin = \"rebuilt"] {
        let advised = quoted(&text).into_iter().find(|part| part.starts_with(member));
        lines.push(advised.unwrap_or_else(|| panic!("no {member}: {text}")));
    }
    fs::write(&record, lines.join("\n") + "\n").expect("written");
    let checked = checkout.xtask("cargo xtask codegen --check");
    assert!(
        checked.status.success(),
        "{}",
        String::from_utf8_lossy(&checked.stderr)
    );
}

#[test]
fn the_option_that_the_error_advises_generates_a_client_of_the_other_edition() {
    let checkout = Checkout::new();
    for (file, wrong, right) in [
        ("spe-24.json", "server", "spe"),
        ("server-24.json", "spe", "server"),
    ] {
        let bare = format!("cargo xtask codegen --dump {file} --out ../{right}");
        let failed = checkout.xtask(&format!("{bare} --known {wrong}"));
        assert!(!failed.status.success());
        let text = String::from_utf8_lossy(&failed.stderr).into_owned();
        let option = quoted(&text)
            .into_iter()
            .find(|part| part.starts_with("--known "));
        let option = option.unwrap_or_else(|| panic!("no option is advised: {text}"));
        assert_eq!(words(&format!("cargo xtask {option}")), ["--known", right]);
        let written = checkout.xtask(&format!("{bare} {option}"));
        assert!(
            written.status.success(),
            "{}",
            String::from_utf8_lossy(&written.stderr)
        );
    }
}

#[test]
fn the_name_that_the_error_advises_replaces_a_misspelt_function() {
    let checkout = Checkout::new();
    let line =
        |name: &str| format!("cargo xtask codegen --dump server-24.json --out ../client --only {name}");
    let failed = checkout.xtask(&line("GetStore"));
    assert!(!failed.status.success());
    let text = String::from_utf8_lossy(&failed.stderr).into_owned();
    let name = text
        .split("did you mean ")
        .nth(1)
        .unwrap_or_else(|| panic!("no name is advised: {text}"));
    let name: String = name
        .chars()
        .skip_while(|c| !c.is_alphanumeric())
        .take_while(|c| c.is_alphanumeric())
        .collect();
    let written = checkout.xtask(&line(&name));
    assert!(
        written.status.success(),
        "{}",
        String::from_utf8_lossy(&written.stderr)
    );
}

#[test]
fn the_tour_changes_a_real_server_only_with_the_option_that_the_error_advises() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut variables = Vec::new();
    let mut servers = Vec::new();
    for (edition, prefix) in [(Edition::Server, "MAILSTORE"), (Edition::Spe, "MAILSTORE_SPE")] {
        let server = Simulator::builder(edition).start().expect("it starts");
        let file = folder.path().join(edition.as_str());
        fs::write(&file, server.certificate_pem()).expect("written");
        variables.push((format!("{prefix}_HOST"), server.url().to_owned()));
        variables.push((format!("{prefix}_PASSWORD"), server.password().to_owned()));
        variables.push((format!("{prefix}_CA"), file.display().to_string()));
        servers.push(server);
    }
    let tour = |arguments: &[&str]| {
        let mut command = Command::new(&programs()["tour"]);
        command.args(arguments).envs(variables.clone());
        command
            .env_remove("MAILSTORE_USER")
            .env_remove("MAILSTORE_SPE_USER");
        command.output().expect("it runs")
    };
    let rejected = tour(&[]);
    assert!(!rejected.status.success());
    assert!(servers.iter().all(|server| server.received().is_empty()));
    let text = String::from_utf8_lossy(&rejected.stderr).into_owned();
    let option = text.split_whitespace().find(|word| word.starts_with("--"));
    let output = tour(&[option.expect("an option is advised")]);
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(servers.iter().all(|server| !server.received().is_empty()));
}
