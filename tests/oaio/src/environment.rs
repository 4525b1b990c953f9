//! The virtual environments that have the published Python client.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// A Python with the published client and Django.
#[derive(Clone, Debug)]
pub struct Environment {
    version: String,
    python: PathBuf,
}

impl Environment {
    /// The environment of Python 3.11, which every machine that runs these tests needs.
    ///
    /// # Panics
    ///
    /// Panics if Python 3.11 is not found or the client cannot be installed. The message says what to install.
    pub fn oldest() -> &'static Environment {
        static OLDEST: OnceLock<Environment> = OnceLock::new();
        OLDEST.get_or_init(|| {
            let Some(python) = find("3.11") else {
                panic!(
                    "These tests need Python 3.11 with venv and pip: the command `python3.11` was not found. Install it, \
                     for example as the package `python3.11-venv`, with `pyenv install 3.11` or from python.org."
                );
            };
            install(&python)
        })
    }

    /// The environment of Python 3.13 or 3.12, with the newest release of the client, or none if neither is found.
    ///
    /// # Panics
    ///
    /// Panics if the client cannot be installed.
    pub fn newest() -> Option<&'static Environment> {
        static NEWEST: OnceLock<Option<Environment>> = OnceLock::new();
        NEWEST
            .get_or_init(|| {
                let found = find("3.13").or_else(|| find("3.12"));
                if found.is_none() {
                    // The test harness captures the output of the macros, so this message is written without them.
                    let _ = writeln!(
                        std::io::stderr(),
                        "Neither Python 3.13 nor 3.12 was found: only the client for Python 3.11 is tested."
                    );
                }
                found.as_ref().map(install)
            })
            .as_ref()
    }

    /// All environments of this machine: one or two.
    pub fn all() -> impl Iterator<Item = &'static Environment> {
        std::iter::once(Self::oldest()).chain(Self::newest())
    }

    /// The version of Python, such as `3.11`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The program, for tests that start it themselves.
    pub fn python(&self) -> &Path {
        &self.python
    }

    /// A command that runs a script of the folder `python` of this package.
    pub(crate) fn script(&self, name: &str) -> Command {
        let mut command = Command::new(&self.python);
        command
            .arg(scripts().join(name))
            .env("PYTHONUTF8", "1")
            .env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }
}

/// How an interpreter is started.
#[derive(Clone, Debug)]
struct Interpreter {
    version: &'static str,
    program: &'static str,
    arguments: Vec<String>,
    /// pyenv's commands need the version that they start.
    pyenv_version: Option<String>,
}

impl Interpreter {
    fn command(&self) -> Command {
        let mut command = Command::new(self.program);
        command.args(&self.arguments);
        if let Some(version) = &self.pyenv_version {
            command.env("PYENV_VERSION", version);
        }
        command
    }

    /// Whether the command starts, and starts this version.
    fn works(&self) -> bool {
        let print = "import sys; print('%d.%d' % sys.version_info[:2])";
        let output = self.command().args(["-c", print]).output();
        output.is_ok_and(|output| output.stdout.trim_ascii() == self.version.as_bytes())
    }
}

fn find(version: &'static str) -> Option<Interpreter> {
    let program = match version {
        "3.11" => "python3.11",
        "3.12" => "python3.12",
        _ => "python3.13",
    };
    let plain = Interpreter {
        version,
        program,
        arguments: Vec::new(),
        pyenv_version: None,
    };
    // The launcher of Python for Windows.
    let launcher = Interpreter {
        program: "py",
        arguments: vec![format!("-{version}")],
        ..plain.clone()
    };
    let usual = [plain.clone(), launcher];
    if let Some(found) = usual.into_iter().find(Interpreter::works) {
        return Some(found);
    }
    let output = Command::new("pyenv").args(["whence", program]).output().ok()?;
    let versions = String::from_utf8(output.stdout).ok()?;
    let candidates = versions.lines().map(|line| Interpreter {
        pyenv_version: Some(line.trim().to_owned()),
        ..plain.clone()
    });
    candidates.into_iter().find(Interpreter::works)
}

fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("python")
}

fn install(interpreter: &Interpreter) -> Environment {
    let output = interpreter
        .command()
        .arg(scripts().join("install.py"))
        .arg(target_folder().join("oaio-python"))
        .env("PYTHONUTF8", "1")
        .output()
        .unwrap_or_else(|error| panic!("{} does not start: {error}", interpreter.program));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "These tests need the published oaio client in a virtual environment of Python {}:\n{errors}",
        interpreter.version
    );
    let path = String::from_utf8(output.stdout).expect("the script prints UTF-8");
    Environment {
        version: interpreter.version.to_owned(),
        python: PathBuf::from(path.trim()),
    }
}

/// The folder in which cargo has built this test.
fn target_folder() -> PathBuf {
    let program = std::env::current_exe().expect("a test knows its own path");
    let marked = program
        .ancestors()
        .find(|folder| folder.join("CACHEDIR.TAG").is_file());
    match marked {
        Some(folder) => folder.to_owned(),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target"),
    }
}
