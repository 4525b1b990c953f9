//! A job of hundreds of calls, and the journal of a call that runs for long.

use std::collections::BTreeSet;
use std::fs;

use mailstore_fleet::call::{Call, Limits};
use serde::Deserialize;

use crate::servers::{Counted, FUNCTION, add_stores, arguments};
use crate::support::{Fleet, eventually, server};

const SERVERS: usize = 50;
const CALLS_PER_SERVER: usize = 10;

/// How many servers take longer for each call than the others. Their calls come first, so that both limits are reached
/// on a slow machine as well.
const SLOW: usize = 4;

/// Returns the calls of all servers: two of the first server, two of the next one, and so on, in five rounds.
fn calls(fleet: &Fleet) -> Vec<Call> {
    let mut calls = Vec::new();
    for round in 0..CALLS_PER_SERVER / 2 {
        for server in 0..SERVERS {
            for store in [2 * round + 1, 2 * round + 2] {
                let arguments = arguments(store);
                let arguments: Vec<(&str, &str)> = arguments
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str()))
                    .collect();
                calls.push(fleet.call(server, FUNCTION, &arguments));
            }
        }
    }
    calls
}

#[tokio::test(flavor = "multi_thread")]
async fn five_hundred_calls_on_fifty_servers_succeed_within_both_limits() {
    let steps = |number| if number < SLOW { 20 } else { 2 };
    let fleet = Fleet::start((0..SERVERS).map(|number| server(steps(number)))).await;
    for server in fleet.servers.iter() {
        add_stores(server, CALLS_PER_SERVER).await;
    }
    let mut batch = fleet.batch(calls(&fleet));
    batch.limits = Limits {
        overall: 8,
        per_server: 2,
    };
    let sent = fleet.submit(&batch).await;
    let results = fleet.results(&sent).await;
    let keys: BTreeSet<&String> = batch.calls.iter().map(|call| &call.key).collect();
    assert_eq!(keys.len(), SERVERS * CALLS_PER_SERVER);
    assert!(results.keys().eq(keys));
    assert!(
        results.values().all(|settled| settled.is_success()),
        "{results:?}"
    );
    let expected = Counted {
        starts: SERVERS * CALLS_PER_SERVER,
        different: SERVERS * CALLS_PER_SERVER,
        succeeded: SERVERS * CALLS_PER_SERVER,
        most_overall: 8,
        most_per_server: 2,
    };
    assert_eq!(Counted::of(&fleet.servers), expected);
}

/// The journal of the only call.
#[derive(Deserialize)]
struct Followed {
    slices: u64,
    entries: u64,
    bytes: Option<u64>,
}

/// Waits until a call was followed in this many slices.
async fn followed(fleet: &Fleet, slices: u64) -> Followed {
    // One query, so that its figures belong together.
    const SQL: &str = "SELECT count(*) AS entries, sum(j.raw_length) AS bytes, \
         count(CASE WHEN j.name = 'follow' THEN 1 END) AS slices \
         FROM sys_journal j JOIN sys_invocation i ON i.id = j.id \
         WHERE i.target_service_name = 'MailCall' AND i.target_handler_name = 'run'";
    let read = async || fleet.engine.query::<Followed>(SQL).await.unwrap().remove(0);
    eventually("the call is followed", async || read().await.slices >= slices).await;
    read().await
}

#[tokio::test]
async fn a_running_call_adds_at_most_three_entries_and_two_kilobytes_for_each_slice() {
    let mut fleet = Fleet::of_one(server(10_000)).await;
    fleet.kill_worker().await;
    fs::write(fleet.folder.path().join("hooks/slice"), "30").unwrap();
    fleet.start_worker().await;
    let arguments = [("id", "1"), ("includeIndexes", "false")];
    let batch = fleet.batch(vec![fleet.call(0, FUNCTION, &arguments)]);
    fleet.submit(&batch).await;
    let first = followed(&fleet, 5).await;
    let last = followed(&fleet, first.slices + 50).await;
    let slices = last.slices - first.slices;
    // The entries around the last slice may be there in part.
    let entries = last.entries - first.entries;
    assert!(entries <= 3 * slices + 3, "{entries} entries for {slices} slices");
    let bytes = last.bytes.unwrap() - first.bytes.unwrap();
    assert!(bytes <= 2_000 * (slices + 1), "{bytes} bytes for {slices} slices");
}
