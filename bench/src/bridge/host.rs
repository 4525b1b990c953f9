//! A host program that pumps the bridge.

use std::io::{self, Write as _};

use python_bridge::{Bridge, Builder, write_bridge};
use tempfile::{NamedTempFile, TempDir};

use super::python::{Python, Running, SURFACE, modules, start};

/// The process of a host program. Dropping it ends the process.
pub(super) struct Host {
    _running: Running,
    token: NamedTempFile,
    _folder: TempDir,
}

impl Host {
    pub(super) fn start(python: &Python) -> io::Result<Self> {
        let folder = tempfile::tempdir()?;
        write_bridge(folder.path().join("bridge.py"))?;
        // Other users cannot read such a file.
        let mut token = NamedTempFile::new_in(&folder)?;
        token.write_all("0123456789abcdef".repeat(4).as_bytes())?;
        let script = modules().join("bench_host.py");
        let running = start(python.command([])?.arg(script).arg(token.path()))?;
        Ok(Self {
            _running: running,
            token,
            _folder: folder,
        })
    }

    /// Returns the settings of a connection to the host program.
    pub(super) fn builder(&self) -> Builder {
        Bridge::connect(self.token.path())
            .module(SURFACE.name)
            .surface(&SURFACE)
    }
}
