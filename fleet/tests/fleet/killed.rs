//! Workflows that a person kills or purges at the engine.

use std::process::Stdio;

use mailstore_fleet::call::{Batch, Call, CallEffect};
use mailstore_fleet::outcome::{Ended, Outcome, Phase, Settled};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::commands::{FAILED, UNKNOWN, VERIFY, make_unknown, printed, run, second, verify_file, write_job};
use crate::support::{Fleet, eventually, server};

/// Returns a job with two calls, of which one runs at a time.
fn one_at_a_time(fleet: &Fleet) -> (Batch, Call, Call) {
    let (first, second) = (fleet.call(0, VERIFY.0, VERIFY.1), second(fleet));
    let mut batch = fleet.batch(vec![first.clone(), second.clone()]);
    batch.limits.per_server = 1;
    (batch, first, second)
}

/// Returns why the outcome of a call is unknown.
fn unknown(settled: &Settled) -> &str {
    match settled {
        Settled::Unknown { reason } => reason,
        Settled::Ended(ended) => panic!("{ended:?}"),
    }
}

fn ended(settled: &Settled) -> &Ended {
    match settled {
        Settled::Ended(ended) => ended,
        Settled::Unknown { reason } => panic!("unknown: {reason}"),
    }
}

impl Fleet {
    /// Changes the state of an object or a workflow at the engine.
    async fn set_state(&self, service: &str, change: &Value) {
        let url = self.admin(&format!("/services/{service}/state"));
        let answer = reqwest::Client::new()
            .post(url)
            .json(change)
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success(), "{answer:?}");
    }

    /// Returns the invocations of a service that have not ended.
    async fn open_invocations(&self, service: &str) -> Vec<String> {
        #[derive(Deserialize)]
        struct Row {
            id: String,
        }
        let sql = format!(
            "SELECT id FROM sys_invocation WHERE target_service_name = '{service}' AND status <> 'completed'"
        );
        let rows: Vec<Row> = self.engine.query(&sql).await.unwrap();
        rows.into_iter().map(|row| row.id).collect()
    }
}

/// Waits until no call has or wants a place at the server.
async fn all_places_are_free(fleet: &Fleet) {
    eventually("all places are free", async || fleet.permits(0).await == 0).await;
}

#[tokio::test]
async fn a_killed_call_that_runs_is_unknown_and_frees_its_place() {
    let fleet = Fleet::of_one(server(400)).await;
    let (mut batch, first, _) = one_at_a_time(&fleet);
    batch.calls[1] = fleet.call_with(0, "GetServerInfo", &[], CallEffect::Read);
    let sent = fleet.submit(&batch).await;
    fleet.phase(&first, Phase::Running).await;
    fleet.kill_workflow(&first).await;
    let results = fleet.results(&sent).await;
    let reason = unknown(&results[&first.key]);
    assert!(reason.contains("ended at the engine"), "{reason}");
    assert_eq!(ended(&results[&batch.calls[1].key]).outcome, Outcome::Succeeded);
    all_places_are_free(&fleet).await;
    // Nothing starts it again.
    assert_eq!(fleet.results(&fleet.submit(&batch).await).await, results);
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 1);
}

#[tokio::test]
async fn a_killed_call_that_waits_for_its_place_is_skipped_and_started_by_the_next_round() {
    let fleet = Fleet::of_one(server(10)).await;
    let (mut batch, first, second) = one_at_a_time(&fleet);
    // Two jobs want the only place of the server.
    batch.calls = vec![first];
    let mut other = batch.clone();
    (other.window, other.calls) = ("2026-11-27/other".to_owned(), vec![second.clone()]);
    fleet.hold("Following");
    let sent = fleet.submit(&batch).await;
    fleet.reached("Following").await;
    let other_sent = fleet.submit(&other).await;
    fleet.phase(&second, Phase::Waiting).await;
    fleet.kill_workflow(&second).await;
    let results = fleet.results(&other_sent).await;
    let skipped = ended(&results[&second.key]);
    assert_eq!(skipped.outcome, Outcome::Skipped, "{skipped:?}");
    fleet.resume("Following");
    assert!(fleet.results(&sent).await.values().all(Settled::is_success));
    all_places_are_free(&fleet).await;
    other.round = 2;
    let results = fleet.results(&fleet.submit(&other).await).await;
    assert!(results.values().all(Settled::is_success), "{results:?}");
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 2);
}

#[tokio::test]
async fn a_killed_call_with_an_unknown_outcome_frees_its_place() {
    let mut fleet = Fleet::of_one(server(3)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    fleet.hold("AfterStart");
    let sent = fleet.submit(&fleet.batch(vec![call.clone()])).await;
    make_unknown(&mut fleet, &call, "AfterStart").await;
    unknown(&fleet.results(&sent).await[&call.key]);
    assert_eq!(fleet.permits(0).await, 1);
    fleet.kill_workflow(&call).await;
    all_places_are_free(&fleet).await;
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 1);
}

#[tokio::test]
async fn a_purged_call_is_unknown_and_left_out_when_its_window_is_continued() {
    let fleet = Fleet::of_one(server(400)).await;
    let file = verify_file(1).replace("for-each-store = {}", "").replace(
        "arguments = { ",
        "on-failure = 'finish-wave'\narguments = { id = 1, ",
    );
    let job = write_job(&fleet, &file);
    let mut process = fleet.prepared(&["run", &job]).spawn().unwrap();
    let known = async || {
        let calls = fleet.engine.calls("test/verify").await.ok()?;
        calls.into_iter().next()
    };
    let runs = async || {
        let status = known().await.and_then(|call| call.status);
        status.is_some_and(|status| status.phase == Phase::Running)
    };
    eventually("the call runs", runs).await;
    let call = known().await.unwrap();
    fleet.administer(&call.invocation, "kill").await;
    assert_eq!(process.wait().await.unwrap().code(), Some(UNKNOWN));
    fleet.administer(&call.invocation, "purge").await;
    eventually("the call is forgotten", async || known().await.is_none()).await;
    let shown = run(&fleet, &["run", &job, "--continue"], UNKNOWN).await;
    assert!(
        shown.contains("Calls that were purged at the engine after they were sent, and are left out: 1."),
        "{shown}"
    );
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 1);
}

#[tokio::test]
async fn a_killed_job_says_what_follows_and_starts_nothing_twice_when_it_is_continued() {
    let fleet = Fleet::of_one(server(40)).await;
    let job = write_job(&fleet, &verify_file(1));
    fleet.hold("Following");
    let process = fleet
        .prepared(&["run", &job])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    fleet.reached("Following").await;
    let found = fleet.engine.last_run("test/verify").await.unwrap().unwrap();
    fleet.administer(&found.invocation, "kill").await;
    fleet.resume("Following");
    let shown = printed(&process.wait_with_output().await.unwrap(), UNKNOWN);
    assert!(
        shown.contains("The job was ended at the engine, with its calls"),
        "{shown}"
    );
    let shown = run(&fleet, &["run", &job, "--continue"], UNKNOWN).await;
    assert!(
        shown.contains("Calls that were ended at the engine, and are left out: 1."),
        "{shown}"
    );
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 3);
    let keys = fleet.engine.calls("test/verify").await.unwrap();
    let killed = keys.iter().find(|call| call.was_ended()).unwrap();
    let shown = run(&fleet, &["decide", &killed.key], FAILED).await;
    assert!(shown.contains("it is not known what the server did"), "{shown}");
    all_places_are_free(&fleet).await;
}

#[tokio::test]
async fn a_call_whose_state_cannot_be_read_does_not_hold_up_its_job() {
    let fleet = Fleet::of_one(server(400)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    let batch = fleet.batch(vec![call.clone()]);
    let sent = fleet.submit(&batch).await;
    fleet.phase(&call, Phase::Running).await;
    fleet.kill_workflow(&call).await;
    fleet.results(&sent).await;
    fleet.purge(&sent).await;
    // Another version of the worker has kept this.
    let body =
        json!({ "object_key": call.key, "new_state": { "status": b"{\"phase\":\"other\"}".as_slice() } });
    fleet.set_state("MailCall", &body).await;
    let reason = async || {
        let sent = fleet.submit(&batch).await;
        let reason = unknown(&fleet.results(&sent).await[&call.key]).to_owned();
        fleet.purge(&sent).await;
        reason
    };
    // The engine changes the state later.
    eventually("the state cannot be read", async || {
        reason().await.contains("cannot read")
    })
    .await;
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 1);
}

#[tokio::test]
async fn places_that_a_killed_watcher_has_left_can_be_removed() {
    let fleet = Fleet::of_one(server(3)).await;
    let batch = fleet.batch(vec![fleet.call(0, VERIFY.0, VERIFY.1)]);
    fleet.hold("Following");
    let sent = fleet.submit(&batch).await;
    fleet.reached("Following").await;
    let watcher = fleet.open_invocations("GateWatch").await.remove(0);
    fleet.administer(&watcher, "kill").await;
    fleet.resume("Following");
    fleet.results(&sent).await;
    assert_eq!(fleet.permits(0).await, 1);
    let body = json!({ "object_key": fleet.servers[0].url(), "new_state": {} });
    fleet.set_state("Gate", &body).await;
    all_places_are_free(&fleet).await;
}
