//! The process of the worker: it is started, stopped and killed.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use mailstore_fleet::api::Addresses;
use tokio::process::{Child, Command};

use crate::support::process::free_port;

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

    /// Starts the worker with these options and variables. Its output, its profiles and its hooks are in a folder.
    pub(super) fn start<'a>(
        &mut self,
        folder: &Path,
        addresses: &Addresses,
        options: &[&str],
        variables: impl IntoIterator<Item = &'a (&'static str, String)>,
    ) {
        let output = |name: &str| fs::File::create(folder.join(name)).unwrap();
        let variables = variables.into_iter().map(|(name, value)| (*name, value));
        let child = Command::new(env!("CARGO_BIN_EXE_mailstore-fleet"))
            .args(["worker", "--port", &self.port.to_string()])
            .args(options)
            .args(["--ingress", &addresses.ingress, "--admin", &addresses.admin])
            .env_remove("OTEL_EXPORTER_OTLP_ENDPOINT")
            .env_remove("MAILSTORE_PASSWORD")
            .env("MAILSTORE_CONFIG", folder.join("config"))
            .env("MAILSTORE_FLEET_TEST_HOOKS", folder.join("hooks"))
            .envs(variables)
            .stdin(Stdio::null())
            .stdout(output("worker.out"))
            .stderr(output("worker.err"))
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        self.child = Some(child);
    }

    /// Returns the process, which is not part of this any more.
    pub(super) fn take(&mut self) -> Child {
        self.child.take().unwrap()
    }

    /// Returns the process.
    pub(super) fn running(&self) -> &Child {
        self.child.as_ref().unwrap()
    }
}
