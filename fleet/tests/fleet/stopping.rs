//! A worker that is stopped by a service manager, while calls are started and followed.

use mailstore_fleet::outcome::{Decision, Outcome, Phase};

use crate::commands::{VERIFY, second};
use crate::support::{Fleet, eventually, only, server};

/// Tells the worker to stop while a start is under way, and waits until it says that it waits for the start.
async fn stop(fleet: &Fleet) {
    fleet.signal_worker();
    let says_so = async || fleet.worker_errors().contains("under way (1)");
    eventually("the worker waits for the start", says_so).await;
}

#[tokio::test]
async fn a_worker_that_is_stopped_waits_until_a_start_is_in_the_journal() {
    let mut fleet = Fleet::of_one(server(20)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    fleet.hold("AfterStart");
    let sent = fleet.submit(&fleet.batch(vec![call])).await;
    fleet.reached("AfterStart").await;
    stop(&fleet).await;
    fleet.resume("AfterStart");
    fleet.worker_ended().await;
    fleet.start_worker().await;
    assert_eq!(only(&fleet.results(&sent).await), Outcome::Succeeded);
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 1);
}

#[tokio::test]
async fn a_call_that_is_cancelled_while_its_worker_is_stopped_is_cancelled_at_the_server() {
    let mut fleet = Fleet::of_one(server(10_000)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    fleet.hold("AfterStart");
    let sent = fleet.submit(&fleet.batch(vec![call.clone()])).await;
    fleet.reached("AfterStart").await;
    stop(&fleet).await;
    fleet.cancel(&call).await;
    fleet.resume("AfterStart");
    fleet.worker_ended().await;
    fleet.start_worker().await;
    assert_eq!(only(&fleet.results(&sent).await), Outcome::Cancelled);
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 1);
}

#[tokio::test]
async fn a_worker_that_is_stopped_leaves_further_starts_to_the_next_worker() {
    let mut fleet = Fleet::of_one(server(20)).await;
    let first = fleet.call(0, VERIFY.0, VERIFY.1);
    let mut other = fleet.batch(vec![second(&fleet)]);
    other.window = "2026-11-27/other".to_owned();
    fleet.hold("AfterStart");
    let one = fleet.submit(&fleet.batch(vec![first])).await;
    fleet.reached("AfterStart").await;
    fleet.hold("BeforeClaim");
    let two = fleet.submit(&other).await;
    fleet.reached("BeforeClaim").await;
    stop(&fleet).await;
    fleet.hold("HeldBack");
    fleet.resume("BeforeClaim");
    fleet.reached("HeldBack").await;
    fleet.resume("AfterStart");
    fleet.worker_ended().await;
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 1);
    fleet.start_worker().await;
    for sent in [one, two] {
        assert_eq!(only(&fleet.results(&sent).await), Outcome::Succeeded);
    }
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 2);
}

#[tokio::test]
async fn a_second_signal_ends_a_worker_while_a_start_is_under_way() {
    let mut fleet = Fleet::of_one(server(5)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    fleet.hold("AfterStart");
    fleet.submit(&fleet.batch(vec![call.clone()])).await;
    fleet.reached("AfterStart").await;
    stop(&fleet).await;
    fleet.signal_worker();
    fleet.worker_ended().await;
    let said = fleet.worker_errors();
    assert!(said.contains("whose outcome is unknown: 1"), "{said}");
    fleet.resume("AfterStart");
    fleet.start_worker().await;
    fleet.decide(&call, Decision::Done).await;
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 1);
}

#[tokio::test]
async fn a_worker_that_only_follows_calls_ends_at_once_and_the_next_one_follows_them() {
    let mut fleet = Fleet::of_one(server(100)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    let sent = fleet.submit(&fleet.batch(vec![call.clone()])).await;
    fleet.phase(&call, Phase::Running).await;
    fleet.signal_worker();
    fleet.worker_ended().await;
    assert_eq!(fleet.worker_errors(), "");
    fleet.start_worker().await;
    assert_eq!(only(&fleet.results(&sent).await), Outcome::Succeeded);
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 1);
}
