//! The worker: the process that sends the calls. The engine reaches it over HTTP/2 on this machine.

use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use miette::{Context as _, IntoDiagnostic as _, Report, miette};
use restate_sdk::prelude::{Endpoint, HttpServer};
use tokio::net::TcpListener;

use crate::api::{Addresses, Engine};
use crate::clients::Clients;
use crate::exit::{Failed, Outcome};
use crate::fleet_run::FleetRun;
use crate::gate::{Gate, GateWatch};
use crate::mail_call::MailCall;
use crate::record::WindowRecord;
use crate::serve::serve_traced;
use crate::traces::{Collector, Exporter};

/// The pause between two attempts to reach the engine.
const PAUSE: Duration = Duration::from_millis(200);

/// Send the calls of jobs. Reads the profiles of the command `mailstore`.
#[derive(clap::Args)]
pub struct Arguments {
    /// The port on 127.0.0.1 at which the engine reaches the worker.
    #[arg(long, default_value_t = 9080)]
    port: u16,
    /// The folder with the profiles, in place of the usual one.
    #[arg(long, value_name = "DIR", env = "MAILSTORE_CONFIG")]
    config: Option<PathBuf>,
    /// Send traces to the collector at this address by OTLP over HTTP, for example http://127.0.0.1:4318.
    #[arg(long, value_name = "URL", env = "OTEL_EXPORTER_OTLP_ENDPOINT")]
    traces: Option<String>,
    /// Whether the worker does not say that it is ready. The demo is part of a process whose output is JSON.
    #[arg(skip)]
    pub(crate) is_quiet: bool,
    #[command(flatten)]
    engine: Addresses,
}

/// Runs a worker until it is stopped.
///
/// # Errors
/// The profiles cannot be read, the port is taken, or the engine rejects the worker.
pub async fn run(arguments: Arguments) -> Result<Outcome, Failed> {
    let clients = Clients::read(arguments.config.as_deref()).map_err(Failed::Usage)?;
    let collector = Collector::of(arguments.traces.as_deref()).map_err(Failed::Usage)?;
    let engine = Engine::new(arguments.engine).map_err(Failed::Work)?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, arguments.port));
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| Failed::Work(not_bound(address, &error)))?;
    let address = listener.local_addr().into_diagnostic().map_err(Failed::Work)?;
    let stop = stopped().map_err(Failed::Work)?;
    let endpoint = Endpoint::builder()
        .bind(MailCall::new(Arc::new(clients)))
        .bind(FleetRun)
        .bind(Gate)
        .bind(GateWatch)
        .bind(WindowRecord)
        .build();
    let Some(collector) = collector else {
        let serve = HttpServer::new(endpoint).serve_with_cancel(listener, stop);
        return work(&engine, address, serve, arguments.is_quiet).await;
    };
    let exporter = Exporter::install(&collector).map_err(Failed::Work)?;
    let worked = work(
        &engine,
        address,
        serve_traced(endpoint, listener, stop),
        arguments.is_quiet,
    )
    .await;
    exporter.end().await;
    worked
}

/// Registers the worker and serves the engine until the worker is stopped.
async fn work(
    engine: &Engine,
    address: SocketAddr,
    serve: impl Future<Output = ()>,
    is_quiet: bool,
) -> Result<Outcome, Failed> {
    tokio::pin!(serve);
    tokio::select! {
        () = &mut serve => return Ok(Outcome::Nothing),
        registered = register(engine, address) => registered.map_err(Failed::Work)?,
    }
    if !is_quiet {
        mailstore_reach::say!("The worker is ready at http://{address}.");
    }
    serve.await;
    Ok(Outcome::Nothing)
}

fn not_bound(address: SocketAddr, error: &std::io::Error) -> Report {
    miette!(
        help = "Another worker may be running. `--port` chooses another port.",
        "the worker cannot listen on {address}: {error}"
    )
}

/// Registers the worker as soon as the engine answers.
async fn register(engine: &Engine, address: SocketAddr) -> Result<(), Report> {
    if !engine.is_healthy().await {
        mailstore_reach::say!("The worker waits for the engine.");
    }
    while !engine.is_healthy().await {
        tokio::time::sleep(PAUSE).await;
    }
    engine.register(&format!("http://{address}")).await
}

/// Returns a future that ends when the process is told to stop: by Ctrl-C or by SIGTERM.
///
/// # Errors
/// The process cannot listen for SIGTERM.
pub fn stopped() -> Result<impl Future<Output = ()>, Report> {
    #[cfg(unix)]
    let mut terminate = {
        use tokio::signal::unix::{SignalKind, signal};
        signal(SignalKind::terminate())
            .into_diagnostic()
            .wrap_err("cannot listen for SIGTERM")?
    };
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
    })
}
