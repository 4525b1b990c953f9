//! The process of the engine: it is installed, started, stopped and killed.

use std::fs;
use std::path::{Path, PathBuf};

use mailstore_fleet::engine::{Ports, command, install, wait_until_healthy};
use tokio::process::Child;
use tokio::sync::OnceCell;

use crate::support::process::free_ports;

/// An engine with its own folder of data. It ends with its test.
pub(super) struct EngineProcess {
    program: PathBuf,
    pub(super) ports: Ports,
    child: Option<Child>,
}

/// The folder in which the tests install the engine.
fn installation() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("engine")
}

/// Returns the program of the engine. The first test installs it.
async fn program() -> PathBuf {
    static PROGRAM: OnceCell<PathBuf> = OnceCell::const_new();
    let install = || async {
        install(&installation())
            .await
            .expect("these tests need npm, which installs the engine: install Node.js")
    };
    PROGRAM.get_or_init(install).await.clone()
}

/// Makes a folder look as if the engine was installed in it.
#[cfg(unix)]
pub(crate) async fn link_installation(folder: &Path) {
    program().await;
    for name in ["node_modules", "installed-lock.json"] {
        std::os::unix::fs::symlink(installation().join(name), folder.join(name)).unwrap();
    }
}

impl EngineProcess {
    /// Chooses the ports of an engine, and installs it. Starts nothing.
    pub(super) async fn new() -> Self {
        Self {
            program: program().await,
            ports: free_ports(),
            child: None,
        }
    }

    /// Starts the engine with its data in a folder, and with these settings.
    pub(super) async fn start(&mut self, folder: &Path, settings: &[(&str, &str)]) {
        let data = folder.join("data");
        let log = fs::File::create(folder.join("engine.out")).unwrap();
        let mut child = command(&self.program, &data, self.ports)
            .envs(settings.iter().copied())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        wait_until_healthy(self.ports, &mut child).await.unwrap();
        self.child = Some(child);
    }

    /// Returns the process, which is not part of this any more.
    pub(super) fn take(&mut self) -> Child {
        self.child.take().unwrap()
    }
}
