//! The command `decide`: each unknown call is ended by each word, and each try needs its own decision.

use mailstore_fleet::call::Call;
use mailstore_fleet::outcome::{Decision, Outcome, Phase};

use crate::commands::{DONE, FAILED, UNKNOWN, USAGE, VERIFY, make_unknown, run};
use crate::support::{Fleet, eventually, server};

/// Returns a fleet with a call whose worker was killed at a point of its start.
async fn unknown(point: &str) -> (Fleet, Call) {
    let mut fleet = Fleet::of_one(server(5)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    fleet.hold(point);
    fleet.submit(&fleet.batch(vec![call.clone()])).await;
    make_unknown(&mut fleet, &call, point).await;
    (fleet, call)
}

/// Decides about an unknown call. Returns how it ended, and how often the server started it.
async fn decided(point: &str, words: &[&str]) -> (Outcome, usize) {
    let (fleet, call) = unknown(point).await;
    let words = [&["decide", call.key.as_str()], words].concat();
    run(&fleet, &words, DONE).await;
    let ended = fleet.ended(&call).await;
    (ended.outcome, fleet.servers[0].starts(VERIFY.0))
}

macro_rules! decisions {
    ($($name:ident: $point:literal, $words:expr => $outcome:ident, $starts:literal;)*) => {$(
        #[tokio::test]
        async fn $name() {
            assert_eq!(decided($point, &$words).await, (Outcome::$outcome, $starts));
        }
    )*};
}

decisions! {
    done_ends_a_call_that_did_not_arrive: "AfterClaim", ["done"] => DeclaredDone, 0;
    done_ends_a_call_that_arrived: "AfterStart", ["done"] => DeclaredDone, 1;
    give_up_ends_a_call_that_did_not_arrive: "AfterClaim", ["give-up"] => GivenUp, 0;
    give_up_ends_a_call_that_arrived: "AfterStart", ["give-up"] => GivenUp, 1;
    retry_starts_a_call_that_did_not_arrive: "AfterClaim", ["retry", "--yes"] => Succeeded, 1;
    retry_starts_a_call_that_arrived_a_second_time: "AfterStart", ["retry", "--yes"] => Succeeded, 2;
}

#[tokio::test]
async fn a_call_is_explained_and_retry_is_confirmed() {
    let (fleet, call) = unknown("AfterStart").await;
    let shown = run(&fleet, &["decide", &call.key], UNKNOWN).await;
    let server = fleet.servers[0].url();
    for part in [
        "s0",
        server,
        "VerifyStore",
        "id=1 includeIndexes=false",
        "Sent       20",
        "mailstore call --profile s0 GetStores",
        "mailstore describe VerifyStore",
        "started a second time",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let listed = run(&fleet, &["decide", "--window", &call.window], UNKNOWN).await;
    assert!(listed.contains(&call.key), "{listed}");
    let refused = run(&fleet, &["decide", &call.key, "retry"], USAGE).await;
    assert!(refused.contains("a second time"), "{refused}");
    fleet.phase(&call, Phase::Unknown).await;
    run(&fleet, &["decide", &call.key, "done"], DONE).await;
    let listed = run(&fleet, &["decide", "--window", &call.window], DONE).await;
    assert!(listed.contains("No call"), "{listed}");
    let late = run(&fleet, &["decide", &call.key, "retry", "--yes"], FAILED).await;
    assert!(late.contains("has ended: declared done"), "{late}");
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 1);
}

#[tokio::test]
async fn two_people_who_decide_at_once_start_a_call_once_more_at_most() {
    let (fleet, call) = unknown("AfterStart").await;
    let decide = |decision| fleet.decide_about(&call, decision, 1);
    let (one, two, three) = tokio::join!(
        decide(Decision::Retry),
        decide(Decision::Retry),
        decide(Decision::Done)
    );
    let refused: Vec<String> = [one, two, three].into_iter().filter_map(Result::err).collect();
    assert_eq!(refused.len(), 2, "{refused:?}");
    let is_clear = |error: &String| {
        [
            "was decided about this try before",
            "does not wait",
            "the call is at try 2",
        ]
        .iter()
        .any(|part| error.contains(part))
    };
    assert!(refused.iter().all(is_clear), "{refused:?}");
    fleet.phase(&call, Phase::Ended).await;
    assert!(fleet.servers[0].starts(VERIFY.0) <= 2);
}

#[tokio::test]
async fn a_decision_about_a_try_is_never_used_for_the_next_one() {
    let (mut fleet, call) = unknown("AfterStart").await;
    fleet.hold("AfterStart");
    run(&fleet, &["decide", &call.key, "retry", "--yes"], DONE).await;
    make_unknown(&mut fleet, &call, "AfterStart").await;
    let second = async || {
        fleet
            .status(&call)
            .await
            .is_some_and(|status| status.attempt == 2)
    };
    eventually("the second try is unknown", second).await;
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 2);
    // A person who looked at the first try decides late, by the command and past it.
    let late = run(&fleet, &["decide", &call.key, "retry", "--yes"], USAGE).await;
    assert!(late.contains("--try 2"), "{late}");
    for decision in [Decision::Retry, Decision::Done, Decision::GiveUp] {
        let refused = fleet.decide_about(&call, decision, 1).await.unwrap_err();
        assert!(refused.contains("the call is at try 2"), "{refused}");
    }
    // A decision about a try that has not happened is refused as well.
    fleet.decide_about(&call, Decision::Retry, 3).await.unwrap_err();
    fleet.phase(&call, Phase::Unknown).await;
    let shown = run(&fleet, &["decide", &call.key], UNKNOWN).await;
    assert!(shown.contains("done --try 2"), "{shown}");
    run(&fleet, &["decide", &call.key, "done", "--try", "2"], DONE).await;
    assert_eq!(fleet.ended(&call).await.outcome, Outcome::DeclaredDone);
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 2);
}

#[tokio::test]
async fn a_call_that_is_under_way_needs_no_decision() {
    let fleet = Fleet::of_one(server(10_000)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    fleet.submit(&fleet.batch(vec![call.clone()])).await;
    fleet.phase(&call, Phase::Running).await;
    let shown = run(&fleet, &["decide", &call.key, "done"], FAILED).await;
    assert!(shown.contains("it is under way"), "{shown}");
    let refused = fleet.decide_about(&call, Decision::Done, 1).await.unwrap_err();
    assert!(refused.contains("does not wait for a decision"), "{refused}");
    run(&fleet, &["decide", "no:such::call:0", "done"], USAGE).await;
}

#[tokio::test]
async fn nothing_is_decided_without_a_worker() {
    let (mut fleet, call) = unknown("AfterStart").await;
    fleet.kill_worker().await;
    run(&fleet, &["decide", &call.key], UNKNOWN).await;
    let shown = run(&fleet, &["decide", &call.key, "done"], FAILED).await;
    assert!(shown.contains("no worker answers"), "{shown}");
    fleet.start_worker().await;
    fleet.phase(&call, Phase::Unknown).await;
}
