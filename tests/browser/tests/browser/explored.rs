//! A running explorer.

use std::future::pending;
use std::path::Path;
use std::time::Duration;

use mailstore_api::{server, spe};
use mailstore_explorer::{Explorer, Settings};
use mailstore_sim::Simulator;
use mailstore_transport::{Builder, Connection, Surface};
use tokio::runtime::Runtime;

use crate::recorder::Recorder;

/// The functions of both editions.
pub(crate) const SURFACES: [&Surface; 2] = [&server::catalog::SURFACE, &spe::catalog::SURFACE];

/// A runtime that works beside the test.
pub(crate) fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}

/// Starts an explorer for this connection, and returns its address with the token. It stops with its runtime.
pub(crate) fn explore(runtime: &Runtime, connection: Connection) -> String {
    let name = connection.surface().name;
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../../metadata/mailstore/openapi/{name}.json"));
    let document = std::fs::read_to_string(file).unwrap();
    let bound = Explorer::bind(connection, &document, Settings::default());
    let explorer = runtime.block_on(bound).unwrap();
    let url = explorer.secret_url();
    runtime.spawn(explorer.run(pending()));
    url
}

/// A connection to a simulator.
pub(crate) fn to_simulator(surface: &'static Surface, simulator: &Simulator) -> Builder<Connection> {
    Connection::builder(surface, simulator.url())
        .credentials(simulator.user(), simulator.password())
        .pin(simulator.fingerprint().parse().unwrap())
        .request_timeout(Duration::from_secs(30))
}

/// A connection to a recorder, which has no function list.
pub(crate) fn to_recorder(surface: &'static Surface, recorder: &Recorder) -> Connection {
    Connection::builder(surface, &recorder.address)
        .credentials("admin", "secret")
        .certificate_authority(recorder.pem.clone())
        .request_timeout(Duration::from_secs(30))
        .assume_edition()
        .build()
        .unwrap()
}
