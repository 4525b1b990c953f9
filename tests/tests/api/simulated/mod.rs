//! The simulator and clients of it.

use std::time::Duration;

use mailstore_api::server::Client;
use mailstore_api::{Builder, spe};
use mailstore_sim::{Edition, LongCall, Simulator};

/// A server on which every poll takes a call one step further, `steps` of them to the end.
pub(crate) fn quick(steps: usize) -> Simulator {
    start(Duration::ZERO, steps)
}

/// A server of this edition. Every status request takes a call one step further.
pub(crate) fn simulator(edition: Edition) -> Simulator {
    Simulator::builder(edition).step(Duration::ZERO).start().unwrap()
}

/// A server on which nothing happens by itself.
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

/// A builder with what the simulator asks for, of a client of either edition and under any address.
pub(crate) fn admitted<C>(builder: Builder<C>, simulator: &Simulator) -> Builder<C> {
    builder
        .credentials(simulator.user(), simulator.password())
        .certificate_authority(simulator.certificate_pem())
}

pub(crate) fn client(simulator: &Simulator) -> Client {
    builder(simulator).build().unwrap()
}

pub(crate) fn spe_client(simulator: &Simulator) -> spe::Client {
    admitted(spe::Client::builder(simulator.url()), simulator)
        .build()
        .unwrap()
}

/// The only long call there is.
pub(crate) fn only_call(simulator: &Simulator) -> LongCall {
    let mut calls = simulator.tasks();
    assert_eq!(calls.len(), 1, "{calls:?}");
    calls.remove(0)
}
