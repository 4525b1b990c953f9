//! A Python interpreter of this machine.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The version that every machine that runs these tests needs.
const REQUIRED: &str = "3.11";

/// Other versions that the bridge supports. The tests use those that the machine has.
const OTHERS: [&str; 11] = [
    "2.7", "3.3", "3.4", "3.5", "3.6", "3.7", "3.8", "3.9", "3.10", "3.12", "3.13",
];

/// A Python interpreter that starts.
#[derive(Clone, Debug)]
pub struct Python {
    version: &'static str,
    program: String,
    arguments: Vec<String>,
    /// pyenv's commands need the version that they start.
    pyenv_version: Option<String>,
}

impl Python {
    /// Python 3.11.
    ///
    /// # Panics
    ///
    /// Panics if Python 3.11 is not found. The message says what to install.
    pub fn required() -> Python {
        Self::find_required().unwrap_or_else(|problem| panic!("{problem}"))
    }

    /// Python 3.11.
    ///
    /// # Errors
    ///
    /// Python 3.11 is not found. The message says what to install.
    pub fn find_required() -> Result<Python, String> {
        find(REQUIRED).ok_or_else(|| {
            format!(
                "These tests need Python {REQUIRED}: the command `python{REQUIRED}` was not found. Install it, for example \
                 as the package `python{REQUIRED}`, with `pyenv install {REQUIRED}` or from python.org."
            )
        })
    }

    /// The other versions of Python that the bridge supports and that this machine has.
    pub fn others() -> Vec<Python> {
        OTHERS.into_iter().filter_map(find).collect()
    }

    /// The version, such as `3.11`.
    pub fn version(&self) -> &str {
        self.version
    }

    /// A command that starts this Python.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).env("PYTHONDONTWRITEBYTECODE", "1");
        if let Some(version) = &self.pyenv_version {
            command.env("PYENV_VERSION", version);
        }
        command
    }

    /// The folder with the Python modules of these tests.
    pub fn modules() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("python")
    }

    /// Whether the command starts, and starts this version.
    fn works(&self) -> bool {
        let print = "import sys; print('%d.%d' % sys.version_info[:2])";
        let output = self.command().args(["-c", print]).output();
        output.is_ok_and(|output| output.stdout.trim_ascii() == self.version.as_bytes())
    }
}

fn find(version: &'static str) -> Option<Python> {
    let plain = Python {
        version,
        program: format!("python{version}"),
        arguments: Vec::new(),
        pyenv_version: None,
    };
    // The launcher of Python for Windows.
    let launcher = Python {
        program: "py".to_owned(),
        arguments: vec![format!("-{version}")],
        ..plain.clone()
    };
    let usual = [plain.clone(), launcher];
    if let Some(found) = usual.into_iter().find(Python::works) {
        return Some(found);
    }
    let output = Command::new("pyenv")
        .args(["whence", &plain.program])
        .output()
        .ok()?;
    let versions = String::from_utf8(output.stdout).ok()?;
    let candidates = versions.lines().map(|line| Python {
        pyenv_version: Some(line.trim().to_owned()),
        ..plain.clone()
    });
    candidates.into_iter().find(Python::works)
}
