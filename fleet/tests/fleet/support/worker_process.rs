//! The process of the worker: it is started, stopped and killed.

use std::fs;
use std::process::Stdio;

use tokio::process::{Child, Command};

use crate::support::process::{end, free_port, signal};
use crate::support::simulators::PASSWORD;
use crate::support::{DEADLINE, Fleet, eventually};

/// A worker. Each one of a fleet has the same port.
pub(super) struct WorkerProcess {
    port: u16,
    child: Option<Child>,
}

impl WorkerProcess {
    /// Chooses the port of a worker. Starts nothing.
    pub(super) fn new() -> Self {
        Self {
            port: free_port(),
            child: None,
        }
    }

    fn take(&mut self) -> Child {
        self.child.take().unwrap()
    }
}

impl Fleet {
    pub(crate) async fn start_worker(&mut self) {
        self.start_worker_with(&[]).await;
    }

    /// Starts the worker with more options.
    pub(crate) async fn start_worker_with(&mut self, options: &[&str]) {
        let addresses = self.engine_process.ports.addresses();
        let output = fs::File::create(self.folder.path().join("worker.out")).unwrap();
        let errors = fs::File::create(self.folder.path().join("worker.err")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_mailstore-fleet"));
        command
            .args(["worker", "--port", &self.worker_process.port.to_string()])
            .args(options)
            .env_remove("OTEL_EXPORTER_OTLP_ENDPOINT")
            .env_remove("MAILSTORE_PASSWORD")
            .args(["--ingress", &addresses.ingress, "--admin", &addresses.admin])
            .env("MAILSTORE_CONFIG", self.folder.path().join("config"))
            .env("MAILSTORE_FLEET_TEST_HOOKS", self.folder.path().join("hooks"))
            .envs(self.worker_variables.iter().map(|(name, value)| (*name, value)))
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .kill_on_drop(true);
        if !self.has_password_command {
            command.env("MAILSTORE_PASSWORD", PASSWORD);
        }
        self.worker_process.child = Some(command.spawn().unwrap());
        let ready = async || self.printed("worker.out").contains("ready");
        eventually("the worker is ready", ready).await;
    }

    /// Returns what the newest worker wrote to standard error.
    pub(crate) fn worker_errors(&self) -> String {
        self.printed("worker.err")
    }

    fn printed(&self, file: &str) -> String {
        fs::read_to_string(self.folder.path().join(file)).unwrap_or_default()
    }

    /// Tells the worker to stop, as a service manager does.
    #[cfg(unix)]
    pub(crate) fn signal_worker(&self) {
        signal(self.worker_process.child.as_ref().unwrap());
    }

    /// Waits until the worker has ended by itself.
    pub(crate) async fn worker_ended(&mut self) {
        let mut child = self.worker_process.take();
        let ended = tokio::time::timeout(DEADLINE, child.wait()).await;
        let status = ended.expect("the worker does not end").unwrap();
        assert!(status.success(), "{status}");
    }

    /// Ends the worker as a service manager does.
    #[cfg(unix)]
    pub(crate) async fn end_worker(&mut self) {
        end(&mut self.worker_process.take()).await;
    }

    /// Kills the worker as `kill -9` does.
    pub(crate) async fn kill_worker(&mut self) {
        self.worker_process.take().kill().await.unwrap();
    }
}
