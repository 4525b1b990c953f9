//! A window that is run again, and one that is continued after its job has stopped.

use std::fs;

use mailstore_fleet::call::{Batch, Call, CallEffect, OnFailure, Target};
use mailstore_fleet::outcome::{Decision, Outcome, Phase, Settled};

use crate::commands::{DONE, FAILED, UNKNOWN, VERIFY, make_unknown, run, verify_file, write_job};
use crate::support::{Fleet, only, server};

/// The window of the job file.
const WINDOW: &str = "test/verify";

/// Returns the job file. An unknown call counts for the overall limit, which leaves room for one more.
fn job_file() -> String {
    verify_file(1).replace("overall = 1", "overall = 2")
}

/// Returns the calls of the job file: one for each of the three stores.
fn calls(fleet: &Fleet) -> Vec<Call> {
    let call = |store: &str| {
        let target = Target {
            profile: "s0".to_owned(),
            server: fleet.servers[0].url().to_owned(),
            instance: None,
        };
        let arguments = [("id", store), ("includeIndexes", "false")];
        let arguments = arguments.map(|(name, value)| (name.to_owned(), value.to_owned()));
        Call::new(WINDOW, target, VERIFY.0, arguments.into(), CallEffect::Change, 0)
    };
    ["1", "2", "3"].map(call).to_vec()
}

/// Starts the job, makes its first call unknown, and returns the job and its results.
async fn stopped(fleet: &mut Fleet, on_failure: OnFailure) -> (Batch, Vec<Settled>) {
    write_job(fleet, &job_file());
    let mut batch = fleet.batch(calls(fleet));
    batch.window = WINDOW.to_owned();
    batch.on_failure = on_failure;
    batch.limits.overall = 2;
    batch.limits.per_server = 1;
    fleet.hold("AfterStart");
    let sent = fleet.submit(&batch).await;
    make_unknown(fleet, &batch.calls[0], "AfterStart").await;
    let mut results = fleet.results(&sent).await;
    let in_order = |call: &Call| results.remove(&call.key).unwrap();
    let results = batch.calls.iter().map(in_order).collect();
    (batch, results)
}

fn outcome(settled: &Settled) -> Option<Outcome> {
    match settled {
        Settled::Ended(ended) => Some(ended.outcome),
        Settled::Unknown { .. } => None,
    }
}

fn is_skipped(settled: &Settled) -> bool {
    outcome(settled) == Some(Outcome::Skipped)
}

/// Continues the window, and returns what the command printed.
async fn continue_window(fleet: &Fleet, code: i32) -> String {
    let job = fleet.folder.path().join("job.toml").display().to_string();
    run(fleet, &["run", &job, "--continue"], code).await
}

#[tokio::test]
async fn the_remaining_calls_run_in_the_same_window_after_the_decision() {
    let mut fleet = Fleet::of_one(server(3)).await;
    let (batch, results) = stopped(&mut fleet, OnFailure::Stop).await;
    assert!(matches!(results[0], Settled::Unknown { .. }), "{results:?}");
    assert!(results[1..].iter().all(is_skipped), "{results:?}");
    run(&fleet, &["decide", &batch.calls[0].key, "done"], DONE).await;
    continue_window(&fleet, DONE).await;
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 3);
    for call in &batch.calls[1..] {
        let known = fleet.engine.known_call(&call.key).await.unwrap().unwrap();
        assert_eq!(known.outcome(), Some(Outcome::Succeeded));
    }
    let again = continue_window(&fleet, DONE).await;
    assert!(again.contains("No call of this window is left"), "{again}");
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 3);
}

#[tokio::test]
async fn calls_without_room_at_their_server_run_after_the_decision() {
    let mut fleet = Fleet::of_one(server(3)).await;
    let (batch, results) = stopped(&mut fleet, OnFailure::Continue).await;
    // The unknown call has the only place, so the workflows of the others ended without sending anything.
    assert!(results[1..].iter().all(is_skipped), "{results:?}");
    fleet.phase(&batch.calls[1], Phase::Ended).await;
    run(&fleet, &["decide", &batch.calls[0].key, "done"], DONE).await;
    continue_window(&fleet, DONE).await;
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 3);
    // An earlier round cannot send them any more, and a later one finds them ended.
    continue_window(&fleet, DONE).await;
    let mut third = batch.clone();
    third.round = 3;
    let results = fleet.results(&fleet.submit(&third).await).await;
    assert!(results.values().all(Settled::is_success), "{results:?}");
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 3);
}

#[tokio::test]
async fn a_call_that_was_sent_again_is_followed_when_its_window_is_continued() {
    let mut fleet = Fleet::of_one(server(40)).await;
    let (batch, _) = stopped(&mut fleet, OnFailure::Stop).await;
    run(&fleet, &["decide", &batch.calls[0].key, "retry", "--yes"], DONE).await;
    continue_window(&fleet, DONE).await;
    assert_eq!(fleet.ended(&batch.calls[0]).await.outcome, Outcome::Succeeded);
    // The first start arrived, and a person allowed the second one.
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 4);
}

#[tokio::test]
async fn a_continued_window_leaves_out_a_call_that_waits_for_a_decision() {
    let mut fleet = Fleet::of_one(server(3)).await;
    let (batch, _) = stopped(&mut fleet, OnFailure::Stop).await;
    write_job(&fleet, &job_file().replace("per-server = 1", "per-server = 2"));
    // The code is that of the whole window, in which the call still waits.
    let shown = continue_window(&fleet, UNKNOWN).await;
    assert!(
        shown.contains("Calls that wait for a decision, and are left out: 1."),
        "{shown}"
    );
    fleet.phase(&batch.calls[0], Phase::Unknown).await;
    run(&fleet, &["decide", "--window", WINDOW], UNKNOWN).await;
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 3);
}

#[tokio::test]
async fn a_job_that_is_purged_and_run_again_starts_nothing() {
    let fleet = Fleet::of_one(server(3)).await;
    let batch = fleet.batch(vec![fleet.call(0, VERIFY.0, VERIFY.1)]);
    let first = fleet.submit(&batch).await;
    let results = fleet.results(&first).await;
    fleet.purge(&first).await;
    let second = fleet.submit(&batch).await;
    assert!(!second.existed());
    assert_eq!(fleet.results(&second).await, results);
    assert_eq!(only(&results), Outcome::Succeeded);
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 1);
}

#[tokio::test]
async fn a_purged_job_with_an_unknown_call_starts_nothing_before_and_after_the_decision() {
    let mut fleet = Fleet::of_one(server(3)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    let batch = fleet.batch(vec![call.clone()]);
    fleet.hold("AfterStart");
    let mut sent = fleet.submit(&batch).await;
    make_unknown(&mut fleet, &call, "AfterStart").await;
    for decision in [Some(Decision::GiveUp), None] {
        let results = fleet.results(&sent).await;
        let is_unknown = matches!(results[&call.key], Settled::Unknown { .. });
        assert_eq!(is_unknown, decision.is_some(), "{results:?}");
        if let Some(decision) = decision {
            fleet.decide(&call, decision).await;
            fleet.phase(&call, Phase::Ended).await;
        }
        fleet.purge(&sent).await;
        sent = fleet.submit(&batch).await;
        assert!(!sent.existed());
    }
    assert_eq!(only(&fleet.results(&sent).await), Outcome::GivenUp);
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 1);
}

/// Writes the profile of the server with this name and this address, and starts the worker with it.
async fn use_profile(fleet: &mut Fleet, name: &str, address: &str) {
    let path = fleet.folder.path().join("config/config.toml");
    let text = fs::read_to_string(&path).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines[0] = format!("[profile.{name}]");
    lines[1] = format!("address = '{address}'");
    fs::write(&path, lines.join("\n")).unwrap();
    fleet.kill_worker().await;
    fleet.start_worker().await;
}

#[tokio::test]
async fn a_window_is_not_continued_with_a_profile_that_was_renamed_or_moved() {
    let mut fleet = Fleet::of_one(server(3)).await;
    let (batch, _) = stopped(&mut fleet, OnFailure::Stop).await;
    run(&fleet, &["decide", &batch.calls[0].key, "done"], DONE).await;
    let address = fleet.servers[0].url().to_owned();
    let elsewhere = address.replace("127.0.0.1", "localhost");
    for (name, address, problem) in [
        (
            "renamed",
            &address,
            "it had the profile `s0` when the window began",
        ),
        ("s0", &elsewhere, "when the window began: undo this"),
    ] {
        use_profile(&mut fleet, name, address).await;
        let shown = continue_window(&fleet, FAILED).await;
        assert!(shown.contains(problem), "{shown}");
        assert_eq!(fleet.servers[0].starts(VERIFY.0), 1);
    }
    use_profile(&mut fleet, "s0", &address).await;
    continue_window(&fleet, DONE).await;
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 3);
}

#[tokio::test]
async fn a_purged_job_whose_profile_was_renamed_starts_nothing() {
    let mut fleet = Fleet::of_one(server(3)).await;
    let batch = fleet.batch(vec![fleet.call(0, VERIFY.0, VERIFY.1)]);
    let sent = fleet.submit(&batch).await;
    assert_eq!(only(&fleet.results(&sent).await), Outcome::Succeeded);
    fleet.purge(&sent).await;
    let address = fleet.servers[0].url().to_owned();
    use_profile(&mut fleet, "renamed", &address).await;
    let target = Target {
        profile: "renamed".to_owned(),
        server: address,
        instance: None,
    };
    let call = &batch.calls[0];
    let renamed = Call::new(
        &call.window,
        target,
        VERIFY.0,
        call.arguments.clone(),
        call.effect,
        0,
    );
    let sent = fleet.submit(&fleet.batch(vec![renamed])).await;
    assert_eq!(only(&fleet.results(&sent).await), Outcome::Skipped);
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 1);
}

#[tokio::test]
async fn a_call_that_could_not_be_sent_is_started_when_its_window_is_continued() {
    let mut fleet = Fleet::of_one(server(3)).await;
    write_job(&fleet, &job_file());
    let mut batch = fleet.batch(calls(&fleet));
    batch.window = WINDOW.to_owned();
    let address = fleet.servers[0].url().to_owned();
    // The worker has no such profile yet.
    use_profile(&mut fleet, "later", &address).await;
    let results = fleet.results(&fleet.submit(&batch).await).await;
    assert_eq!(results.len(), 3);
    assert!(
        results
            .values()
            .all(|settled| outcome(settled) == Some(Outcome::NotSent)),
        "{results:?}"
    );
    use_profile(&mut fleet, "s0", &address).await;
    for _ in 0..2 {
        continue_window(&fleet, DONE).await;
        assert_eq!(fleet.servers[0].starts(VERIFY.0), 3);
    }
}
