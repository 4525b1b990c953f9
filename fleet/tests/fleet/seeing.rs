//! What is seen of windows and calls, while workers and engines come and go.

use mailstore_fleet::call::Call;
use mailstore_fleet::outcome::{Outcome, Phase};
use mailstore_fleet::seeing::{ListedWindow, Reader, SeenCall, SeenWindow, Stage, State, list};
use serde::Deserialize;

use crate::commands::{VERIFY, make_unknown, second};
use crate::support::{Fleet, eventually, server};

/// The window of the calls.
const WINDOW: &str = "2026-11-27/test";

async fn seen(fleet: &Fleet) -> SeenWindow {
    Reader::new(&fleet.engine).window(WINDOW).await.unwrap().unwrap()
}

async fn listed(fleet: &Fleet) -> ListedWindow {
    let windows = list(&fleet.engine).await.unwrap();
    assert_eq!(windows.len(), 1, "{windows:?}");
    windows.into_iter().next().unwrap()
}

fn find<'a>(window: &'a SeenWindow, call: &Call) -> &'a SeenCall {
    window.calls.iter().find(|seen| seen.key == call.key).unwrap()
}

/// Returns the number of invocations that the engine has.
async fn invocations(fleet: &Fleet) -> usize {
    #[derive(Deserialize)]
    struct Row {
        #[serde(rename = "id")]
        _id: String,
    }
    let rows: Vec<Row> = fleet.engine.query("SELECT id FROM sys_invocation").await.unwrap();
    rows.len()
}

#[tokio::test]
async fn a_window_is_seen_without_a_worker_and_seeing_it_leaves_nothing_behind() {
    let mut fleet = Fleet::of_one(server(10_000)).await;
    let (first, other) = (fleet.call(0, VERIFY.0, VERIFY.1), second(&fleet));
    let mut batch = fleet.batch(vec![first.clone(), other.clone()]);
    batch.limits.overall = 1;
    fleet.submit(&batch).await;
    fleet.phase(&first, Phase::Running).await;
    fleet.kill_worker().await;
    let stuck = async || find(&seen(&fleet).await, &first).trouble.is_some();
    eventually("the engine notices that the worker is away", stuck).await;
    let before = invocations(&fleet).await;

    let window = seen(&fleet).await;
    assert_eq!(window.state, State::Running);
    let running = find(&window, &first);
    assert_eq!(running.stage, Stage::Running);
    assert!(running.started.is_some());
    assert_eq!(running.trouble.as_ref().unwrap().reason, "no worker answers");
    assert_eq!(find(&window, &other).stage, Stage::Planned);

    let totals = listed(&fleet).await.totals;
    assert_eq!((totals.calls, totals.running, totals.planned), (2, 1, 1));
    assert_eq!(totals.in_trouble, 1);
    assert_eq!(totals, window.totals);
    assert_eq!(invocations(&fleet).await, before);
}

#[tokio::test]
async fn calls_that_a_job_did_not_begin_are_seen_with_the_reason() {
    let mut fleet = Fleet::of_one(server(5)).await;
    let (first, other) = (fleet.call(0, VERIFY.0, VERIFY.1), second(&fleet));
    let mut batch = fleet.batch(vec![first.clone(), other.clone()]);
    batch.limits.overall = 1;
    batch.on_failure = mailstore_fleet::call::OnFailure::Stop;
    fleet.hold("AfterStart");
    let sent = fleet.submit(&batch).await;
    make_unknown(&mut fleet, &first, "AfterStart").await;
    fleet.results(&sent).await;
    let window = seen(&fleet).await;
    assert_eq!(window.state, State::Ended);
    assert!(find(&window, &first).decidable);
    let skipped = find(&window, &other);
    assert_eq!(skipped.outcome, Some(Outcome::Skipped));
    assert_eq!(skipped.reason.as_deref(), Some("another call failed"));
    assert_eq!(listed(&fleet).await.totals, window.totals);
}
