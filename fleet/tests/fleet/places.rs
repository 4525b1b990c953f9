//! More calls than the engine executes at the same time.

use mailstore_fleet::call::Call;
use mailstore_fleet::outcome::{Outcome, Settled};
use serde::Deserialize;

use crate::commands::{DONE, VERIFY, run};
use crate::support::{Fleet, eventually, server};

/// How many handlers the engine executes at the same time. By default, it is 1,000.
const PLACES: usize = 6;

const SERVERS: usize = 8;

/// Counts the handlers that the engine executes.
const SQL: &str = "SELECT count(*) AS handlers FROM sys_invocation WHERE status = 'running'";

#[derive(Deserialize)]
struct Running {
    handlers: usize,
}

/// Returns a call for each of the three stores of each server.
fn calls(fleet: &Fleet) -> Vec<Call> {
    let of_store = |store| {
        let arguments = [("id", store), ("includeIndexes", "false")];
        (0..SERVERS).map(move |server| fleet.call(server, VERIFY.0, &arguments))
    };
    ["1", "2", "3"].into_iter().flat_map(of_store).collect()
}

#[tokio::test]
async fn a_window_is_cancelled_while_the_engine_has_no_place_for_more_calls() {
    let mut fleet = Fleet::start((0..SERVERS).map(|_| server(100_000))).await;
    fleet.kill_worker().await;
    fleet.kill_engine().await;
    let places = PLACES.to_string();
    let setting = (
        "RESTATE_WORKER__INVOKER__CONCURRENT_INVOCATIONS_LIMIT",
        places.as_str(),
    );
    fleet.start_engine_with(&[setting]).await;
    fleet.start_worker().await;
    let batch = fleet.batch(calls(&fleet));
    let sent = fleet.submit(&batch).await;
    let all_used = async || {
        let rows: Vec<Running> = fleet.engine.query(SQL).await.unwrap();
        rows[0].handlers >= PLACES
    };
    eventually("the places are used", all_used).await;
    run(&fleet, &["cancel", &batch.window], DONE).await;
    let results = fleet.results(&sent).await;
    let ended_early = |settled: &Settled| match settled {
        Settled::Ended(ended) => matches!(ended.outcome, Outcome::Cancelled | Outcome::Skipped),
        Settled::Unknown { .. } => false,
    };
    assert!(results.values().all(ended_early), "{results:?}");
    // The limits of the job allow all calls, so only the engine has held them back.
    let starts: usize = fleet.servers.iter().map(|server| server.starts(VERIFY.0)).sum();
    assert!(starts < batch.calls.len(), "{starts}");
}
