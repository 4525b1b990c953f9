//! `mailstore-fleet engine`: installs the engine on this machine, and runs it.

#[cfg(target_os = "linux")]
pub mod bound;
mod install;
mod lock;
mod ports;
mod process;

use std::path::PathBuf;

use miette::{IntoDiagnostic as _, Report, miette};

use crate::api::Addresses;
use crate::exit::{Failed, Outcome};
use crate::signals::stopped;
use crate::traces::Collector;
pub use install::install;
use lock::lock;
pub use ports::Ports;
pub use process::{TRACES, command, wait_until_healthy};
use process::{end, start};

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

/// Runs an engine until it is stopped.
///
/// # Errors
/// An engine runs in the folder, or the engine cannot be installed, or it ends.
pub async fn run(arguments: Arguments) -> Result<Outcome, Failed> {
    supervise(&arguments).await.map_err(Failed::Work)?;
    Ok(Outcome::Nothing)
}

async fn supervise(arguments: &Arguments) -> Result<(), Report> {
    let stop = stopped()?;
    tokio::pin!(stop);
    let _lock = lock(&arguments.dir)?;
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
