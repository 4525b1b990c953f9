//! Rows `calls`: CPU time and rate of many short calls, with several calls in flight.

use std::io;
use std::time::Instant;

use mailstore_api::server::Client;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;

use crate::caller::{Caller, runtime};
use crate::cpu;
use crate::peer::{Failure, Peer};
use crate::row::Row;
use crate::server::Server;
use crate::target::Target;

/// The numbers of calls in flight.
const IN_FLIGHT: [usize; 3] = [1, 16, 64];
/// The calls of one run. All numbers in flight divide it.
const CALLS: usize = 640;
const RUNS: usize = 45;

pub(crate) fn run() -> io::Result<Vec<Row>> {
    if cpu::time(|| ()).is_err() {
        let row = |name: String, unit| Row::unmeasured(&name, unit, "the CPU time of a thread needs Linux");
        let rows = IN_FLIGHT.map(|count| [row(cpu_name(count), "µs"), row(rate_name(count), "calls/s")]);
        return Ok(rows.concat());
    }
    let server = Server::fixed()?;
    let mut rows = Vec::new();
    for in_flight in IN_FLIGHT {
        rows.extend(measure(server.target(), in_flight).map_err(io::Error::other)?);
    }
    Ok(rows)
}

fn cpu_name(in_flight: usize) -> String {
    format!("calls, {in_flight} in flight: CPU a call")
}

fn rate_name(in_flight: usize) -> String {
    format!("calls, {in_flight} in flight: rate")
}

fn measure(target: &Target, in_flight: usize) -> Result<[Row; 2], Failure> {
    let (ours, peer) = (Load::<Client>::new(target)?, Load::<Peer>::new(target)?);
    let (mut our_runs, mut peer_runs) = (Runs::default(), Runs::default());
    // The first run of each side opens the connections.
    ours.run(in_flight)?;
    peer.run(in_flight)?;
    for _ in 0..RUNS {
        our_runs.add(ours.run(in_flight)?);
        peer_runs.add(peer.run(in_flight)?);
    }
    let (our_cpu, our_rate) = our_runs.medians();
    let (peer_cpu, peer_rate) = peer_runs.medians();
    Ok([
        Row::new(&cpu_name(in_flight), "µs", our_cpu, peer_cpu),
        Row::new(&rate_name(in_flight), "calls/s", our_rate, peer_rate),
    ])
}

/// The CPU time a call in microseconds and the calls a second, of several runs.
#[derive(Default)]
struct Runs {
    cpu: Vec<f64>,
    rate: Vec<f64>,
}

impl Runs {
    fn add(&mut self, (cpu, wall): (f64, f64)) {
        self.cpu.push(cpu * 1e6 / CALLS as f64);
        self.rate.push(CALLS as f64 / wall);
    }

    fn medians(self) -> (f64, f64) {
        (cpu::median(self.cpu), cpu::median(self.rate))
    }
}

/// One side: a client with its connections.
struct Load<C> {
    runtime: Runtime,
    client: C,
}

impl<C: Caller> Load<C> {
    fn new(target: &Target) -> Result<Self, Failure> {
        Ok(Self {
            runtime: runtime()?,
            client: C::new(target)?,
        })
    }

    /// Sends all calls of a run. Returns the CPU time and the wall time in seconds.
    fn run(&self, in_flight: usize) -> Result<(f64, f64), Failure> {
        let begun = Instant::now();
        let (outcome, used) = cpu::time(|| self.runtime.block_on(self.send(in_flight)))?;
        outcome?;
        Ok((used, begun.elapsed().as_secs_f64()))
    }

    async fn send(&self, in_flight: usize) -> Result<(), Failure> {
        let mut senders = JoinSet::new();
        for _ in 0..in_flight {
            let client = self.client.clone();
            senders.spawn(async move {
                for _ in 0..CALLS / in_flight {
                    client.call().await?;
                }
                Ok::<_, Failure>(())
            });
        }
        while let Some(sender) = senders.join_next().await {
            sender??;
        }
        Ok(())
    }
}
