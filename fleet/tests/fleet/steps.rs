//! The order of the steps of a call and of a job, and the shape of what they write to the journal.
//!
//! A worker continues a journal only if it makes the same steps in the same order, and can read their results. If one of
//! these snapshots changes, the new version may not continue the calls of the version before. The changelog must then
//! say so: the old worker has to run until its calls have ended, as `docs/new-versions.md` describes.

use mailstore_fleet::call::{Call, CallEffect};
use mailstore_fleet::outcome::{Decision, Outcome, Phase, Settled};
use mailstore_sim::{Fault, Phase as Request};

use crate::commands::{VERIFY, cancelled_at, make_unknown, second};
use crate::recorded::steps;
use crate::support::{Fleet, eventually, only, server};

/// Compares the steps of a handler of a call with those that are recorded.
async fn check(fleet: &Fleet, handler: &str, name: &str) {
    insta::assert_snapshot!(name, steps(fleet, "MailCall", handler).await);
}

#[tokio::test]
async fn a_job_of_two_waves_has_the_recorded_steps() {
    let fleet = Fleet::of_one(server(5)).await;
    let mut later = second(&fleet);
    later.wave = 1;
    let batch = fleet.batch(vec![fleet.call(0, VERIFY.0, VERIFY.1), later]);
    let results = fleet.results(&fleet.submit(&batch).await).await;
    assert!(results.values().all(Settled::is_success), "{results:?}");
    insta::assert_snapshot!("job", steps(&fleet, "FleetRun", "run").await);
}

/// Runs a job with one call, and returns how it ended.
async fn run(fleet: &Fleet, call: Call) -> Outcome {
    only(&fleet.results(&fleet.submit(&fleet.batch(vec![call])).await).await)
}

#[tokio::test]
async fn a_call_that_succeeds_has_the_recorded_steps() {
    let fleet = Fleet::of_one(server(5)).await;
    assert_eq!(
        run(&fleet, fleet.call(0, VERIFY.0, VERIFY.1)).await,
        Outcome::Succeeded
    );
    check(&fleet, "run", "succeeded").await;
    check(&fleet, "settled", "settled").await;
}

#[tokio::test]
async fn a_call_that_only_reads_has_the_recorded_steps() {
    let fleet = Fleet::of_one(server(5)).await;
    let read = fleet.call_with(0, "GetServerInfo", &[], CallEffect::Read);
    assert_eq!(run(&fleet, read).await, Outcome::Succeeded);
    check(&fleet, "run", "read").await;
}

#[tokio::test]
async fn a_call_that_is_rejected_has_the_recorded_steps() {
    let fleet = Fleet::of_one(server(5)).await;
    let rejected = Fault::status(403).on(Request::Start).of(VERIFY.0);
    fleet.servers[0].inject(rejected).unwrap();
    assert_eq!(
        run(&fleet, fleet.call(0, VERIFY.0, VERIFY.1)).await,
        Outcome::Failed
    );
    check(&fleet, "run", "rejected").await;
}

#[tokio::test]
async fn a_call_that_is_sent_again_because_nothing_was_sent_has_the_recorded_steps() {
    let fleet = Fleet::with_password_command(server(5), &["false"]).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    let sent = fleet.submit(&fleet.batch(vec![call.clone()])).await;
    let waits = async || {
        let status = fleet.status(&call).await;
        status.is_some_and(|status| status.phase == Phase::Waiting && status.reason.is_some())
    };
    eventually("the call waits for its password", waits).await;
    fleet.cancel(&call).await;
    assert_eq!(only(&fleet.results(&sent).await), Outcome::Cancelled);
    check(&fleet, "run", "not_sent").await;
}

#[tokio::test]
async fn a_call_that_is_cancelled_has_the_recorded_steps() {
    let fleet = Fleet::of_one(server(10_000)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    assert_eq!(
        cancelled_at(&fleet, &call, "AfterStart").await,
        Outcome::Cancelled
    );
    check(&fleet, "run", "cancelled").await;
}

#[tokio::test]
async fn a_call_that_a_person_sends_again_has_the_recorded_steps() {
    let mut fleet = Fleet::of_one(server(5)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    fleet.hold("AfterStart");
    fleet.submit(&fleet.batch(vec![call.clone()])).await;
    make_unknown(&mut fleet, &call, "AfterStart").await;
    fleet.decide(&call, Decision::Retry).await;
    assert_eq!(fleet.ended(&call).await.outcome, Outcome::Succeeded);
    check(&fleet, "run", "sent_again").await;
    check(&fleet, "decide", "decide").await;
}
