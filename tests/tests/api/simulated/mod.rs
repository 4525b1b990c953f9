//! Simulators and their clients.

use std::time::Duration;

use mailstore_api::server::Client;
use mailstore_api::{Builder, spe};
use mailstore_sim::{Edition, LongCall, Simulator};

/// Starts a server. Every poll advances its call by one step. A call has `steps` steps.
pub(crate) fn quick(steps: usize) -> Simulator {
    start(Duration::ZERO, steps)
}

/// Starts a server of this edition. Every poll advances its call by one step.
pub(crate) fn start_simulator(edition: Edition) -> Simulator {
    Simulator::builder(edition).step(Duration::ZERO).start().unwrap()
}

/// Starts a server on which calls make no progress.
pub(crate) fn frozen() -> Simulator {
    start(Duration::from_secs(1_000_000), 3)
}

pub(crate) fn start(step: Duration, steps: usize) -> Simulator {
    let builder = Simulator::builder(Edition::Server).step(step).steps(steps);
    builder.start().unwrap()
}

pub(crate) fn builder(simulator: &Simulator) -> Builder<Client> {
    admitted(Client::builder(simulator.url()), simulator)
}

/// Adds the credentials and the certificate of the simulator to a builder.
pub(crate) fn admitted<C>(builder: Builder<C>, simulator: &Simulator) -> Builder<C> {
    builder
        .credentials(simulator.user(), simulator.password())
        .certificate_authority(simulator.certificate_pem())
}

pub(crate) fn connect(simulator: &Simulator) -> Client {
    builder(simulator).build().unwrap()
}

pub(crate) fn spe_client(simulator: &Simulator) -> spe::Client {
    admitted(spe::Client::builder(simulator.url()), simulator)
        .build()
        .unwrap()
}

/// Returns the only long call.
pub(crate) fn only_call(simulator: &Simulator) -> LongCall {
    let mut calls = simulator.tasks();
    assert_eq!(calls.len(), 1, "{calls:?}");
    calls.remove(0)
}
