//! A fleet for one test: an engine, a worker and simulated servers, and the means to kill and to stop them.

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering::SeqCst};
use std::time::Duration;

use mailstore_fleet::api::{Engine, Sent};
use mailstore_fleet::call::{Batch, Call, CallEffect, Limits, OnFailure, Target};
use mailstore_fleet::engine::{Ports, command, install, wait_until_healthy};
use mailstore_fleet::outcome::Results;
use mailstore_fleet::outcome::{Ended, Outcome, Phase, Settled, Status};
use mailstore_sim::{Builder, Edition, Simulator};
use serde::Deserialize;
use tempfile::TempDir;
use tokio::process::{Child, Command};
use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep, timeout};

/// The password of every simulated server. Tests search for it where it must not be.
pub(crate) const PASSWORD: &str = "canary-7f3a91c2d4";

/// How long a condition may take to become true.
const DEADLINE: Duration = Duration::from_secs(90);

/// How many fleets run at the same time. An engine needs about 200 MB.
static FLEETS: Semaphore = Semaphore::const_new(2);

/// An engine, a worker and simulated servers. All of them end with it.
pub(crate) struct Fleet {
    pub(crate) servers: Arc<Vec<Simulator>>,
    pub(crate) engine: Engine,
    pub(crate) folder: TempDir,
    program: PathBuf,
    ports: Ports,
    worker_port: u16,
    engine_process: Option<Child>,
    worker_process: Option<Child>,
    /// Variables of the environment of the worker.
    pub(crate) worker_variables: Vec<(&'static str, String)>,
    _permit: SemaphorePermit<'static>,
}

/// A simulated server whose long calls have this many steps of 50 ms.
pub(crate) fn server(steps: usize) -> Builder {
    Simulator::builder(Edition::Server)
        .credentials("admin", PASSWORD)
        .step(Duration::from_millis(50))
        .steps(steps)
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

/// Returns a free port that the system gives to no connection by itself, so that it is still free when a process is
/// started again. Other processes with these tests begin at other ports.
pub(crate) fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let first = 10_000 + u16::try_from(std::process::id() % 20_000).unwrap();
    loop {
        let port = first + NEXT.fetch_add(1, SeqCst) % 2_000;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

impl Fleet {
    /// Starts an engine and a worker for these servers.
    pub(crate) async fn start(servers: impl IntoIterator<Item = Builder>) -> Self {
        let permit = FLEETS.acquire().await.unwrap();
        let program = program().await;
        let servers: Vec<Simulator> = servers
            .into_iter()
            .map(|server| server.start().unwrap())
            .collect();
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("hooks")).unwrap();
        write_profiles(&folder, &servers);
        let servers = Arc::new(servers);
        let ports = Ports {
            ingress_port: free_port(),
            admin_port: free_port(),
            node_port: free_port(),
        };
        let mut fleet = Self {
            servers,
            engine: Engine::new(ports.addresses()).unwrap(),
            folder,
            program,
            ports,
            worker_port: free_port(),
            engine_process: None,
            worker_process: None,
            worker_variables: Vec::new(),
            _permit: permit,
        };
        fleet.start_engine().await;
        fleet.start_worker().await;
        fleet
    }

    /// Starts an engine and a worker for one server.
    pub(crate) async fn of_one(server: Builder) -> Self {
        Self::start([server]).await
    }

    /// Runs a command of the program against the engine, with the profiles of the servers.
    pub(crate) async fn command(&self, words: &[&str]) -> std::process::Output {
        let ended = timeout(DEADLINE, self.prepared(words).output()).await;
        ended.expect("the command does not end").unwrap()
    }

    /// Returns a command of the program against the engine that was not started.
    pub(crate) fn prepared(&self, words: &[&str]) -> Command {
        let addresses = self.ports.addresses();
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
        self.ports.addresses().admin + path
    }

    pub(crate) async fn start_engine(&mut self) {
        self.start_engine_with(&[]).await;
    }

    /// Starts the engine with more settings.
    pub(crate) async fn start_engine_with(&mut self, settings: &[(&str, &str)]) {
        let data = self.folder.path().join("data");
        let log = fs::File::create(self.folder.path().join("engine.out")).unwrap();
        let mut process = command(&self.program, &data, self.ports)
            .envs(settings.iter().copied())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        wait_until_healthy(self.ports, &mut process).await.unwrap();
        self.engine_process = Some(process);
    }

    /// Ends the engine. It writes what it has in its memory.
    #[cfg(unix)]
    pub(crate) async fn end_engine(&mut self) {
        end(self.engine_process.take().unwrap()).await;
    }

    /// Ends the worker as a service manager does.
    #[cfg(unix)]
    pub(crate) async fn end_worker(&mut self) {
        end(self.worker_process.take().unwrap()).await;
    }

    pub(crate) async fn start_worker(&mut self) {
        self.start_worker_with(&[]).await;
    }

    /// Starts the worker with more options.
    pub(crate) async fn start_worker_with(&mut self, options: &[&str]) {
        let addresses = self.ports.addresses();
        let output = fs::File::create(self.folder.path().join("worker.out")).unwrap();
        let process = Command::new(env!("CARGO_BIN_EXE_mailstore-fleet"))
            .args(["worker", "--port", &self.worker_port.to_string()])
            .args(options)
            .env_remove("OTEL_EXPORTER_OTLP_ENDPOINT")
            .args(["--ingress", &addresses.ingress, "--admin", &addresses.admin])
            .env("MAILSTORE_CONFIG", self.folder.path().join("config"))
            .env("MAILSTORE_PASSWORD", PASSWORD)
            .env("MAILSTORE_FLEET_TEST_HOOKS", self.folder.path().join("hooks"))
            .envs(self.worker_variables.iter().map(|(name, value)| (*name, value)))
            .stdin(Stdio::null())
            .stdout(output)
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        self.worker_process = Some(process);
        let ready = || {
            let text = fs::read_to_string(self.folder.path().join("worker.out")).unwrap_or_default();
            text.contains("ready")
        };
        eventually("the worker is ready", async || ready()).await;
    }

    /// Kills the engine as `kill -9` does.
    pub(crate) async fn kill_engine(&mut self) {
        self.engine_process.take().unwrap().kill().await.unwrap();
    }

    /// Kills the worker as `kill -9` does.
    pub(crate) async fn kill_worker(&mut self) {
        self.worker_process.take().unwrap().kill().await.unwrap();
    }

    /// Returns a call of a function that changes the server with this number.
    pub(crate) fn call(&self, server: usize, function: &str, arguments: &[(&str, &str)]) -> Call {
        self.call_with(server, function, arguments, CallEffect::Change)
    }

    pub(crate) fn call_with(
        &self,
        server: usize,
        function: &str,
        arguments: &[(&str, &str)],
        effect: CallEffect,
    ) -> Call {
        let target = Target {
            profile: format!("s{server}"),
            server: self.servers[server].url().to_owned(),
            instance: None,
        };
        let arguments: BTreeMap<String, String> = arguments
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Call::new("2026-11-27/test", target, function, arguments, effect, 0)
    }

    /// Returns a job with these calls and without narrow limits.
    pub(crate) fn batch(&self, calls: Vec<Call>) -> Batch {
        Batch {
            window: "2026-11-27/test".to_owned(),
            calls,
            limits: Limits {
                overall: 100,
                per_server: 100,
            },
            on_failure: OnFailure::Continue,
            starts: None,
            logs: self.folder.path().join("logs").to_str().unwrap().to_owned(),
            round: 1,
            left_out: 0,
        }
    }

    /// Starts a job.
    pub(crate) async fn submit(&self, batch: &Batch) -> Sent {
        self.engine
            .send("FleetRun", &batch.key(), "run", batch)
            .await
            .unwrap()
    }

    /// Waits for the end of a job, also while the engine is away.
    pub(crate) async fn results(&self, sent: &Sent) -> Results {
        let ended = timeout(DEADLINE, self.engine.attach(&sent.invocation_id)).await;
        ended.expect("the job does not end").unwrap()
    }

    /// Returns the status of a call from the tables of the engine.
    pub(crate) async fn status(&self, call: &Call) -> Option<Status> {
        #[derive(Deserialize)]
        struct Row {
            value_utf8: String,
        }
        let key = call.key.replace('\'', "''");
        let sql = format!(
            "SELECT value_utf8 FROM state WHERE service_name = 'MailCall' AND service_key = '{key}' AND key = 'status'"
        );
        let rows: Vec<Row> = self.engine.query(&sql).await.ok()?;
        let row = rows.into_iter().next()?;
        Some(serde_json::from_str(&row.value_utf8).unwrap())
    }

    /// Returns how many states the gate of a server has: one if it has permits or requests.
    pub(crate) async fn permits(&self, server: usize) -> usize {
        #[derive(Deserialize)]
        struct Row {
            #[serde(rename = "key")]
            _key: String,
        }
        let url = self.servers[server].url();
        let sql = format!("SELECT key FROM state WHERE service_name = 'Gate' AND service_key = '{url}'");
        let rows: Vec<Row> = self.engine.query(&sql).await.unwrap();
        rows.len()
    }

    /// Waits until a call has this phase.
    pub(crate) async fn phase(&self, call: &Call, phase: Phase) {
        let has = async || {
            self.status(call)
                .await
                .is_some_and(|status| status.phase == phase)
        };
        eventually(&format!("the phase is {phase:?}"), has).await;
    }

    /// Cancels the workflow of a call.
    pub(crate) async fn cancel(&self, call: &Call) {
        let invocation = self.invocation(call).await;
        self.engine.cancel(&invocation).await.unwrap();
    }

    /// Kills the workflow of a call at the engine. The workflow does not learn of it.
    pub(crate) async fn kill_workflow(&self, call: &Call) {
        self.administer(&self.invocation(call).await, "kill").await;
    }

    /// Makes the engine forget a job that has ended.
    pub(crate) async fn purge(&self, sent: &Sent) {
        self.administer(&sent.invocation_id, "purge").await;
    }

    async fn administer(&self, invocation: &str, action: &str) {
        let admin = self.ports.addresses().admin;
        let url = format!("{admin}/invocations/{invocation}/{action}");
        let answer = reqwest::Client::new().patch(url).send().await.unwrap();
        assert!(answer.status().is_success(), "{answer:?}");
    }

    /// Returns the invocation of the workflow of a call.
    async fn invocation(&self, call: &Call) -> String {
        #[derive(Deserialize)]
        struct Row {
            id: String,
        }
        let key = call.key.replace('\'', "''");
        let sql = format!(
            "SELECT id FROM sys_invocation WHERE target_service_name = 'MailCall' AND target_service_key = '{key}' AND target_handler_name = 'run'"
        );
        let rows: Vec<Row> = self.engine.query(&sql).await.unwrap();
        rows[0].id.clone()
    }

    /// Cancels the workflow of a call, and asks the server at once.
    pub(crate) async fn cancel_now(&self, call: &Call) {
        self.cancel(call).await;
        self.engine
            .send("MailCall", &call.key, "cancel_at_server", call)
            .await
            .unwrap();
    }

    /// Waits for the end of a call.
    pub(crate) async fn ended(&self, call: &Call) -> Ended {
        self.phase(call, Phase::Ended).await;
        match self
            .engine
            .call("MailCall", &call.key, "settled", None)
            .await
            .unwrap()
        {
            Settled::Ended(ended) => ended,
            Settled::Unknown { reason } => panic!("unknown: {reason}"),
        }
    }

    /// Asks the next call that reaches a point to wait there.
    pub(crate) fn hold(&self, point: &str) {
        fs::write(self.hook(point), "").unwrap();
    }

    /// Waits until a call is at a point.
    pub(crate) async fn reached(&self, point: &str) {
        let reached = self.hook(point).with_extension("reached");
        eventually(&format!("a call is at {point}"), async || reached.exists()).await;
    }

    /// Lets the call at a point continue.
    pub(crate) fn resume(&self, point: &str) {
        fs::remove_file(self.hook(point).with_extension("reached")).unwrap();
    }

    /// Makes workers ignore their claims, as a naive handler would.
    pub(crate) fn ignore_claims(&self) {
        fs::write(self.hook("naive"), "").unwrap();
    }

    fn hook(&self, point: &str) -> PathBuf {
        self.folder.path().join("hooks").join(point)
    }
}

#[cfg(unix)]
async fn end(mut process: Child) {
    use rustix::process::{Pid, Signal, kill_process};

    let id = Pid::from_raw(process.id().unwrap().try_into().unwrap()).unwrap();
    kill_process(id, Signal::TERM).unwrap();
    process.wait().await.unwrap();
}

fn write_profiles(folder: &TempDir, servers: &[Simulator]) {
    let mut text = String::new();
    for (number, server) in servers.iter().enumerate() {
        let (address, pin) = (server.url(), server.fingerprint());
        text += &format!(
            "[profile.s{number}]\naddress = '{address}'\nedition = 'server'\nuser = 'admin'\npins = ['{pin}']\n"
        );
    }
    let config = folder.path().join("config");
    fs::create_dir(&config).unwrap();
    let path = config.join("config.toml");
    fs::write(&path, text).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
}

/// Waits until a condition is true.
pub(crate) async fn eventually(what: &str, condition: impl AsyncFn() -> bool) {
    let until = Instant::now() + DEADLINE;
    while !condition().await {
        assert!(Instant::now() < until, "not in time: {what}");
        sleep(Duration::from_millis(20)).await;
    }
}

/// Returns how the only call of a job ended.
pub(crate) fn only(results: &Results) -> Outcome {
    match results.values().next().unwrap() {
        Settled::Ended(ended) => ended.outcome,
        Settled::Unknown { reason } => panic!("unknown: {reason}"),
    }
}
