//! What is seen of a window, from what the engine has.

use std::sync::Arc;

use mailstore_fleet::call::CallEffect;
use mailstore_fleet::exit;
use mailstore_fleet::outcome::{Outcome, Phase, Results};
use mailstore_fleet::seeing::{Read, SeenWindow, Stage, State};

use crate::made_up::{WINDOW, after, batch, begun, call, ended, run, running, status, stopped, window};

#[test]
fn the_outcome_of_a_window_is_its_most_important_one() {
    assert_eq!(running().outcome(), exit::Outcome::Unknown);
    assert_eq!(stopped().outcome(), exit::Outcome::Failed);
    let one = call("berlin", None, CallEffect::Change, 0);
    let done = begun(&one, ended(Outcome::DeclaredDone, None, 0));
    let window = window(vec![one], vec![done], Results::new(), true);
    assert_eq!(window.outcome(), exit::Outcome::Nothing);
    assert_eq!(window.state, State::Ended);
    assert_eq!(window.ended, Some(after(4000)));
}

#[test]
fn a_window_waits_for_its_time_and_then_runs_until_each_call_ended_or_is_unknown() {
    let one = call("berlin", None, CallEffect::Change, 0);
    let state = |known, completed, now| {
        let read = Read {
            runs: vec![run(1, completed)],
            batches: vec![Some(Arc::new(batch(vec![one.clone()])))],
            calls: known,
            ..Read::default()
        };
        SeenWindow::new(WINDOW, read, now).state
    };
    assert_eq!(state(vec![], false, after(-10)), State::Waiting);
    assert_eq!(state(vec![], false, after(10)), State::Running);
    // A call that was sent again after the end of its job.
    let running = begun(&one, status(Phase::Running));
    assert_eq!(state(vec![running], true, after(10)), State::Running);
    let unknown = begun(&one, status(Phase::Unknown));
    assert_eq!(state(vec![unknown.clone()], false, after(10)), State::Running);
    assert_eq!(state(vec![unknown], true, after(10)), State::Ended);
}

#[test]
fn a_continued_window_has_the_calls_of_all_its_jobs() {
    let (one, other) = (
        call("berlin", None, CallEffect::Change, 0),
        call("bonn", None, CallEffect::Change, 0),
    );
    let mut second = batch(vec![other.clone()]);
    second.round = 2;
    let read = Read {
        runs: vec![run(1, true), run(2, false)],
        batches: vec![
            Some(Arc::new(batch(vec![one.clone(), other]))),
            Some(Arc::new(second)),
        ],
        calls: vec![begun(&one, ended(Outcome::Failed, None, 0))],
        ..Read::default()
    };
    let window = SeenWindow::new(WINDOW, read, after(10));
    assert_eq!(window.totals.calls, 2);
    assert_eq!((window.totals.failed, window.totals.planned), (1, 1));
}

#[test]
fn a_call_is_seen_after_the_engine_forgot_its_job() {
    let one = call("b:c", Some("cust%1"), CallEffect::Change, 0);
    let read = Read {
        calls: vec![begun(&one, ended(Outcome::Succeeded, None, 10))],
        ..Read::default()
    };
    let window = SeenWindow::new(WINDOW, read, after(10));
    let seen = &window.calls[0];
    assert_eq!(
        (seen.profile.as_str(), seen.instance.as_deref()),
        ("b:c", Some("cust%1"))
    );
    assert_eq!(
        (seen.function.as_str(), seen.server.as_deref()),
        ("VerifyStore", None)
    );
    assert_eq!(window.state, State::Ended);
}

#[test]
fn a_call_whose_workflow_the_engine_ended_is_unknown_and_cannot_be_decided() {
    let window = running();
    let unknown = window.calls.iter().filter(|call| call.stage == Stage::Unknown);
    let decidable: Vec<bool> = unknown.map(|call| call.decide.is_some()).collect();
    assert_eq!(decidable, [true, false]);
}
