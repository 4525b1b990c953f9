//! A simulated server, a folder for the files, and the command under test.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use mailstore_sim::{Builder, Edition, Simulator};

pub(crate) const PASSWORD: &str = "correct-horse";

pub(crate) struct Place {
    pub(crate) simulator: Simulator,
    folder: tempfile::TempDir,
}

/// The output of the command and the files that it wrote.
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    /// Both output streams. White space and the frames of error reports are replaced by single spaces.
    pub(crate) text: String,
    pub(crate) report: String,
    pub(crate) patch: String,
}

impl Place {
    pub(crate) fn new(edition: Edition) -> Self {
        Self::of(Simulator::builder(edition))
    }

    pub(crate) fn of(builder: Builder) -> Self {
        Self {
            simulator: builder.credentials("admin", PASSWORD).start().unwrap(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    /// Returns the command with correct options.
    pub(crate) fn command(&self) -> Command {
        let ca = self.folder.path().join("ca.pem");
        fs::write(&ca, self.simulator.certificate_pem()).unwrap();
        let mut command = probe(self.simulator.url());
        command.args(["--edition", self.simulator.edition().as_str()]);
        command.arg("--ca").arg(ca).arg("--out").arg(self.out());
        command
    }

    pub(crate) fn probe(&self, more: &[&str]) -> Outcome {
        self.run(self.command().args(more))
    }

    pub(crate) fn run(&self, command: &mut Command) -> Outcome {
        let output = command.output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        let words: Vec<&str> = text.split_whitespace().filter(|word| *word != "│").collect();
        Outcome {
            code: output.status.code(),
            text: words.join(" "),
            report: fs::read_to_string(self.out().join("report.md")).unwrap_or_default(),
            patch: fs::read_to_string(self.out().join("overlay-patch.toml")).unwrap_or_default(),
        }
    }
}

pub(crate) fn probe(address: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mailstore"));
    command
        .args(["probe", "--server", address])
        .env("MAILSTORE_PASSWORD", PASSWORD)
        .env_remove("MAILSTORE_USER")
        .stdin(Stdio::null());
    command
}

impl Outcome {
    #[track_caller]
    pub(crate) fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.text);
        self
    }

    /// Asserts that the terminal output and the report contain this.
    #[track_caller]
    pub(crate) fn says(self, place: &str, what: &str) -> Self {
        let (shown, reported) = (format!("{place} {what}"), format!("* `{place}`: {what}"));
        assert!(
            self.text.contains(&shown),
            "`{shown}` is missing in: {}",
            self.text
        );
        assert!(
            self.report.contains(&reported),
            "`{reported}` is missing in: {}",
            self.report
        );
        self
    }

    /// Returns the differences in the report as `function place`, sorted.
    pub(crate) fn differences(&self) -> Vec<String> {
        let mut function = "";
        let mut places = Vec::new();
        for line in self.report.lines() {
            if let Some(heading) = line.strip_prefix("## ") {
                function = heading;
            } else if let Some((place, _)) = line.strip_prefix("* `").and_then(|rest| rest.split_once('`')) {
                places.push(format!("{function} {place}"));
            }
        }
        places
    }
}
