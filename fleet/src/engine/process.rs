//! The process of the engine.

use std::net::Ipv4Addr;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use miette::{Context as _, IntoDiagnostic as _, Report, miette};
use tokio::process::{Child, Command};
use tokio::time::Instant;

use super::ports::Ports;
use crate::api::Engine;
use crate::traces::Collector;

/// The setting of the engine with the address for traces.
pub const TRACES: &str = "RESTATE_TRACING_ENDPOINT";

/// How long the engine may take until it answers.
const START: Duration = Duration::from_secs(60);

/// How long the engine may take to end.
const END: Duration = Duration::from_secs(30);

const PAUSE: Duration = Duration::from_millis(50);

/// Starts the engine with its journal in `data`. It sends traces if there is a collector for them. On Linux, it ends with
/// this process, also if this process is killed.
///
/// # Errors
/// The program cannot be started.
pub(super) fn start(
    program: &Path,
    data: &Path,
    ports: Ports,
    traces: Option<&Collector>,
) -> Result<Child, Report> {
    #[cfg(target_os = "linux")]
    let command = super::bound::command(program)?;
    #[cfg(not(target_os = "linux"))]
    let command = Command::new(program);
    configured(command, data, ports)
        .envs(traces.map(|collector| (TRACES, collector.as_str())))
        .spawn()
        .into_diagnostic()
        .wrap_err_with(|| format!("cannot start {}", program.display()))
}

/// Returns the command that starts the engine with its journal in `data`. The engine listens on 127.0.0.1 only and
/// reports nothing to its maker.
pub fn command(program: &Path, data: &Path, ports: Ports) -> Command {
    configured(Command::new(program), data, ports)
}

/// Adds the settings of the engine to a command.
fn configured(mut command: Command, data: &Path, ports: Ports) -> Command {
    let localhost = Ipv4Addr::LOCALHOST.to_string();
    let address = |port: u16| format!("{localhost}:{port}");
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
pub(super) async fn end(mut child: Child) -> Result<(), Report> {
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
