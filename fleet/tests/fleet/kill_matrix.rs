//! Workers and engines are killed at every step of a call. The server counts how often the call was started.

use std::time::Duration;

use mailstore_fleet::call::CallEffect;
use mailstore_fleet::outcome::{Decision, Outcome, Phase};
use mailstore_sim::{Fault, Phase as Request};

use crate::commands::VERIFY;
use crate::support::{Fleet, eventually, only, server};

/// The parts of a fleet that are killed together.
#[derive(Clone, Copy, Debug)]
enum Victim {
    Worker,
    Engine,
    Both,
}

/// Kills a part of the fleet, lets the call at `point` continue if its worker lives, and starts the part again.
async fn kill(fleet: &mut Fleet, victim: Victim, point: &str) {
    if matches!(victim, Victim::Engine | Victim::Both) {
        fleet.kill_engine().await;
    }
    if matches!(victim, Victim::Worker | Victim::Both) {
        fleet.kill_worker().await;
    }
    fleet.resume(point);
    if matches!(victim, Victim::Engine | Victim::Both) {
        fleet.start_engine().await;
    }
    if matches!(victim, Victim::Worker | Victim::Both) {
        fleet.start_worker().await;
    }
}

/// What must be known about the call after the kill.
enum Then {
    /// It ends by itself.
    Succeeds,
    /// A person decides.
    Unknown,
}

/// Kills a part of the fleet while the only call of a job is at `point`, and returns how often the server started it.
async fn starts_after(victim: Victim, point: &str, then: Then) -> usize {
    let mut fleet = Fleet::of_one(server(20)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    let batch = fleet.batch(vec![call.clone()]);
    fleet.hold(point);
    let sent = fleet.submit(&batch).await;
    fleet.reached(point).await;
    kill(&mut fleet, victim, point).await;
    match then {
        Then::Succeeds => assert_eq!(only(&fleet.results(&sent).await), Outcome::Succeeded),
        Then::Unknown => {
            fleet.phase(&call, Phase::Unknown).await;
            fleet.decide(&call, Decision::Done).await;
            assert_eq!(fleet.ended(&call).await.outcome, Outcome::DeclaredDone);
        }
    }
    fleet.servers[0].starts(VERIFY.0)
}

macro_rules! kills {
    ($($name:ident: $victim:ident at $point:literal, $then:ident, $starts:literal;)*) => {$(
        #[tokio::test]
        async fn $name() {
            assert_eq!(starts_after(Victim::$victim, $point, Then::$then).await, $starts);
        }
    )*};
}

kills! {
    a_worker_killed_before_the_claim_starts_the_call_once: Worker at "BeforeClaim", Succeeds, 1;
    an_engine_killed_before_the_claim_starts_the_call_once: Engine at "BeforeClaim", Succeeds, 1;
    both_killed_before_the_claim_start_the_call_once: Both at "BeforeClaim", Succeeds, 1;
    a_worker_killed_after_the_claim_leaves_an_unknown_call: Worker at "AfterClaim", Unknown, 0;
    both_killed_after_the_claim_leave_an_unknown_call: Both at "AfterClaim", Unknown, 0;
    a_worker_killed_after_the_start_leaves_an_unknown_call: Worker at "AfterStart", Unknown, 1;
    an_engine_killed_after_the_start_leaves_an_unknown_call: Engine at "AfterStart", Unknown, 1;
    both_killed_after_the_start_leave_an_unknown_call: Both at "AfterStart", Unknown, 1;
    a_worker_killed_while_it_follows_resumes_the_call: Worker at "Following", Succeeds, 1;
    an_engine_killed_while_a_call_runs_resumes_the_call: Engine at "Following", Succeeds, 1;
    both_killed_while_a_call_runs_resume_the_call: Both at "Following", Succeeds, 1;
}

#[tokio::test]
async fn an_engine_killed_after_the_claim_never_starts_the_call_twice() {
    let mut fleet = Fleet::of_one(server(20)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    fleet.hold("AfterClaim");
    fleet.submit(&fleet.batch(vec![call.clone()])).await;
    fleet.reached("AfterClaim").await;
    // The old attempt lives on in the worker and may still send the call. The new one must not.
    kill(&mut fleet, Victim::Engine, "AfterClaim").await;
    fleet.phase(&call, Phase::Unknown).await;
    assert!(fleet.servers[0].starts(VERIFY.0) <= 1);
}

#[tokio::test]
async fn a_handler_without_a_claim_starts_the_call_twice() {
    let mut fleet = Fleet::of_one(server(20)).await;
    fleet.ignore_claims();
    let batch = fleet.batch(vec![fleet.call(0, VERIFY.0, VERIFY.1)]);
    fleet.hold("AfterStart");
    let sent = fleet.submit(&batch).await;
    fleet.reached("AfterStart").await;
    kill(&mut fleet, Victim::Worker, "AfterStart").await;
    fleet.results(&sent).await;
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 2);
}

#[tokio::test]
async fn an_attempt_that_outlives_its_engine_starts_the_call_once() {
    let mut fleet = Fleet::of_one(server(5)).await;
    let delayed = Fault::delay(Duration::from_secs(4))
        .on(Request::Start)
        .of(VERIFY.0);
    let delayed = fleet.servers[0].inject(delayed).unwrap();
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    fleet.submit(&fleet.batch(vec![call.clone()])).await;
    eventually("the start is delayed", async || delayed.applied() == 1).await;
    fleet.kill_engine().await;
    fleet.start_engine().await;
    fleet.phase(&call, Phase::Unknown).await;
    let ended = async || fleet.servers[0].tasks().iter().any(|task| task.polls == 0);
    eventually("the old attempt got its answer", ended).await;
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 1);
}

#[tokio::test]
async fn a_call_that_was_sent_again_by_a_person_is_started_once_more() {
    let mut fleet = Fleet::of_one(server(5)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    fleet.hold("AfterClaim");
    fleet.submit(&fleet.batch(vec![call.clone()])).await;
    fleet.reached("AfterClaim").await;
    kill(&mut fleet, Victim::Worker, "AfterClaim").await;
    fleet.decide(&call, Decision::Retry).await;
    assert_eq!(fleet.ended(&call).await.outcome, Outcome::Succeeded);
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 1);
}

#[tokio::test]
async fn a_call_that_a_person_gives_up_is_not_started_again() {
    let mut fleet = Fleet::of_one(server(5)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    fleet.hold("AfterStart");
    let sent = fleet.submit(&fleet.batch(vec![call.clone()])).await;
    fleet.reached("AfterStart").await;
    kill(&mut fleet, Victim::Worker, "AfterStart").await;
    // The job does not wait for the decision.
    let results = fleet.results(&sent).await;
    assert!(
        results.values().all(|settled| !settled.is_success()),
        "{results:?}"
    );
    fleet.decide(&call, Decision::GiveUp).await;
    assert_eq!(fleet.ended(&call).await.outcome, Outcome::GivenUp);
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 1);
}

/// Breaks the start of a read. Returns how often the server was asked to start it.
async fn starts_of_a_broken_read(fleet: &Fleet, fault: Fault) -> usize {
    let read = fleet.call_with(0, VERIFY.0, VERIFY.1, CallEffect::Read);
    let broken = fault.on(Request::Start).of(VERIFY.0).nth(1);
    fleet.servers[0].inject(broken).unwrap();
    let sent = fleet.submit(&fleet.batch(vec![read])).await;
    assert_eq!(only(&fleet.results(&sent).await), Outcome::Succeeded);
    fleet.servers[0].starts(VERIFY.0)
}

#[tokio::test]
async fn a_read_whose_answer_is_lost_is_sent_again_without_a_decision() {
    let fleet = Fleet::of_one(server(5)).await;
    assert_eq!(starts_of_a_broken_read(&fleet, Fault::close()).await, 2);
}

#[tokio::test]
async fn a_read_whose_worker_is_killed_after_its_start_is_sent_again_without_a_decision() {
    let mut fleet = Fleet::of_one(server(5)).await;
    let read = fleet.call_with(0, VERIFY.0, VERIFY.1, CallEffect::Read);
    fleet.hold("AfterStart");
    let sent = fleet.submit(&fleet.batch(vec![read])).await;
    fleet.reached("AfterStart").await;
    kill(&mut fleet, Victim::Worker, "AfterStart").await;
    assert_eq!(only(&fleet.results(&sent).await), Outcome::Succeeded);
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 2);
}
