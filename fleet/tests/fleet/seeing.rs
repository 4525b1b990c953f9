//! What is seen of windows and calls, while workers and engines come and go.

use jiff::{Timestamp, ToSpan as _};
use mailstore_fleet::call::{Call, StartSpan};
use mailstore_fleet::outcome::{Outcome, Phase};
use mailstore_fleet::seeing::{ListedWindow, Reader, SeenCall, SeenWindow, Stage, State, list};
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Child;

use crate::commands::{DONE, FAILED, UNKNOWN, USAGE, VERIFY, make_unknown, printed, run, second};
use crate::support::{Fleet, eventually, server};

/// The window of the calls.
const WINDOW: &str = "2026-11-27/test";

/// The exit code for calls that failed, or were cancelled or skipped.
const NOT_DONE: i32 = 10;

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
    // The window does not continue, which a scheduler should notice.
    let shown = run(&fleet, &["status", WINDOW], NOT_DONE).await;
    assert!(shown.contains("no worker answers"), "{shown}");
    assert!(
        shown.contains("Start one with `mailstore-fleet worker`"),
        "{shown}"
    );
    assert!(run(&fleet, &["status"], DONE).await.contains("no worker answers"));
    assert_eq!(invocations(&fleet).await, before);
}

#[tokio::test]
async fn a_missing_worker_is_noticed_before_the_engine_needs_it() {
    let mut fleet = Fleet::of_one(server(2)).await;
    let mut batch = fleet.batch(vec![fleet.call(0, VERIFY.0, VERIFY.1)]);
    let opens = Timestamp::now() + 1.hour();
    let closes = opens + 1.hour();
    batch.starts = Some(StartSpan { opens, closes });
    fleet.submit(&batch).await;
    let waits =
        async || seen(&fleet).await.state == State::Waiting && fleet.engine.reaches_worker().await.unwrap();
    eventually("the job waits for its time", waits).await;
    let shown = run(&fleet, &["status", WINDOW], DONE).await;
    assert!(shown.contains("State: waiting"), "{shown}");
    fleet.kill_worker().await;
    let shown = run(&fleet, &["status", WINDOW], NOT_DONE).await;
    assert!(
        shown.contains("Start one with `mailstore-fleet worker`"),
        "{shown}"
    );
    let shown = run(&fleet, &["status"], DONE).await;
    assert!(
        shown.contains("Start one with `mailstore-fleet worker`"),
        "{shown}"
    );
}

#[tokio::test]
async fn a_workflow_that_the_engine_has_paused_is_seen_with_the_command_that_resumes_it() {
    let fleet = Fleet::of_one(server(100)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    let sent = fleet.submit(&fleet.batch(vec![call.clone()])).await;
    fleet.phase(&call, Phase::Running).await;
    fleet.pause(&call).await;
    let is_paused = async || find(&seen(&fleet).await, &call).resume.is_some();
    eventually("the call is paused", is_paused).await;
    let shown = run(&fleet, &["status", WINDOW], NOT_DONE).await;
    let resume = find(&seen(&fleet).await, &call).resume.clone().unwrap();
    assert!(shown.contains(&format!("next: {resume}")), "{shown}");
    assert!(shown.contains(&format!("`{resume}` resumes it")), "{shown}");
    let mut words = resume.split(' ');
    assert_eq!(
        words.by_ref().take(3).collect::<Vec<_>>(),
        ["curl", "-X", "PATCH"]
    );
    let url = words.next().unwrap();
    let answer = reqwest::Client::new().patch(url).send().await.unwrap();
    assert!(answer.status().is_success(), "{answer:?}");
    fleet.results(&sent).await;
    run(&fleet, &["status", WINDOW], DONE).await;
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
    assert!(find(&window, &first).decide.is_some());
    let skipped = find(&window, &other);
    assert_eq!(skipped.outcome, Some(Outcome::Skipped));
    assert_eq!(skipped.reason.as_deref(), Some("another call failed"));
    assert_eq!(listed(&fleet).await.totals, window.totals);
    for words in [["status", WINDOW].as_slice(), &["watch", WINDOW]] {
        let shown = run(&fleet, words, UNKNOWN).await;
        let decide = format!("next: mailstore-fleet decide {}", first.key);
        assert!(shown.contains(&decide), "{shown}");
        assert!(shown.contains("skipped: another call failed"), "{shown}");
    }
    let page = run(&fleet, &["export", WINDOW, "--output", "html"], UNKNOWN).await;
    assert!(page.contains("another call failed"), "{page}");
    run(&fleet, &["decide", &first.key, "done"], DONE).await;
    run(&fleet, &["status", WINDOW], NOT_DONE).await;
}

#[tokio::test]
async fn a_window_that_succeeded_is_shown_and_exported_with_code_0() {
    let fleet = Fleet::of_one(server(3)).await;
    let batch = fleet.batch(vec![fleet.call(0, VERIFY.0, VERIFY.1)]);
    let sent = fleet.submit(&batch).await;
    fleet.results(&sent).await;
    let shown = run(&fleet, &["status", WINDOW], DONE).await;
    assert!(shown.contains("Calls: 1 (1 succeeded)"), "{shown}");
    assert!(run(&fleet, &["status"], DONE).await.contains(WINDOW));
    let file = fleet.folder.path().join("window.csv");
    let path = file.to_str().unwrap();
    run(
        &fleet,
        &["export", WINDOW, "--output", "csv", "--file", path],
        DONE,
    )
    .await;
    assert_eq!(std::fs::read_to_string(file).unwrap().lines().count(), 2);
    let json = run(&fleet, &["export", WINDOW, "--output", "json"], DONE).await;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let log = json["calls"][0]["log"].as_str().unwrap();
    assert_eq!(
        std::fs::read_to_string(log).unwrap(),
        fleet.servers[0].tasks()[0].log
    );
    // The reader of the output closes it.
    let mut command = fleet.prepared(&["export", WINDOW, "--output", "json"]);
    let mut unread = command.stdout(std::process::Stdio::piped()).spawn().unwrap();
    drop(unread.stdout.take());
    assert_eq!(unread.wait().await.unwrap().code(), Some(DONE));
    let shown = run(&fleet, &["status", "2026-11-27/tset"], USAGE).await;
    assert!(shown.contains("Did you mean `2026-11-27/test`?"), "{shown}");
}

/// Starts to watch the window, and waits until this was printed.
async fn watching(fleet: &Fleet, text: &str) -> Child {
    let mut command = fleet.prepared(&["watch", WINDOW]);
    let mut watching = command
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::with_capacity(1, watching.stdout.take().unwrap());
    let mut line = String::new();
    while !line.contains(text) {
        assert!(output.read_line(&mut line).await.unwrap() > 0, "{line}");
    }
    watching.stdout = Some(output.into_inner());
    watching
}

#[tokio::test]
async fn watching_survives_a_restart_of_the_engine_and_ends_with_the_window() {
    let mut fleet = Fleet::of_one(server(10_000)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    fleet.submit(&fleet.batch(vec![call.clone()])).await;
    fleet.phase(&call, Phase::Running).await;
    let watching = watching(&fleet, "Calls: 1 (1 running)").await;
    fleet.kill_engine().await;
    fleet.start_engine().await;
    // The engine is healthy before it has read its tables.
    let has_tables = async || list(&fleet.engine).await.is_ok();
    eventually("the engine answers queries", has_tables).await;
    run(&fleet, &["cancel", WINDOW], DONE).await;
    let shown = printed(&watching.wait_with_output().await.unwrap(), NOT_DONE);
    assert!(shown.contains(&format!("{}: cancelled", call.key)), "{shown}");
    assert!(shown.contains("Calls: 1 (1 cancelled)"), "{shown}");
}

#[tokio::test]
async fn watching_ends_with_the_next_change_after_the_reader_closed_the_output() {
    let fleet = Fleet::of_one(server(10_000)).await;
    let (first, other) = (fleet.call(0, VERIFY.0, VERIFY.1), second(&fleet));
    fleet
        .submit(&fleet.batch(vec![first.clone(), other.clone()]))
        .await;
    fleet.phase(&first, Phase::Running).await;
    fleet.phase(&other, Phase::Running).await;
    let mut watching = watching(&fleet, "Calls: 2 (2 running)").await;
    drop(watching.stdout.take());
    fleet.cancel_now(&first).await;
    let shown = printed(&watching.wait_with_output().await.unwrap(), FAILED);
    assert!(shown.contains("the job goes on without this command"), "{shown}");
    assert_eq!(fleet.status(&other).await.unwrap().phase, Phase::Running);
}

#[cfg(unix)]
#[tokio::test]
async fn a_person_stops_watching_and_the_job_goes_on() {
    use rustix::process::{Pid, Signal, kill_process};

    let fleet = Fleet::of_one(server(10_000)).await;
    let call = fleet.call(0, VERIFY.0, VERIFY.1);
    fleet.submit(&fleet.batch(vec![call.clone()])).await;
    fleet.phase(&call, Phase::Running).await;
    let watching = watching(&fleet, "Calls: 1 (1 running)").await;
    let id = Pid::from_raw(watching.id().unwrap().try_into().unwrap()).unwrap();
    kill_process(id, Signal::INT).unwrap();
    let shown = printed(&watching.wait_with_output().await.unwrap(), FAILED);
    assert!(shown.contains("the job goes on"), "{shown}");
    assert_eq!(seen(&fleet).await.totals.running, 1);
    run(&fleet, &["cancel", WINDOW], DONE).await;
}
