//! A copy of the parts of the workspace that tools read and write.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::programs::programs;

/// The password of the servers in the tests.
pub(crate) const PASSWORD: &str = "hunter2-password";

/// The arguments in a line such as `cargo xtask codegen --check`.
fn words(line: &str) -> Vec<String> {
    let words = shlex::split(line).expect("it is quoted");
    words.into_iter().skip(2).collect()
}

/// A checkout with only the files that `codegen` reads and writes.
pub(crate) struct Checkout(tempfile::TempDir);

impl Checkout {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let root = std::env::current_dir().expect("the package").join("..");
        for part in [
            "xtask/Cargo.toml",
            "metadata",
            "crates/bridge-codegen/src/known",
            "crates/jetstream-api/src/generated",
            "crates/mailstore-api/src/generated",
            "crates/mailstore-cli/src/built_in",
            "crates/muster-api/src/generated",
            "crates/mailstore-codegen/src/known",
            "crates/mailstore-explorer/assets",
            "crates/mailstore-sim/src/dumps",
            "crates/mailstore-probe/src/decoders",
            "tests/src/every_call",
        ] {
            copy(&root.join(part), &folder.path().join(part));
        }
        Self(folder)
    }

    pub(crate) fn path(&self, below: &str) -> PathBuf {
        self.0.path().join(below)
    }

    /// Runs a line such as `cargo xtask codegen` in the folder `metadata/mailstore`, as a shell would.
    pub(crate) fn xtask(&self, line: &str) -> Output {
        let xtask = Path::new(env!("CARGO_BIN_EXE_xtask"));
        let mut command = self.command(xtask, "metadata/mailstore");
        command.args(words(line)).output().expect("it runs")
    }

    /// Runs a line such as `mailstore metadata history` in the same folder.
    pub(crate) fn mailstore(&self, line: &str) -> Output {
        let mut command = self.command(&programs()["mailstore"], "metadata/mailstore");
        let words = shlex::split(line).expect("it is quoted");
        command.args(&words[1..]).output().expect("it runs")
    }

    /// A command that runs a program in a folder of the checkout. The program was compiled in another folder.
    pub(crate) fn command(&self, program: &Path, folder: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.path(folder))
            .env("MAILSTORE_PASSWORD", PASSWORD)
            .env("MAILSTORE_CONFIG", self.path("config"))
            .env_remove("MAILSTORE_USER")
            .env_remove("MAILSTORE_HOST")
            .env_remove("CARGO_MANIFEST_DIR")
            .env_remove("CARGO_PKG_NAME");
        command
    }
}

fn copy(from: &Path, to: &Path) {
    if from.is_file() {
        fs::create_dir_all(to.parent().expect("a folder")).expect("made");
        fs::copy(from, to).expect("copied");
        return;
    }
    for entry in fs::read_dir(from).expect("a folder") {
        let name = entry.expect("an entry").file_name();
        copy(&from.join(&name), &to.join(&name));
    }
}
