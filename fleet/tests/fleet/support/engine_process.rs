//! The process of the engine: it is installed, started, stopped and killed.

use std::fs;
use std::path::PathBuf;

use mailstore_fleet::engine::{Ports, command, install, wait_until_healthy};
use tempfile::TempDir;
use tokio::process::Child;
use tokio::sync::OnceCell;

use crate::support::Fleet;
use crate::support::process::{end, free_port};

/// An engine with its own folder of data. It ends with its test.
pub(super) struct EngineProcess {
    program: PathBuf,
    pub(super) ports: Ports,
    child: Option<Child>,
}

/// Returns the program of the engine. The first test installs it.
async fn program() -> PathBuf {
    static PROGRAM: OnceCell<PathBuf> = OnceCell::const_new();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("engine");
    let install = || async {
        install(&folder)
            .await
            .expect("these tests need npm, which installs the engine: install Node.js")
    };
    PROGRAM.get_or_init(install).await.clone()
}

impl EngineProcess {
    /// Chooses the ports of an engine, and installs it. Starts nothing.
    pub(super) async fn new() -> Self {
        Self {
            program: program().await,
            ports: Ports {
                ingress_port: free_port(),
                admin_port: free_port(),
                node_port: free_port(),
            },
            child: None,
        }
    }

    async fn start(&mut self, folder: &TempDir, settings: &[(&str, &str)]) {
        let data = folder.path().join("data");
        let log = fs::File::create(folder.path().join("engine.out")).unwrap();
        let mut child = command(&self.program, &data, self.ports)
            .envs(settings.iter().copied())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        wait_until_healthy(self.ports, &mut child).await.unwrap();
        self.child = Some(child);
    }

    fn take(&mut self) -> Child {
        self.child.take().unwrap()
    }
}

impl Fleet {
    pub(crate) async fn start_engine(&mut self) {
        self.start_engine_with(&[]).await;
    }

    /// Starts the engine with more settings.
    pub(crate) async fn start_engine_with(&mut self, settings: &[(&str, &str)]) {
        self.engine_process.start(&self.folder, settings).await;
    }

    /// Ends the engine. It writes what it has in its memory.
    #[cfg(unix)]
    pub(crate) async fn end_engine(&mut self) {
        end(&mut self.engine_process.take()).await;
    }

    /// Kills the engine as `kill -9` does.
    pub(crate) async fn kill_engine(&mut self) {
        self.engine_process.take().kill().await.unwrap();
    }
}
