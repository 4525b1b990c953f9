//! Calls that are cancelled at each step, also while a part of the fleet is killed.

use std::time::Duration;

use mailstore_fleet::api::Sent;
use mailstore_fleet::call::{Call, CallEffect};
use mailstore_fleet::outcome::{Decision, Outcome, Phase};
use mailstore_sim::{Fault, Phase as Request};

use crate::commands::{VERIFY, cancelled_at, was_cancelled};
use crate::support::{Fleet, eventually, only, server};

#[tokio::test]
async fn a_call_that_is_cancelled_before_its_claim_is_not_started() {
    let fleet = Fleet::of_one(server(10_000)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    assert_eq!(
        cancelled_at(&fleet, &call, "BeforeClaim").await,
        Outcome::Cancelled
    );
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 0);
}

#[tokio::test]
async fn a_call_that_is_cancelled_while_it_starts_is_cancelled_at_the_server() {
    let fleet = Fleet::of_one(server(10_000)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    assert_eq!(
        cancelled_at(&fleet, &call, "AfterStart").await,
        Outcome::Cancelled
    );
    assert!(was_cancelled(&fleet));
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 1);
}

#[tokio::test]
async fn a_running_call_is_cancelled_at_the_server() {
    let fleet = Fleet::of_one(server(10_000)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    let sent = fleet.submit(&fleet.batch(vec![call.clone()])).await;
    fleet.phase(&call, Phase::Running).await;
    fleet.cancel_now(&call).await;
    assert_eq!(only(&fleet.results(&sent).await), Outcome::Cancelled);
    assert!(was_cancelled(&fleet));
}

#[tokio::test]
async fn a_cancelled_job_cancels_its_calls_and_starts_no_other() {
    let fleet = Fleet::of_one(server(10_000)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    let other = fleet.call(0, VERIFY.0, &[("id", "2"), ("includeIndexes", "false")]);
    let mut batch = fleet.batch(vec![call.clone(), other.clone()]);
    batch.limits.overall = 1;
    let sent = fleet.submit(&batch).await;
    fleet.phase(&call, Phase::Running).await;
    fleet.engine.cancel(&sent.invocation_id).await.unwrap();
    let results = fleet.results(&sent).await;
    let outcome = |key: &str| results[key].clone();
    assert!(
        format!("{:?}", outcome(&call.key)).contains("Cancelled"),
        "{results:?}"
    );
    assert!(
        format!("{:?}", outcome(&other.key)).contains("Skipped"),
        "{results:?}"
    );
    assert!(was_cancelled(&fleet));
}

#[tokio::test]
async fn a_call_that_waits_for_its_place_is_cancelled_and_not_started() {
    let fleet = Fleet::of_one(server(10_000)).await;
    let first = fleet.call(0, VERIFY.0, VERIFY.1);
    let second = fleet.call(0, VERIFY.0, &[("id", "2"), ("includeIndexes", "false")]);
    let mut batch = fleet.batch(vec![first.clone()]);
    batch.limits.per_server = 1;
    fleet.submit(&batch).await;
    fleet.phase(&first, Phase::Running).await;
    let mut other = fleet.batch(vec![second.clone()]);
    other.window = "2026-11-27/other".to_owned();
    other.limits.per_server = 1;
    let sent = fleet.submit(&other).await;
    fleet.phase(&second, Phase::Waiting).await;
    fleet.cancel(&second).await;
    assert_eq!(only(&fleet.results(&sent).await), Outcome::Cancelled);
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 1);
}

#[tokio::test]
async fn an_unknown_call_waits_for_its_decision_although_it_is_cancelled() {
    let mut fleet = Fleet::of_one(server(5)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    fleet.hold("AfterStart");
    fleet.submit(&fleet.batch(vec![call.clone()])).await;
    fleet.reached("AfterStart").await;
    fleet.kill_worker().await;
    fleet.resume("AfterStart");
    fleet.start_worker().await;
    fleet.phase(&call, Phase::Unknown).await;
    fleet.cancel(&call).await;
    fleet.decide(&call, Decision::GiveUp).await;
    assert_eq!(fleet.ended(&call).await.outcome, Outcome::GivenUp);
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 1);
}

/// Kills a part of the fleet while it cancels a running call, and checks that the server is asked all the same.
async fn kill_while_cancelling(point: &str, worker: bool, engine: bool) {
    let mut fleet = Fleet::of_one(server(10_000)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    fleet.hold("AfterStart");
    let sent = fleet.submit(&fleet.batch(vec![call.clone()])).await;
    fleet.reached("AfterStart").await;
    fleet.hold(point);
    fleet.cancel(&call).await;
    fleet.resume("AfterStart");
    fleet.reached(point).await;
    if engine {
        fleet.kill_engine().await;
    }
    if worker {
        fleet.kill_worker().await;
    }
    fleet.resume(point);
    if engine {
        fleet.start_engine().await;
    }
    if worker {
        fleet.start_worker().await;
    }
    assert_eq!(only(&fleet.results(&sent).await), Outcome::Cancelled);
    assert!(was_cancelled(&fleet));
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 1);
}

#[tokio::test]
async fn a_worker_killed_before_it_asks_the_server_to_cancel_asks_later() {
    kill_while_cancelling("BeforeCancel", true, false).await;
}

#[tokio::test]
async fn a_worker_killed_after_it_asked_the_server_to_cancel_ends_the_call() {
    kill_while_cancelling("AfterCancel", true, false).await;
}

#[tokio::test]
async fn an_engine_killed_while_a_call_is_cancelled_ends_the_call() {
    kill_while_cancelling("AfterCancel", false, true).await;
}

#[tokio::test]
async fn both_killed_before_the_server_is_asked_to_cancel_ask_later() {
    kill_while_cancelling("BeforeCancel", true, true).await;
}

#[tokio::test]
async fn a_start_with_a_late_answer_is_cancelled_at_the_server() {
    let fleet = Fleet::of_one(server(10_000)).await;
    let late = Fault::delay(Duration::from_secs(2))
        .on(Request::Start)
        .of(VERIFY.0);
    let late = fleet.servers[0].inject(late).unwrap();
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    let sent = fleet.submit(&fleet.batch(vec![call.clone()])).await;
    eventually("the start is delayed", async || late.applied() == 1).await;
    fleet.cancel(&call).await;
    assert_eq!(only(&fleet.results(&sent).await), Outcome::Cancelled);
    assert!(was_cancelled(&fleet));
}

#[tokio::test]
async fn a_cancelled_call_whose_server_does_not_answer_waits_for_a_decision() {
    let fleet = Fleet::of_one(server(10_000)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    fleet.submit(&fleet.batch(vec![call.clone()])).await;
    fleet.phase(&call, Phase::Running).await;
    fleet.hold("hurry");
    for request in [Request::Poll, Request::Cancel] {
        fleet.servers[0].inject(Fault::html().on(request)).unwrap();
    }
    fleet.cancel_now(&call).await;
    fleet.decide(&call, Decision::GiveUp).await;
    assert_eq!(fleet.ended(&call).await.outcome, Outcome::GivenUp);
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 1);
}

/// Checks that a call of a function that only reads, in the eyes of the fleet, was cancelled while it ran.
async fn assert_is_cancelled_read(fleet: &Fleet, call: &Call, sent: &Sent) {
    assert_eq!(only(&fleet.results(sent).await), Outcome::Cancelled);
    let reason = fleet.ended(call).await.reason.unwrap();
    assert!(reason.contains("was cancelled, and it only reads"), "{reason}");
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 1);
}

#[tokio::test]
async fn a_cancelled_read_whose_server_does_not_answer_ends_without_a_decision() {
    let fleet = Fleet::of_one(server(10_000)).await;
    let call = fleet.call_with(0, VERIFY.0, VERIFY.1, CallEffect::Read);
    let sent = fleet.submit(&fleet.batch(vec![call.clone()])).await;
    fleet.phase(&call, Phase::Running).await;
    fleet.hold("hurry");
    for request in [Request::Poll, Request::Cancel] {
        fleet.servers[0].inject(Fault::html().on(request)).unwrap();
    }
    fleet.cancel_now(&call).await;
    assert_is_cancelled_read(&fleet, &call, &sent).await;
}

#[tokio::test]
async fn a_read_whose_token_is_forgotten_while_it_is_cancelled_ends_without_a_decision() {
    let fleet = Fleet::of_one(server(10_000)).await;
    let call = fleet.call_with(0, VERIFY.0, VERIFY.1, CallEffect::Read);
    let sent = fleet.submit(&fleet.batch(vec![call.clone()])).await;
    fleet.phase(&call, Phase::Running).await;
    fleet.hold("BeforeCancel");
    fleet.cancel(&call).await;
    fleet.reached("BeforeCancel").await;
    fleet.servers[0]
        .inject(Fault::forget().on(Request::Cancel))
        .unwrap();
    fleet.resume("BeforeCancel");
    assert_is_cancelled_read(&fleet, &call, &sent).await;
}
