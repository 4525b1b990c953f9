//! Adds the options and variables that errors advise to the command, exactly as they are printed. It succeeds.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;

use mailstore_sim::{Edition, Simulator};

use crate::program::{PASSWORD, mailstore, metadata, quoted, succeeds, words};

/// A command for a live server. It can be changed as an error advises.
#[derive(Clone)]
struct Line {
    arguments: Vec<String>,
    variables: BTreeMap<&'static str, String>,
}

impl Line {
    fn new(line: &str) -> Self {
        Self {
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
        let mut command = mailstore(&self.arguments);
        command.current_dir(folder).env_remove("MAILSTORE_PASSWORD");
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

/// A server with the user `operator`, and a folder with its certificate and a saved function list.
fn server(edition: Edition) -> (Simulator, tempfile::TempDir) {
    let server = Simulator::builder(edition)
        .credentials("operator", PASSWORD)
        .start()
        .expect("it starts");
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("own.pem"), server.certificate_pem()).expect("written");
    let saved = metadata(&format!("{}-24.json", edition.as_str()));
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
        Line::new(&format!(
            "metadata fetch --server {url} --out new.json --force {options}"
        )),
        Line::new(&format!("metadata diff saved.json {url} {options}")),
        Line::new(&format!("metadata check saved.json --server {url} {options}")),
        Line::new(&format!("probe --server {url} {options}")),
    ]
}

fn strs(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}

/// A folder with the saved function lists.
fn lists() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["server-9.json", "server-24.json", "spe-24.json"] {
        fs::copy(metadata(name), folder.path().join(name)).expect("copied");
    }
    folder
}

fn run(folder: &tempfile::TempDir, line: &str) -> Output {
    let mut command = mailstore(&words(line));
    command.current_dir(folder.path()).output().expect("it runs")
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
        if ["diff", "check"].contains(&bare.arguments[1].as_str()) {
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
    let folder = lists();
    let errors = |line: &str| {
        let output = run(&folder, line);
        assert!(!output.status.success(), "{line}");
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let history = |name: &str| {
        let output = run(&folder, &format!("mailstore metadata history {name}"));
        succeeds(&output);
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let text = errors("mailstore metadata history getstore");
    assert!(history(&quoted(&text)[0]).contains("still there"), "{text}");

    let text = errors("mailstore metadata history Zzz");
    let commands = quoted(&text);
    let listed = run(&folder, &commands[0]);
    succeeds(&listed);
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let lists: Vec<&str> = listed
        .split_whitespace()
        .filter_map(|word| word.strip_suffix(".json"))
        .collect();
    assert!(lists.len() >= 3, "{listed}");
    for list in lists {
        let command = commands[1].replace("server-24", list);
        let shown = run(&folder, &command);
        succeeds(&shown);
        let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
        history(shown.split('(').next().expect("a function"));
    }
}

#[test]
fn the_option_that_the_error_advises_generates_a_client_of_the_other_edition() {
    let folder = lists();
    for (file, wrong, right) in [
        ("spe-24.json", "server", "spe"),
        ("server-24.json", "spe", "server"),
    ] {
        let bare = format!("mailstore generate --dump {file} --out {right}");
        let failed = run(&folder, &format!("{bare} --known {wrong}"));
        assert!(!failed.status.success());
        let text = String::from_utf8_lossy(&failed.stderr).into_owned();
        let option = quoted(&text)
            .into_iter()
            .find(|part| part.starts_with("--known "));
        let option = option.unwrap_or_else(|| panic!("no option is advised: {text}"));
        assert_eq!(words(&format!("mailstore {option}")), ["--known", right]);
        let written = run(&folder, &format!("{bare} {option}"));
        assert!(
            written.status.success(),
            "{}",
            String::from_utf8_lossy(&written.stderr)
        );
    }
}

#[test]
fn the_name_that_the_error_advises_replaces_a_misspelt_function() {
    let folder = lists();
    let line = |name: &str| format!("mailstore generate --dump server-24.json --out client --only {name}");
    let failed = run(&folder, &line("GetStore"));
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
    let written = run(&folder, &line(&name));
    assert!(
        written.status.success(),
        "{}",
        String::from_utf8_lossy(&written.stderr)
    );
}
