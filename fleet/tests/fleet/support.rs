//! A fleet for one test: an engine, a worker and simulated servers, and the means to kill and to stop them.

mod engine_process;
mod hooks;
mod jobs;
mod parts;
mod process;
mod simulators;
mod states;
mod waiting;
mod worker_process;

use std::fs;
use std::process::Stdio;
use std::sync::Arc;

use mailstore_fleet::api::Engine;
use mailstore_sim::{Builder, Simulator};
use tempfile::TempDir;
use tokio::process::Command;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use crate::support::engine_process::EngineProcess;
#[cfg(target_os = "linux")]
pub(crate) use crate::support::engine_process::link_installation;
pub(crate) use crate::support::jobs::only;
pub(crate) use crate::support::process::free_port;
#[cfg(target_os = "linux")]
pub(crate) use crate::support::process::{end, free_ports};
pub(crate) use crate::support::simulators::{PASSWORD, server};
use crate::support::waiting::DEADLINE;
pub(crate) use crate::support::waiting::eventually;
use crate::support::worker_process::WorkerProcess;

/// How many fleets run at the same time. An engine needs about 200 MB.
static FLEETS: Semaphore = Semaphore::const_new(2);

/// An engine, a worker and simulated servers. All of them end with it.
pub(crate) struct Fleet {
    pub(crate) servers: Arc<Vec<Simulator>>,
    pub(crate) engine: Engine,
    pub(crate) folder: TempDir,
    engine_process: EngineProcess,
    worker_process: WorkerProcess,
    /// Variables of the environment of the worker.
    pub(crate) worker_variables: Vec<(&'static str, String)>,
    /// The variable with the password, unless the profiles have a command for it.
    password_variable: Option<(&'static str, String)>,
    _permit: SemaphorePermit<'static>,
}

impl Fleet {
    /// Starts an engine and a worker for these servers.
    pub(crate) async fn start(servers: impl IntoIterator<Item = Builder>) -> Self {
        let mut fleet = Self::new(servers).await;
        fleet.start_engine().await;
        fleet.start_worker().await;
        fleet
    }

    /// Starts these servers. Starts neither an engine nor a worker.
    async fn new(servers: impl IntoIterator<Item = Builder>) -> Self {
        let permit = FLEETS.acquire().await.unwrap();
        let engine_process = EngineProcess::new().await;
        let servers = simulators::start(servers);
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("hooks")).unwrap();
        simulators::write_profiles(folder.path(), &servers, "");
        Self {
            servers: Arc::new(servers),
            engine: Engine::new(engine_process.ports.addresses()).unwrap(),
            folder,
            engine_process,
            worker_process: WorkerProcess::new(),
            worker_variables: Vec::new(),
            password_variable: Some(("MAILSTORE_PASSWORD", PASSWORD.to_owned())),
            _permit: permit,
        }
    }

    /// Starts an engine and a worker for one server.
    pub(crate) async fn of_one(server: Builder) -> Self {
        Self::start([server]).await
    }

    /// Starts an engine and a worker for one server, whose profile has this command for the password.
    pub(crate) async fn with_password_command(server: Builder, words: &[&str]) -> Self {
        let mut fleet = Self::new([server]).await;
        let setting = format!("password-command = {words:?}");
        simulators::write_profiles(fleet.folder.path(), &fleet.servers, &setting);
        fleet.password_variable = None;
        fleet.start_engine().await;
        fleet.start_worker().await;
        fleet
    }

    /// Runs a command of the program against the engine, with the profiles of the servers.
    pub(crate) async fn command(&self, words: &[&str]) -> std::process::Output {
        let ended = timeout(DEADLINE, self.prepared(words).output()).await;
        ended.expect("the command does not end").unwrap()
    }

    /// Returns a command of the program against the engine that was not started.
    pub(crate) fn prepared(&self, words: &[&str]) -> Command {
        let addresses = self.engine_process.ports.addresses();
        let mut command = Command::new(env!("CARGO_BIN_EXE_mailstore-fleet"));
        command
            .args(words)
            .args(["--ingress", &addresses.ingress, "--admin", &addresses.admin])
            .env("MAILSTORE_CONFIG", self.folder.path().join("config"))
            .env("MAILSTORE_PASSWORD", PASSWORD)
            .stdin(Stdio::null())
            .kill_on_drop(true);
        command
    }

    /// Returns the URL of a path of the engine's administration.
    pub(crate) fn admin(&self, path: &str) -> String {
        self.engine_process.ports.addresses().admin + path
    }
}
