//! The engine on this machine: its installation and its process.

use std::fs;
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use miette::{Context as _, IntoDiagnostic as _, Report, miette};
use tokio::process::{Child, Command};
use tokio::time::Instant;

use crate::api::{Addresses, Engine};
use crate::exit::{Failed, Outcome};
use crate::signals::stopped;
use crate::traces::Collector;

/// The pinned package of the engine and the digests of its files.
const PACKAGE: [(&str, &str); 2] = [
    ("package.json", include_str!("../engine/package.json")),
    ("package-lock.json", LOCK),
];

const LOCK: &str = include_str!("../engine/package-lock.json");

/// The file that is written when npm has ended. It has the text of the lock file. If npm was interrupted, the program may
/// be there in part.
const INSTALLED: &str = "installed-lock.json";

/// The setting of the engine with the address for traces.
pub const TRACES: &str = "RESTATE_TRACING_ENDPOINT";

/// How long the engine may take until it answers.
const START: Duration = Duration::from_secs(60);

/// How long the engine may take to end.
const END: Duration = Duration::from_secs(30);

const PAUSE: Duration = Duration::from_millis(50);

/// Install Restate in a folder, if it is not there, and run it on 127.0.0.1 until it is stopped.
#[derive(clap::Args)]
pub struct Arguments {
    /// The folder of the engine: its program, and its journal in `data`.
    #[arg(long, value_name = "DIR")]
    dir: PathBuf,
    /// Send the traces of the engine to the collector at this address by OTLP over gRPC, for example
    /// http://127.0.0.1:4317.
    #[arg(long, value_name = "URL")]
    traces: Option<Collector>,
    #[command(flatten)]
    ports: Ports,
}

/// The ports of an engine on 127.0.0.1.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Ports {
    /// The port at which jobs are started.
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    pub ingress_port: u16,
    /// The port of the administration and of the web page.
    #[arg(long, value_name = "PORT", default_value_t = 9070)]
    pub admin_port: u16,
    /// The port that the parts of the engine use among themselves.
    #[arg(long, value_name = "PORT", default_value_t = 5122)]
    pub node_port: u16,
}

impl Ports {
    /// Returns the addresses of the engine.
    pub fn addresses(self) -> Addresses {
        Addresses {
            ingress: format!("http://127.0.0.1:{}", self.ingress_port),
            admin: format!("http://127.0.0.1:{}", self.admin_port),
        }
    }
}

/// Runs an engine until it is stopped.
///
/// # Errors
/// The engine cannot be installed, or it ends.
pub async fn run(arguments: Arguments) -> Result<Outcome, Failed> {
    supervise(&arguments).await.map_err(Failed::Work)?;
    Ok(Outcome::Nothing)
}

async fn supervise(arguments: &Arguments) -> Result<(), Report> {
    let stop = stopped()?;
    tokio::pin!(stop);
    let program = tokio::select! {
        program = install(&arguments.dir) => program?,
        () = &mut stop => return Ok(()),
    };
    let traces = arguments.traces.as_ref();
    let mut child = start(&program, &arguments.dir.join("data"), arguments.ports, traces)?;
    let ready = wait_until_healthy(arguments.ports, &mut child);
    tokio::select! {
        ready = ready => ready?,
        () = &mut stop => return end(child).await,
    }
    let Addresses { ingress, admin } = arguments.ports.addresses();
    mailstore_reach::say!("The engine is ready. Ingress: {ingress}, administration and web page: {admin}.");
    tokio::select! {
        status = child.wait() => {
            let status = status.into_diagnostic()?;
            return Err(miette!("the engine ended: {status}"));
        }
        () = &mut stop => {}
    }
    end(child).await
}

/// Installs the engine with npm, if it is not in the folder. Returns its program, which runs without Node.js.
///
/// # Errors
/// npm is not installed or fails, or there is no engine for this machine.
pub async fn install(folder: &Path) -> Result<PathBuf, Report> {
    let program = program(folder)?;
    if program.is_file() && is_current(folder) {
        return Ok(program);
    }
    mailstore_reach::say!("Installing the engine in {}.", folder.display());
    fs::create_dir_all(folder)
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot create {}", folder.display()))?;
    for (name, text) in PACKAGE {
        let path = folder.join(name);
        fs::write(&path, text)
            .into_diagnostic()
            .wrap_err_with(|| format!("cannot write {}", path.display()))?;
    }
    let npm = Command::new("npm")
        // A script of a dependency would report the installation to its maker.
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .status()
        .await
        .map_err(|error| {
            miette!(
                help = "Install Node.js with npm. It unpacks the engine and is not needed later.",
                "npm cannot be started: {error}"
            )
        })?;
    if !npm.success() {
        return Err(miette!("`npm ci` in {} failed: {npm}", folder.display()));
    }
    if !program.is_file() {
        return Err(miette!(
            "the package of the engine has no program {}",
            program.display()
        ));
    }
    mailstore_profiles::replace(&folder.join(INSTALLED), LOCK.as_bytes())
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot write to {}", folder.display()))?;
    Ok(program)
}

/// Returns whether the pinned version was installed in the folder to its end.
fn is_current(folder: &Path) -> bool {
    fs::read_to_string(folder.join(INSTALLED)).is_ok_and(|found| found == LOCK)
}

/// Returns the path of the program for this machine.
fn program(folder: &Path) -> Result<PathBuf, Report> {
    let system = match (std::env::consts::OS, std::env::consts::ARCH) {
        ("linux", "x86_64") => "linux-x64",
        ("linux", "aarch64") => "linux-arm64",
        ("macos", "x86_64") => "darwin-x64",
        ("macos", "aarch64") => "darwin-arm64",
        (system, machine) => {
            return Err(miette!(
                help = "Run the engine on Linux or macOS, for example in a virtual machine.",
                "there is no engine for {system} on {machine}"
            ));
        }
    };
    Ok(folder.join(format!(
        "node_modules/@restatedev/restate-server-{system}/bin/restate-server"
    )))
}

/// Starts the engine with its journal in `data`. It sends traces if there is a collector for them.
///
/// # Errors
/// The program cannot be started.
pub fn start(program: &Path, data: &Path, ports: Ports, traces: Option<&Collector>) -> Result<Child, Report> {
    command(program, data, ports)
        .envs(traces.map(|collector| (TRACES, collector.as_str())))
        .spawn()
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot start {}", program.display()))
}

/// Returns the command that starts the engine with its journal in `data`. The engine listens on 127.0.0.1 only and
/// reports nothing to its maker.
pub fn command(program: &Path, data: &Path, ports: Ports) -> Command {
    let localhost = Ipv4Addr::LOCALHOST.to_string();
    let address = |port: u16| format!("{localhost}:{port}");
    let mut command = Command::new(program);
    command
        .args([
            "--no-logo",
            "--log-format",
            "compact",
            "--log-disable-ansi-codes",
            "true",
        ])
        .env("RESTATE_BASE_DIR", data)
        .env("RESTATE_BIND_IP", &localhost)
        .env("RESTATE_ADVERTISED_HOST", &localhost)
        .env("RESTATE_LISTEN_MODE", "tcp")
        .env("RESTATE_BIND_ADDRESS", address(ports.node_port))
        .env(
            "RESTATE_ADVERTISED_ADDRESS",
            format!("http://{}", address(ports.node_port)),
        )
        .env("RESTATE_INGRESS__BIND_ADDRESS", address(ports.ingress_port))
        .env("RESTATE_ADMIN__BIND_ADDRESS", address(ports.admin_port))
        // The folder below the data has this name, which is that of the machine by default.
        .env("RESTATE_NODE_NAME", "fleet-1")
        .env("RESTATE_CLUSTER_NAME", "mailstore-fleet")
        .env("RESTATE_DISABLE_TELEMETRY", "true")
        .env("DO_NOT_TRACK", "1")
        .env("RESTATE_DEFAULT_NUM_PARTITIONS", "4")
        .env("RESTATE_ROCKSDB_TOTAL_MEMORY_SIZE", "256MiB")
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

/// Waits until the engine answers.
///
/// # Errors
/// The engine ended, or does not answer in time.
pub async fn wait_until_healthy(ports: Ports, child: &mut Child) -> Result<(), Report> {
    let engine = Engine::new(ports.addresses())?;
    let until = Instant::now() + START;
    loop {
        if let Some(status) = child.try_wait().into_diagnostic()? {
            return Err(miette!(
                help = "The lines above name the reason. Another engine may use the same ports or the same folder.",
                "the engine ended: {status}"
            ));
        }
        if engine.is_healthy().await {
            return Ok(());
        }
        if Instant::now() > until {
            return Err(miette!(
                "the engine did not answer within {} seconds",
                START.as_secs()
            ));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Ends the engine. It writes its journal at every step, so nothing is lost if it must be killed.
async fn end(mut child: Child) -> Result<(), Report> {
    #[cfg(unix)]
    if let Some(id) = child
        .id()
        .and_then(|id| i32::try_from(id).ok())
        .and_then(rustix::process::Pid::from_raw)
    {
        let _ = rustix::process::kill_process(id, rustix::process::Signal::TERM);
    }
    if tokio::time::timeout(END, child.wait()).await.is_err() {
        child.kill().await.into_diagnostic()?;
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn an_interrupted_installation_is_not_used() {
        let folder = tempfile::tempdir().unwrap();
        // npm was interrupted while it wrote the program.
        for (name, text) in PACKAGE {
            fs::write(folder.path().join(name), text).unwrap();
        }
        assert!(!is_current(folder.path()));
        mailstore_profiles::replace(&folder.path().join(INSTALLED), LOCK.as_bytes()).unwrap();
        assert!(is_current(folder.path()));
        mailstore_profiles::replace(&folder.path().join(INSTALLED), b"another version").unwrap();
        assert!(!is_current(folder.path()));
    }
}
