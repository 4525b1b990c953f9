//! The processes of a measured fleet, and what they use. All of them end when they are dropped.

use std::ffi::OsStr;
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use mailstore_fleet::api::Engine;
use mailstore_fleet::engine::{Ports, command, install, wait_until_healthy};
use miette::{IntoDiagnostic as _, Report, miette};
use rustix::process::{Pid, Signal, kill_process};
use serde::Deserialize;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::Instant;

use crate::servers::Counted;
use crate::simulators::{Address, PASSWORD, Simulators};

/// How long a worker may take until it is ready.
const READY: Duration = Duration::from_secs(60);

/// An engine, a worker and simulated servers, each in a process of its own.
pub(crate) struct Fleet {
    pub(crate) engine: Engine,
    pub(crate) folder: TempDir,
    pub(crate) servers: Vec<Address>,
    ports: Ports,
    worker_port: u16,
    engine_process: Child,
    worker_process: Child,
    simulators: Child,
    questions: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
}

/// What a process has used.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Used {
    /// The largest resident memory in MB.
    pub(crate) memory: f64,
    /// The CPU time in seconds.
    pub(crate) cpu: f64,
}

/// What the engine and the worker have used.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Both {
    pub(crate) engine: Used,
    pub(crate) worker: Used,
}

/// Returns three free ports and one for the worker.
fn free_ports() -> Result<[u16; 4], Report> {
    // They are taken at the same time, so that they differ.
    let taken: Vec<TcpListener> = (0..4)
        .map(|_| TcpListener::bind(("127.0.0.1", 0)))
        .collect::<Result<_, _>>()
        .into_diagnostic()?;
    let mut ports = [0; 4];
    for (port, listener) in ports.iter_mut().zip(&taken) {
        *port = listener.local_addr().into_diagnostic()?.port();
    }
    Ok(ports)
}

/// Starts this program again, for a part that needs a process of its own.
fn part<S: AsRef<OsStr>>(words: impl IntoIterator<Item = S>) -> Result<Command, Report> {
    let mut command = Command::new(std::env::current_exe().into_diagnostic()?);
    command.args(words).kill_on_drop(true);
    Ok(command)
}

impl Fleet {
    pub(crate) async fn start(simulated: &Simulators, hooks: Option<&str>) -> Result<Self, Report> {
        let engine_folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tmp/engine");
        let program: PathBuf = install(&engine_folder).await?;
        let folder = tempfile::Builder::new()
            .prefix("measure-")
            .tempdir()
            .into_diagnostic()?;
        let mut simulators = part(simulated.words())?
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .into_diagnostic()?;
        let (Some(questions), Some(output)) = (simulators.stdin.take(), simulators.stdout.take()) else {
            return Err(miette!("the simulators have no input and output"));
        };
        let mut answers = BufReader::new(output).lines();
        let servers: Vec<Address> = answer(&mut answers).await?;
        write_profiles(folder.path(), &servers).into_diagnostic()?;
        if let Some(hooks) = hooks {
            fs::create_dir(folder.path().join("hooks")).into_diagnostic()?;
            fs::write(folder.path().join("hooks/slice"), hooks).into_diagnostic()?;
        }
        let [ingress_port, admin_port, node_port, worker_port] = free_ports()?;
        let ports = Ports {
            ingress_port,
            admin_port,
            node_port,
        };
        let log = fs::File::create(folder.path().join("engine.out")).into_diagnostic()?;
        let mut engine_process = command(&program, &folder.path().join("data"), ports)
            .stdout(log.try_clone().into_diagnostic()?)
            .stderr(log)
            .spawn()
            .into_diagnostic()?;
        wait_until_healthy(ports, &mut engine_process).await?;
        let worker_process = start_worker(folder.path(), ports, worker_port).await?;
        Ok(Self {
            engine: Engine::new(ports.addresses())?,
            folder,
            servers,
            ports,
            worker_port,
            engine_process,
            worker_process,
            simulators,
            questions,
            answers,
        })
    }

    /// Kills the worker as `kill -9` does, and starts another one.
    pub(crate) async fn replace_worker(&mut self) -> Result<(), Report> {
        self.worker_process.kill().await.into_diagnostic()?;
        self.worker_process = start_worker(self.folder.path(), self.ports, self.worker_port).await?;
        Ok(())
    }

    /// Asks the simulators what they counted.
    pub(crate) async fn counted(&mut self) -> Result<Counted, Report> {
        self.questions.write_all(b"count\n").await.into_diagnostic()?;
        answer(&mut self.answers).await
    }

    /// Asks the simulators how many calls were started. This takes them little time.
    pub(crate) async fn starts(&mut self) -> Result<usize, Report> {
        self.questions.write_all(b"starts\n").await.into_diagnostic()?;
        answer(&mut self.answers).await
    }

    /// Returns what the engine and the worker have used.
    pub(crate) fn used(&self) -> Result<Both, Report> {
        Ok(Both {
            engine: used(&self.engine_process)?,
            worker: used(&self.worker_process)?,
        })
    }

    /// Returns how many bytes the data folder of the engine uses on the disk.
    pub(crate) fn data_bytes(&self) -> u64 {
        bytes_on_disk(&self.folder.path().join("data"))
    }

    /// Ends all processes, the engine last and as `SIGTERM` does, so that it writes what it has in its memory. Returns
    /// how many bytes its data folder then uses.
    pub(crate) async fn end(mut self) -> Result<u64, Report> {
        self.worker_process.kill().await.into_diagnostic()?;
        self.simulators.kill().await.into_diagnostic()?;
        if let Some(id) = self
            .engine_process
            .id()
            .and_then(|id| Pid::from_raw(id.try_into().ok()?))
        {
            kill_process(id, Signal::TERM).into_diagnostic()?;
        }
        let ended = tokio::time::timeout(READY, self.engine_process.wait()).await;
        ended.into_diagnostic()?.into_diagnostic()?;
        Ok(self.data_bytes())
    }
}

async fn answer<T: for<'a> Deserialize<'a>>(lines: &mut Lines<BufReader<ChildStdout>>) -> Result<T, Report> {
    let line = lines.next_line().await.into_diagnostic()?;
    let line = line.ok_or_else(|| miette!("the simulators ended"))?;
    serde_json::from_str(&line).into_diagnostic()
}

async fn start_worker(folder: &Path, ports: Ports, port: u16) -> Result<Child, Report> {
    let addresses = ports.addresses();
    let port = port.to_string();
    let output = folder.join("worker.out");
    let words = [
        "worker",
        "--port",
        &port,
        "--ingress",
        &addresses.ingress,
        "--admin",
        &addresses.admin,
    ];
    let mut worker = part(words)?
        .env("MAILSTORE_CONFIG", folder.join("config"))
        .env("MAILSTORE_PASSWORD", PASSWORD)
        .env("MAILSTORE_FLEET_TEST_HOOKS", folder.join("hooks"))
        .stdin(Stdio::null())
        .stdout(fs::File::create(&output).into_diagnostic()?)
        .spawn()
        .into_diagnostic()?;
    let until = Instant::now() + READY;
    while !fs::read_to_string(&output).is_ok_and(|text| text.contains("ready")) {
        if let Some(status) = worker.try_wait().into_diagnostic()? {
            return Err(miette!("the worker ended: {status}"));
        }
        if Instant::now() > until {
            return Err(miette!("the worker is not ready in time"));
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(worker)
}

fn write_profiles(folder: &Path, servers: &[Address]) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;

    let mut text = String::new();
    for (number, Address { url, pin }) in servers.iter().enumerate() {
        text += &format!(
            "[profile.s{number}]\naddress = '{url}'\nedition = 'server'\nuser = 'admin'\npins = ['{pin}']\n"
        );
    }
    let path = folder.join("config/config.toml");
    fs::create_dir(folder.join("config"))?;
    fs::write(&path, text)?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600))
}

/// Reads what a process has used from the kernel.
fn used(child: &Child) -> Result<Used, Report> {
    let id = child.id().ok_or_else(|| miette!("a process ended"))?;
    let read = |name: &str| fs::read_to_string(format!("/proc/{id}/{name}")).into_diagnostic();
    let status = read("status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = peak.and_then(|text| text.trim().strip_suffix(" kB"));
    let kilobytes: f64 = kilobytes.unwrap_or_default().parse().into_diagnostic()?;
    // The name of the program is in parentheses. The times are the 14th and the 15th field.
    let stat = read("stat")?;
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks: u64 = fields
        .iter()
        .skip(11)
        .take(2)
        .filter_map(|field| field.parse::<u64>().ok())
        .sum();
    Ok(Used {
        memory: kilobytes / 1000.0,
        cpu: ticks as f64 / rustix::param::clock_ticks_per_second() as f64,
    })
}

fn bytes_on_disk(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else {
        return 0;
    };
    // A file may vanish while it is counted.
    let of_entry = |entry: fs::DirEntry| match entry.metadata() {
        Ok(metadata) if metadata.is_dir() => bytes_on_disk(&entry.path()),
        Ok(metadata) => metadata.blocks() * 512,
        Err(_) => 0,
    };
    entries.flatten().map(of_entry).sum()
}
