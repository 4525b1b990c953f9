//! The worker: the process that sends the calls. The engine reaches it over HTTP/2 on this machine.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use miette::{IntoDiagnostic as _, Report, miette};
use restate_sdk::prelude::Endpoint;
use tokio::net::TcpListener;

use crate::api::{Addresses, Engine};
use crate::clients::{Clients, PASSWORD_TIME, REQUEST_TIME};
use crate::exit::{Failed, Outcome};
use crate::registration::Registration;
use crate::serve::serve;
use crate::services::services;
use crate::signals::Signals;
use crate::starts::Starts;
use crate::traces::{Collector, Exporter};

/// How long a worker that is stopped waits for its starts: the longest time of a start, and a minute to write a short
/// result and the journal. `docs/one-machine.md` gives the service a little longer.
const LONGEST_END: Duration = Duration::from_secs(60)
    .saturating_add(PASSWORD_TIME)
    .saturating_add(REQUEST_TIME);

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
    let clients = Arc::new(clients);
    let collector = Collector::of(arguments.traces.as_deref()).map_err(Failed::Usage)?;
    let engine = Engine::new(arguments.engine).map_err(Failed::Work)?;
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, arguments.port));
    let listener = TcpListener::bind(address)
        .await
        .map_err(|error| Failed::Work(not_bound(address, &error)))?;
    let address = listener.local_addr().into_diagnostic().map_err(Failed::Work)?;
    let signals = Signals::listen().map_err(Failed::Work)?;
    let endpoint = services(&clients);
    let exporter = collector.as_ref().map(Exporter::install).transpose();
    let exporter = exporter.map_err(Failed::Work)?;
    let worked = tokio::select! {
        Err(report) = work(&engine, address, endpoint, listener, arguments.is_quiet) => Err(Failed::Work(report)),
        () = ended(&clients.starts, signals) => Ok(Outcome::Nothing),
    };
    if let Some(exporter) = exporter {
        exporter.end().await;
    }
    worked
}

/// Waits until the process is told to stop, and then until no call is being started.
///
/// All other work is interrupted, because the next worker continues it from the journal.
async fn ended(starts: &Starts, mut signals: Signals) {
    signals.next().await;
    let count = starts.stop();
    if count == 0 {
        return;
    }
    mailstore_reach::warn!(
        "The worker ends when its servers have answered the starts of calls that are under way ({count}), or after {} \
         seconds. Another signal ends it at once, and a person must then decide about these calls.",
        LONGEST_END.as_secs()
    );
    let interrupted = tokio::select! {
        () = starts.all_ended() => return,
        () = signals.next() => "was told to end at once",
        () = tokio::time::sleep(LONGEST_END) => "waits no longer",
    };
    let count = starts.under_way();
    mailstore_reach::warn!("The worker {interrupted}. Starts under way, whose outcome is unknown: {count}.");
}

fn not_bound(address: SocketAddr, error: &std::io::Error) -> Report {
    miette!(
        help = "Another worker may be running. `--port` chooses another port.",
        "the worker cannot listen on {address}: {error}"
    )
}

/// Answers the engine as soon as it may use this worker.
async fn work(
    engine: &Engine,
    address: SocketAddr,
    endpoint: Endpoint,
    listener: TcpListener,
    is_quiet: bool,
) -> Result<Infallible, Report> {
    let registration = Registration::new(engine, address, is_quiet).await?;
    tokio::select! {
        never = serve(endpoint, listener) => match never {},
        report = registration.keep() => report,
    }
}
