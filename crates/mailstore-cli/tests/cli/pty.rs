//! Runs the command `mailstore` in a terminal.

use std::process::{Command, Stdio};

use rexpect::process::WaitStatus;
use rexpect::session::{PtySession, spawn_command};

/// How long a test waits for an expected text. It is only reached if the test fails.
const TIMEOUT_MS: u64 = 60_000;

/// A command that runs in a terminal.
pub(crate) struct Terminal {
    session: PtySession,
    /// Everything that was shown so far, up to the last expected text.
    shown: String,
}

impl Terminal {
    /// Starts a command.
    pub(crate) fn start(mut command: Command) -> Self {
        command
            .stdin(Stdio::inherit())
            .stdout(Stdio::inherit())
            .stderr(Stdio::inherit());
        Self {
            session: spawn_command(command, Some(TIMEOUT_MS)).unwrap(),
            shown: String::new(),
        }
    }

    /// Waits until the command has shown a text.
    #[track_caller]
    pub(crate) fn expect(&mut self, text: &str) {
        let before = match self.session.exp_string(text) {
            Ok(before) => before,
            Err(error) => panic!("`{text}` was not shown: {error}\n{}", self.shown),
        };
        self.shown.push_str(&before);
        self.shown.push_str(text);
    }

    /// Waits until the command has shown two texts. Returns what is between them.
    pub(crate) fn expect_after(&mut self, before: &str, end: &str) -> String {
        self.expect(before);
        let start = self.shown.len();
        self.expect(end);
        self.shown[start..self.shown.len() - end.len()].to_owned()
    }

    /// Types a line.
    pub(crate) fn type_line(&mut self, line: &str) {
        self.session.send_line(line).unwrap();
    }

    /// Presses Ctrl-C.
    pub(crate) fn press_ctrl_c(&mut self) {
        self.session.send_control('c').unwrap();
    }

    /// Waits for the end of the command. Returns its exit code and everything that was shown.
    pub(crate) fn end(mut self) -> (Option<i32>, String) {
        self.shown.push_str(&self.session.exp_eof().unwrap());
        let code = match self.session.process().wait().unwrap() {
            WaitStatus::Exited(_, code) => Some(code),
            _ => None,
        };
        (code, self.shown)
    }
}
