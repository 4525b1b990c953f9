//! A job without disturbances.

use std::fs;

use mailstore_fleet::call::CallEffect;
use mailstore_fleet::logs::Logs;
use mailstore_fleet::outcome::Outcome;

use crate::support::{Fleet, only, server};

#[tokio::test]
async fn a_job_runs_its_calls_and_writes_their_logs() {
    let fleet = Fleet::of_one(server(5)).await;
    let call = fleet.call(0, "VerifyStore", &[("id", "1"), ("includeIndexes", "false")]);
    let read = fleet.call_with(0, "GetServerInfo", &[], CallEffect::Read);
    let batch = fleet.batch(vec![call.clone(), read.clone()]);
    let sent = fleet.submit(&batch).await;
    let results = fleet.results(&sent).await;
    assert_eq!(results.len(), 2);
    assert!(
        results.values().all(|settled| settled.is_success()),
        "{results:?}"
    );
    assert_eq!(fleet.servers[0].starts("VerifyStore"), 1);
    let log = Logs::of(&batch.logs, &call, 1).log();
    assert_eq!(fs::read_to_string(log).unwrap(), fleet.servers[0].tasks()[0].log);
    let result = fs::read_to_string(Logs::of(&batch.logs, &read, 1).result()).unwrap();
    assert!(result.contains("version"), "{result}");
}

#[tokio::test]
async fn a_window_that_is_run_again_starts_nothing() {
    let fleet = Fleet::of_one(server(3)).await;
    let batch = fleet.batch(vec![fleet.call(
        0,
        "VerifyStore",
        &[("id", "1"), ("includeIndexes", "false")],
    )]);
    let first = fleet.submit(&batch).await;
    let results = fleet.results(&first).await;
    let second = fleet.submit(&batch).await;
    assert!(second.existed());
    assert_eq!(fleet.results(&second).await, results);
    assert_eq!(only(&results), Outcome::Succeeded);
    assert_eq!(fleet.servers[0].starts("VerifyStore"), 1);
}
