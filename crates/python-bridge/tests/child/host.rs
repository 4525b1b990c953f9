//! A host program that pumps the bridge.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use python_bridge::{Bridge, Builder, write_bridge};
use tempfile::TempDir;

use crate::process::python;
use crate::scene::environment;
use crate::support::{SURFACE, modules};

/// The token of all host programs.
pub(crate) const TOKEN: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

pub(crate) struct Host {
    child: Child,
    pub(crate) token_file: PathBuf,
    _folder: TempDir,
}

impl Host {
    pub(crate) fn start(options: &[&str]) -> Self {
        Self::try_start(options, 0o600).unwrap()
    }

    /// Starts a host program whose token file has this mode. Returns the problem of the pump.
    pub(crate) fn try_start(options: &[&str], mode: u32) -> Result<Self, String> {
        let folder = tempfile::tempdir().unwrap();
        write_bridge(folder.path().join("bridge.py")).unwrap();
        let token_file = folder.path().join("token");
        write_token(&token_file, TOKEN);
        set_mode(&token_file, mode);
        let mut child = Command::new(python())
            .arg(modules().join("host.py"))
            .arg(folder.path())
            .arg(&token_file)
            .args(options)
            .envs(environment())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let host = Self {
            child,
            token_file,
            _folder: folder,
        };
        match line.trim() {
            "ready" => Ok(host),
            problem => Err(problem.to_owned()),
        }
    }

    /// The settings of a connection to this host program.
    pub(crate) fn builder(&self) -> Builder {
        Bridge::connect(&self.token_file)
            .module("sample")
            .surface(&SURFACE)
    }

    pub(crate) fn process_id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn port(&self) -> u16 {
        let text = std::fs::read_to_string(self.token_file.with_extension("port")).unwrap();
        text.trim().parse().unwrap()
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// Writes a token that only the user can read.
pub(crate) fn write_token(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
    set_mode(path, 0o600);
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;

    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[cfg(not(unix))]
fn set_mode(_path: &Path, _mode: u32) {}
