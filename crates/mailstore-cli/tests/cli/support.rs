//! A simulator and the commands that use it.

use std::path::Path;
use std::process::{Command, Stdio};

use mailstore_sim::{Edition, Simulator};
use tempfile::TempDir;

/// A simulator, and a folder for the token files of the commands.
pub(crate) struct Server {
    pub(crate) simulator: Simulator,
    pub(crate) folder: TempDir,
}

/// What a command printed, and its exit code.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Server {
    pub(crate) fn start() -> Self {
        Self::of(Simulator::start().unwrap())
    }

    pub(crate) fn of(simulator: Simulator) -> Self {
        Self {
            simulator,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// The command with these arguments. The server is chosen in the environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = command(arguments);
        command
            .env("MAILSTORE_SERVER", self.simulator.url())
            .env("MAILSTORE_PASSWORD", self.simulator.password())
            .env("MAILSTORE_TASKS", self.folder.path());
        command
    }

    /// Runs `mailstore call` with the edition and the certificate of the simulator.
    pub(crate) fn call(&self, arguments: &[&str]) -> Ran {
        run(&mut self.command(&self.with_trust("call", arguments)))
    }

    /// The words of a command with the edition and the certificate of the simulator.
    pub(crate) fn with_trust<'a>(&'a self, command: &'a str, arguments: &[&'a str]) -> Vec<&'a str> {
        let edition = match self.simulator.edition() {
            Edition::Server => "server",
            Edition::Spe => "spe",
        };
        let mut words: Vec<&str> = command.split(' ').collect();
        words.extend(["--edition", edition, "--pin", self.simulator.fingerprint()]);
        words.extend(arguments);
        words
    }

    /// The only token file.
    pub(crate) fn token_file(&self) -> String {
        let mut files: Vec<String> = self
            .folder
            .path()
            .read_dir()
            .unwrap()
            .map(|entry| entry.unwrap().path().display().to_string())
            .collect();
        assert_eq!(files.len(), 1, "{files:?}");
        files.remove(0)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> String {
        let folder = self.folder.path().join("inputs");
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    }
}

/// The command with these arguments and without any server.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(Path::new(env!("CARGO_BIN_EXE_mailstore")));
    command.args(arguments).stdin(Stdio::null());
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("MAILSTORE_") {
            command.env_remove(name);
        }
    }
    // The locks and the profiles of the person who runs the tests are not used.
    command.env("MAILSTORE_LOCKS", concat!(env!("CARGO_TARGET_TMPDIR"), "/locks"));
    command.env(
        "MAILSTORE_CONFIG",
        concat!(env!("CARGO_TARGET_TMPDIR"), "/no-profiles"),
    );
    command
}

/// The command with a limit of the size of its files, in blocks of 512 bytes. A write beyond it fails, as it does if the
/// disk is full.
#[cfg(unix)]
pub(crate) fn with_file_limit(program: &Command, blocks: usize) -> Command {
    let mut shell = Command::new("sh");
    shell
        .arg("-c")
        .arg(format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\""))
        .arg(program.get_program())
        .args(program.get_args())
        .stdin(Stdio::null());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    shell
}

pub(crate) fn run(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    Ran {
        code: output.status.code(),
        stdout: text(output.stdout),
        stderr: text(output.stderr),
    }
}
