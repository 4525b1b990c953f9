//! What a job does after a failure, and when its calls may start.

use jiff::{SignedDuration, Timestamp, ToSpan as _};
use mailstore_fleet::call::{Batch, Call, OnFailure, StartSpan};
use mailstore_fleet::outcome::Results;
use mailstore_fleet::outcome::{Outcome, Phase, Settled};

use crate::commands::{VERIFY, second};
use crate::support::{Fleet, only, server};

fn outcome(results: &Results, call: &Call) -> Outcome {
    match &results[&call.key] {
        Settled::Ended(ended) => ended.outcome,
        Settled::Unknown { reason } => panic!("unknown: {reason}"),
    }
}

/// Runs a job whose first call fails. Another one is in the same wave, and one is in the next wave. Returns how they
/// ended, and how often the server started the last two.
async fn after_a_failure(on_failure: OnFailure) -> ([Outcome; 3], usize) {
    let fleet = Fleet::of_one(server(2)).await;
    let missing = fleet.call(0, VERIFY.0, &[("id", "999"), ("includeIndexes", "true")]);
    let same_wave = fleet.call(0, VERIFY.0, VERIFY.1);
    let mut next_wave = second(&fleet);
    next_wave.wave = 1;
    let calls = [missing, same_wave, next_wave];
    let mut batch = fleet.batch(calls.to_vec());
    batch.limits.overall = 1;
    batch.on_failure = on_failure;
    let results = fleet.results(&fleet.submit(&batch).await).await;
    let outcomes = calls.each_ref().map(|call| outcome(&results, call));
    (outcomes, fleet.servers[0].tasks().len())
}

#[tokio::test]
async fn stop_starts_no_further_call() {
    use Outcome::{Failed, Skipped};
    assert_eq!(
        after_a_failure(OnFailure::Stop).await,
        ([Failed, Skipped, Skipped], 0)
    );
}

#[tokio::test]
async fn finish_wave_starts_the_other_calls_of_the_wave_only() {
    use Outcome::{Failed, Skipped, Succeeded};
    let ended = after_a_failure(OnFailure::FinishWave).await;
    assert_eq!(ended, ([Failed, Succeeded, Skipped], 1));
}

#[tokio::test]
async fn continue_starts_all_calls() {
    use Outcome::{Failed, Succeeded};
    let ended = after_a_failure(OnFailure::Continue).await;
    assert_eq!(ended, ([Failed, Succeeded, Succeeded], 2));
}

/// Returns a job with this call that may start from and until these seconds from now.
fn within(fleet: &Fleet, calls: Vec<Call>, opens: i64, closes: i64) -> Batch {
    let now = Timestamp::now();
    let mut batch = fleet.batch(calls);
    batch.starts = Some(StartSpan {
        opens: now + SignedDuration::from_secs(opens),
        closes: now + SignedDuration::from_secs(closes),
    });
    batch
}

#[tokio::test]
async fn calls_wait_until_their_window_opens() {
    let fleet = Fleet::of_one(server(2)).await;
    let batch = within(&fleet, vec![fleet.call(0, VERIFY.0, VERIFY.1)], 3, 3600);
    let opens = batch.starts.unwrap().opens;
    let sent = fleet.submit(&batch).await;
    let mut starts_before = 0;
    while Timestamp::now() < opens - 500.milliseconds() {
        starts_before += fleet.servers[0].starts(VERIFY.0);
        tokio::task::yield_now().await;
    }
    assert_eq!(only(&fleet.results(&sent).await), Outcome::Succeeded);
    assert!(Timestamp::now() >= opens);
    assert_eq!(starts_before, 0);
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 1);
}

#[tokio::test]
async fn calls_are_skipped_after_their_window_has_closed() {
    let fleet = Fleet::of_one(server(2)).await;
    let batch = within(&fleet, vec![fleet.call(0, VERIFY.0, VERIFY.1)], -7200, -3600);
    let sent = fleet.submit(&batch).await;
    assert_eq!(only(&fleet.results(&sent).await), Outcome::Skipped);
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 0);
}

#[tokio::test]
async fn a_call_that_runs_when_the_window_closes_is_followed_and_the_next_one_is_skipped() {
    let fleet = Fleet::of_one(server(10_000)).await;
    let (first, other) = (fleet.call(0, VERIFY.0, VERIFY.1), second(&fleet));
    let mut batch = within(&fleet, vec![first.clone(), other.clone()], -3600, 10);
    batch.limits.overall = 1;
    let closes = batch.starts.unwrap().closes;
    let sent = fleet.submit(&batch).await;
    fleet.phase(&first, Phase::Running).await;
    while Timestamp::now() < closes {
        let status = fleet.status(&first).await.unwrap();
        assert_eq!(status.phase, Phase::Running);
    }
    fleet.cancel_now(&first).await;
    let results = fleet.results(&sent).await;
    assert_eq!(outcome(&results, &first), Outcome::Cancelled);
    assert_eq!(outcome(&results, &other), Outcome::Skipped);
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 1);
}
