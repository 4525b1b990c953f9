//! Simulated servers with many stores, and what they counted.

use std::collections::BTreeMap;
use std::time::Instant;

use mailstore_api::{Fingerprint, server};
use mailstore_sim::Simulator;
use serde::{Deserialize, Serialize};

/// The function that the measured jobs call.
pub(crate) const FUNCTION: &str = "VerifyStore";

/// How many stores a simulated server has at first.
const STORES: usize = 3;

/// What simulated servers saw of the calls of a job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Counted {
    /// How many calls were started.
    pub(crate) starts: usize,
    /// How many different calls were started.
    pub(crate) different: usize,
    /// How many calls succeeded.
    pub(crate) succeeded: usize,
    /// The largest number of calls that ran at the same time on all servers.
    pub(crate) most_overall: usize,
    /// The largest number of calls that ran at the same time on one server.
    pub(crate) most_per_server: usize,
}

/// Creates stores until the server has this many. Their numbers count from 1.
pub(crate) async fn add_stores(simulator: &Simulator, count: usize) {
    let pin: Fingerprint = simulator.fingerprint().parse().expect("it is a fingerprint");
    let client = server::Client::builder(simulator.url())
        .credentials(simulator.user(), simulator.password())
        .pin(pin)
        .build()
        .expect("the address is valid");
    for number in STORES + 1..=count {
        let created = client.create_store(&format!("Archive {number}")).await;
        created.expect("the simulator creates stores");
    }
}

/// Returns the arguments of a call for the store with this number.
pub(crate) fn arguments(store: usize) -> BTreeMap<String, String> {
    [("id", store.to_string()), ("includeIndexes", "false".to_owned())]
        .map(|(name, value)| (name.to_owned(), value))
        .into()
}

impl Counted {
    /// Reads the records of the servers. They have the exact times of all calls, so no moment is missed.
    pub(crate) fn of(simulators: &[Simulator]) -> Self {
        let mut counted = Self {
            starts: 0,
            different: 0,
            succeeded: 0,
            most_overall: 0,
            most_per_server: 0,
        };
        let mut all = Vec::new();
        for simulator in simulators {
            let tasks = simulator.tasks();
            counted.starts += simulator.starts(FUNCTION);
            counted.succeeded += tasks.iter().filter(|task| task.status == "succeeded").count();
            let received = simulator.received();
            let calls = received.iter().filter(|call| call.function == FUNCTION);
            let mut stores: Vec<_> = calls.filter_map(|call| call.argument("id")).collect();
            stores.sort_unstable();
            stores.dedup();
            counted.different += stores.len();
            let times: Vec<_> = tasks
                .iter()
                .map(|task| (task.started_at, task.ended_at))
                .collect();
            counted.most_per_server = counted.most_per_server.max(most(&times));
            all.extend(times);
        }
        counted.most_overall = most(&all);
        counted
    }
}

/// Returns the largest number of calls that ran at the same time.
fn most(times: &[(Instant, Option<Instant>)]) -> usize {
    let mut changes: Vec<(Instant, bool)> = Vec::new();
    for (start, end) in times {
        changes.push((*start, true));
        changes.extend(end.map(|end| (end, false)));
    }
    // At the same time, ends come before starts.
    changes.sort_unstable();
    let (mut running, mut most) = (0, 0);
    for (_, is_start) in changes {
        if is_start {
            running += 1;
            most = most.max(running);
        } else {
            running -= 1;
        }
    }
    most
}
