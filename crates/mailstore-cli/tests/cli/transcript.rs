//! A sequence of commands with what they print, for snapshots.

use std::collections::BTreeSet;

use tempfile::TempDir;

use crate::support::{Server, run};

/// The number of lines of an output that a transcript shows.
const LINES: usize = 24;

/// The commands that were run and what they printed.
pub(crate) struct Transcript {
    server: Server,
    /// The current folder of the commands.
    folder: TempDir,
    text: String,
    /// Whether the lines of the log are shown. How many there are before a call is cancelled depends on the machine.
    pub(crate) shows_logs: bool,
    /// The words of each command without options and values.
    pub(crate) commands: BTreeSet<String>,
}

impl Transcript {
    pub(crate) fn of(server: Server) -> Self {
        Self {
            server,
            folder: tempfile::tempdir().unwrap(),
            text: String::new(),
            shows_logs: true,
            commands: BTreeSet::new(),
        }
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    /// Runs a command line without `mailstore`. The server is chosen in the environment.
    pub(crate) fn run(&mut self, line: &str) {
        self.run_with(line, &[]);
    }

    /// Like [`run`](Self::run), with other environment variables. `FILE` in the line is the only token file.
    pub(crate) fn run_with(&mut self, line: &str, variables: &[(&str, &str)]) {
        let words = shlex::split(line).unwrap();
        let words: Vec<String> = words
            .into_iter()
            .map(|word| {
                if word == "FILE" {
                    self.server.token_file()
                } else {
                    word
                }
            })
            .collect();
        let arguments: Vec<&str> = words.iter().map(String::as_str).collect();
        let simulator = &self.server.simulator;
        let mut command = self.server.command(&arguments);
        command
            .current_dir(self.folder.path())
            .env("MAILSTORE_EDITION", simulator.edition().as_str())
            .env("MAILSTORE_PIN", simulator.fingerprint())
            .env("MAILSTORE_CONFIG", self.folder.path().join("config"));
        command.envs(variables.iter().copied());
        let ran = run(&mut command);
        let mut shown = "$ ".to_owned();
        for (name, value) in variables {
            shown.push_str(&format!("{name}={value} "));
        }
        shown.push_str(&format!("mailstore {line}\n"));
        for output in [&ran.stdout, &ran.stderr] {
            let lines = output.lines().map(str::trim_end);
            let lines: Vec<&str> = lines.filter(|line| self.shows_logs || !is_log(line)).collect();
            for line in lines.iter().take(LINES) {
                shown.push_str(&format!("{line}\n"));
            }
            if lines.len() > LINES {
                shown.push_str(&format!("({} more lines)\n", lines.len() - LINES));
            }
        }
        shown.push_str(&format!("[exit code {}]\n\n", ran.code.unwrap()));
        self.text.push_str(&self.stable(&shown));
        let names = line
            .split(' ')
            .take_while(|word| word.starts_with(|c: char| c.is_ascii_lowercase()));
        let names: Vec<&str> = names.collect();
        for end in 1..=names.len() {
            self.commands.insert(names[..end].join(" "));
        }
    }

    /// Replaces what differs from run to run.
    fn stable(&self, text: &str) -> String {
        let simulator = &self.server.simulator;
        let file = |folder: &TempDir| folder.path().display().to_string();
        let mut text = text
            .replace(simulator.url(), "https://mailstore.example.com:8463")
            .replace(simulator.fingerprint(), "FINGERPRINT")
            .replace(&simulator.address().to_string(), "mailstore.example.com:8463");
        if let Ok(mut entries) = self.server.folder.path().read_dir()
            && let Some(Ok(entry)) = entries.next()
        {
            text = text.replace(&entry.path().display().to_string(), "FILE");
        }
        let text = text
            .replace(&file(&self.server.folder), "TASKS")
            .replace(&file(&self.folder), "FOLDER");
        without_error_numbers(&without_fingerprints(&text))
    }

    pub(crate) fn text(&self) -> &str {
        self.text.trim_end()
    }
}

/// Returns whether a line is part of the log of a verification.
fn is_log(line: &str) -> bool {
    line.starts_with("Verifying") || line.starts_with("Creating a list") || line.contains("messages ")
}

/// Shortens fingerprints. Each simulator has another certificate.
fn without_fingerprints(text: &str) -> String {
    let mut parts = text.split("sha256:");
    let mut short = parts.next().unwrap().to_owned();
    for part in parts {
        let end = part
            .find(|c: char| c != ':' && !c.is_ascii_hexdigit())
            .unwrap_or(part.len());
        short.push_str("sha256:...");
        short.push_str(&part[end..]);
    }
    short
}

/// Removes the numbers of errors of the operating system.
fn without_error_numbers(text: &str) -> String {
    let mut parts = text.split(" (os error ");
    let mut short = parts.next().unwrap().to_owned();
    for part in parts {
        short.push_str(part.split_once(')').unwrap().1);
    }
    short
}
