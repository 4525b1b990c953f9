//! The command `cancel`, at each stage of a call.

use std::time::Duration;

use jiff::{Timestamp, ToSpan as _};
use mailstore_fleet::call::{Call, StartSpan};
use mailstore_fleet::outcome::{Outcome, Phase, Settled};
use mailstore_sim::{Fault, Phase as Request};
use serde::Deserialize;

use crate::commands::{DONE, FAILED, UNKNOWN, USAGE, VERIFY, make_unknown, run, second, was_cancelled};
use crate::support::{Fleet, eventually, only, server};

/// The window of the calls.
const WINDOW: &str = "2026-11-27/test";

fn starts(fleet: &Fleet) -> usize {
    fleet.servers[0].starts(VERIFY.0)
}

#[tokio::test]
async fn a_job_is_cancelled_before_its_window_opens() {
    let fleet = Fleet::of_one(server(10_000)).await;
    let mut batch = fleet.batch(vec![fleet.call(0, VERIFY.0, VERIFY.1), second(&fleet)]);
    let now = Timestamp::now();
    batch.starts = Some(StartSpan {
        opens: now + 2.hours(),
        closes: now + 3.hours(),
    });
    let sent = fleet.submit(&batch).await;
    let shown = run(&fleet, &["cancel", WINDOW], DONE).await;
    assert!(
        shown.contains("Calls that were waiting for their turn, and are not started: 2."),
        "{shown}"
    );
    assert_eq!(only(&fleet.results(&sent).await), Outcome::Skipped);
    assert_eq!(starts(&fleet), 0);
}

#[tokio::test]
async fn a_call_that_waits_at_the_gate_is_cancelled_alone() {
    let fleet = Fleet::of_one(server(10_000)).await;
    let (first, other) = (fleet.call(0, VERIFY.0, VERIFY.1), second(&fleet));
    let mut batch = fleet.batch(vec![first.clone()]);
    batch.limits.per_server = 1;
    fleet.submit(&batch).await;
    fleet.phase(&first, Phase::Running).await;
    let mut later = fleet.batch(vec![other.clone()]);
    later.window = "2026-11-27/other".to_owned();
    later.limits.per_server = 1;
    fleet.submit(&later).await;
    fleet.phase(&other, Phase::Waiting).await;
    let shown = run(&fleet, &["cancel", "--call", &other.key], DONE).await;
    assert!(shown.contains("cancelled before it was started"), "{shown}");
    assert_eq!(starts(&fleet), 1);
    assert!(!was_cancelled(&fleet));
}

#[tokio::test]
async fn a_call_that_its_job_has_not_begun_is_cancelled_alone() {
    let fleet = Fleet::of_one(server(10_000)).await;
    let (first, other) = (fleet.call(0, VERIFY.0, VERIFY.1), second(&fleet));
    let mut batch = fleet.batch(vec![first.clone(), other.clone()]);
    batch.limits.overall = 1;
    let sent = fleet.submit(&batch).await;
    fleet.phase(&first, Phase::Running).await;
    let shown = run(&fleet, &["cancel", "--call", &other.key], DONE).await;
    assert!(shown.contains("cancelled before it was started"), "{shown}");
    assert!(!was_cancelled(&fleet));
    run(&fleet, &["cancel", "--call", &first.key], DONE).await;
    let results = fleet.results(&sent).await;
    let is_cancelled =
        |settled: &Settled| matches!(settled, Settled::Ended(ended) if ended.outcome == Outcome::Cancelled);
    assert!(results.values().all(is_cancelled), "{results:?}");
    assert_eq!(results.len(), 2);
    assert_eq!(starts(&fleet), 1);
}

/// Cancels a call that is at a point of its start, and returns how often the server started it.
async fn cancelled_at(point: &str) -> (Fleet, usize) {
    let fleet = Fleet::of_one(server(10_000)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    fleet.hold(point);
    let sent = fleet.submit(&fleet.batch(vec![call.clone()])).await;
    fleet.reached(point).await;
    run(&fleet, &["cancel", "--call", &call.key, "--no-wait"], DONE).await;
    fleet.resume(point);
    assert_eq!(only(&fleet.results(&sent).await), Outcome::Cancelled);
    let starts = starts(&fleet);
    (fleet, starts)
}

#[tokio::test]
async fn a_call_is_cancelled_before_its_claim_and_not_started() {
    assert_eq!(cancelled_at("BeforeClaim").await.1, 0);
}

#[tokio::test]
async fn a_call_that_the_server_has_just_started_is_cancelled_at_the_server() {
    let (fleet, starts) = cancelled_at("AfterStart").await;
    assert_eq!(starts, 1);
    assert!(was_cancelled(&fleet));
}

#[tokio::test]
async fn a_start_whose_answer_is_late_is_cancelled_at_the_server() {
    let fleet = Fleet::of_one(server(10_000)).await;
    let late = Fault::delay(Duration::from_secs(2))
        .on(Request::Start)
        .of(VERIFY.0);
    let late = fleet.servers[0].inject(late).unwrap();
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    fleet.submit(&fleet.batch(vec![call.clone()])).await;
    eventually("the start is delayed", async || late.applied() == 1).await;
    let shown = run(&fleet, &["cancel", WINDOW], DONE).await;
    assert!(shown.contains("cancelled at the server"), "{shown}");
    assert!(was_cancelled(&fleet));
    assert_eq!(starts(&fleet), 1);
}

#[tokio::test]
async fn a_running_call_is_cancelled_at_the_server() {
    let fleet = Fleet::of_one(server(10_000)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    fleet.submit(&fleet.batch(vec![call.clone()])).await;
    fleet.phase(&call, Phase::Running).await;
    let shown = run(&fleet, &["cancel", "--call", &call.key], DONE).await;
    assert!(shown.contains("cancelled at the server"), "{shown}");
    assert!(was_cancelled(&fleet));
    let again = run(&fleet, &["cancel", "--call", &call.key], DONE).await;
    assert!(again.contains("had ended before"), "{again}");
    let again = run(&fleet, &["cancel", WINDOW], DONE).await;
    assert!(again.contains("had ended before"), "{again}");
}

/// Submits a call to a server that refuses connections, and waits until the call waits for its next try.
async fn pausing(fleet: &Fleet, away: Duration) -> (Call, mailstore_fleet::api::Sent) {
    fleet.servers[0].restart(away);
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    let sent = fleet.submit(&fleet.batch(vec![call.clone()])).await;
    let pauses = async || {
        let status = fleet.status(&call).await;
        status.is_some_and(|status| status.phase == Phase::Waiting && status.reason.is_some())
    };
    eventually("the call waits for its next try", pauses).await;
    (call, sent)
}

#[tokio::test]
async fn a_call_is_cancelled_in_a_pause_between_two_tries() {
    let fleet = Fleet::of_one(server(10_000)).await;
    let (call, sent) = pausing(&fleet, Duration::from_secs(120)).await;
    let shown = run(&fleet, &["cancel", "--call", &call.key], DONE).await;
    assert!(shown.contains("cancelled before it was started"), "{shown}");
    assert_eq!(only(&fleet.results(&sent).await), Outcome::Cancelled);
    assert_eq!(starts(&fleet), 0);
}

#[tokio::test]
async fn a_call_that_found_no_server_is_sent_again_and_started_once() {
    let fleet = Fleet::of_one(server(5)).await;
    let (_, sent) = pausing(&fleet, Duration::from_secs(8)).await;
    assert_eq!(starts(&fleet), 0);
    assert_eq!(only(&fleet.results(&sent).await), Outcome::Succeeded);
    assert_eq!(starts(&fleet), 1);
}

#[tokio::test]
async fn an_unknown_call_is_not_cancelled_and_needs_a_decision() {
    let mut fleet = Fleet::of_one(server(5)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    fleet.hold("AfterStart");
    fleet.submit(&fleet.batch(vec![call.clone()])).await;
    make_unknown(&mut fleet, &call, "AfterStart").await;
    for words in [["cancel", WINDOW].as_slice(), &["cancel", "--call", &call.key]] {
        let shown = run(&fleet, words, UNKNOWN).await;
        assert!(shown.contains("mailstore-fleet decide"), "{shown}");
    }
    fleet.phase(&call, Phase::Unknown).await;
    run(&fleet, &["decide", &call.key, "give-up"], DONE).await;
    assert_eq!(fleet.ended(&call).await.outcome, Outcome::GivenUp);
    assert_eq!(starts(&fleet), 1);
}

#[tokio::test]
async fn a_call_that_was_sent_again_after_the_end_of_its_job_is_cancelled_with_the_window() {
    let mut fleet = Fleet::of_one(server(10_000)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    fleet.hold("AfterClaim");
    let sent = fleet.submit(&fleet.batch(vec![call.clone()])).await;
    make_unknown(&mut fleet, &call, "AfterClaim").await;
    fleet.results(&sent).await;
    run(&fleet, &["decide", &call.key, "retry", "--yes"], DONE).await;
    fleet.phase(&call, Phase::Running).await;
    let shown = run(&fleet, &["cancel", WINDOW], DONE).await;
    assert!(shown.contains("cancelled at the server"), "{shown}");
    assert!(was_cancelled(&fleet));
}

#[tokio::test]
async fn what_the_engine_does_not_know_is_wrong_usage() {
    let fleet = Fleet::of_one(server(5)).await;
    fleet
        .submit(&fleet.batch(vec![fleet.call(0, VERIFY.0, VERIFY.1)]))
        .await;
    let shown = run(&fleet, &["cancel", "2026-11-27/tset"], USAGE).await;
    assert!(shown.contains("Did you mean `2026-11-27/test`?"), "{shown}");
    for key in ["nothing", "2026-11-27/test:s0::VerifyStore:0000000000000000"] {
        let shown = run(&fleet, &["cancel", "--call", key], USAGE).await;
        assert!(shown.contains("the engine knows no call"), "{shown}");
    }
}

#[tokio::test]
async fn a_cancellation_without_a_worker_is_carried_out_when_a_worker_is_back() {
    #[derive(Deserialize)]
    struct Row {
        #[serde(rename = "id")]
        _id: String,
    }
    let mut fleet = Fleet::of_one(server(10_000)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    let sent = fleet.submit(&fleet.batch(vec![call.clone()])).await;
    fleet.phase(&call, Phase::Running).await;
    fleet.kill_worker().await;
    let shown = run(&fleet, &["cancel", "--call", &call.key], FAILED).await;
    assert!(shown.contains("no worker answers"), "{shown}");
    // Requests to a worker that is away would pile up in the engine.
    let sql = "SELECT id FROM sys_invocation WHERE target_handler_name = 'cancel_at_server'";
    let piled: Vec<Row> = fleet.engine.query(sql).await.unwrap();
    assert!(piled.is_empty());
    fleet.start_worker().await;
    assert_eq!(only(&fleet.results(&sent).await), Outcome::Cancelled);
    assert!(was_cancelled(&fleet));
}
