//! Waiting for a job while the engine is restarted, and not waiting for it.

use std::fs;
use std::process::Stdio;

use mailstore_fleet::outcome::Results;
use tokio::io::AsyncReadExt as _;
use tokio::process::Child;

use crate::commands::{DONE, FAILED, VERIFY, run, verify_file, write_job};
use crate::support::{Fleet, eventually, server};

/// Starts `run`, and waits until a call of its job is at a point.
async fn waiting_at(fleet: &Fleet, point: &str) -> Child {
    fleet.hold(point);
    let mut command = fleet.prepared(&["run", &write_job(fleet, &verify_file(1))]);
    let process = command.stderr(Stdio::piped()).spawn().unwrap();
    fleet.reached(point).await;
    process
}

/// Returns what a command has printed until a text occurs in it.
async fn read_until(process: &mut Child, text: &str) -> String {
    let mut printed = String::new();
    let stderr = process.stderr.as_mut().unwrap();
    while !printed.contains(text) {
        let mut bytes = [0; 1024];
        let size = stderr.read(&mut bytes).await.unwrap();
        assert!(size > 0, "the command ended: {printed}");
        printed.push_str(&String::from_utf8_lossy(&bytes[..size]));
    }
    printed
}

#[tokio::test]
async fn run_waits_on_when_the_engine_is_restarted() {
    let mut fleet = Fleet::of_one(server(1)).await;
    let mut process = waiting_at(&fleet, "AfterStart").await;
    for _ in 0..2 {
        fleet.kill_engine().await;
        fleet.start_engine().await;
    }
    fleet.kill_engine().await;
    read_until(&mut process, "The engine does not answer").await;
    fleet.start_engine().await;
    fleet.resume("AfterStart");
    // The first call is unknown, because the engine was killed while it was being started. The others are skipped.
    let status = process.wait().await.unwrap();
    assert_eq!(status.code(), Some(11));
    assert_eq!(fleet.servers[0].starts(VERIFY.0), 1);
}

#[tokio::test]
async fn waiting_for_a_job_that_the_engine_does_not_know_is_an_error() {
    let mut fleet = Fleet::of_one(server(1)).await;
    fleet.hold("AfterStart");
    let sent = fleet
        .submit(&fleet.batch(vec![fleet.call(0, VERIFY.0, VERIFY.1)]))
        .await;
    fleet.reached("AfterStart").await;
    let engine = fleet.engine.clone();
    let waiting = tokio::spawn(async move { engine.attach::<Results>(&sent.invocation_id).await });
    fleet.kill_engine().await;
    fs::remove_dir_all(fleet.folder.path().join("data")).unwrap();
    fleet.start_engine().await;
    let error = waiting.await.unwrap().unwrap_err().to_string();
    assert!(error.contains("404"), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn ctrl_c_ends_the_waiting_and_not_the_job() {
    use rustix::process::{Pid, Signal, kill_process};

    let fleet = Fleet::of_one(server(1)).await;
    let mut process = waiting_at(&fleet, "Following").await;
    let id = Pid::from_raw(process.id().unwrap().try_into().unwrap()).unwrap();
    kill_process(id, Signal::INT).unwrap();
    let printed = read_until(&mut process, "cancels it").await;
    assert!(printed.contains("the job goes on"), "{printed}");
    assert!(printed.contains("mailstore-fleet watch test/verify"), "{printed}");
    assert_eq!(process.wait().await.unwrap().code(), Some(FAILED));
    fleet.resume("Following");
    run(&fleet, &["run", &write_job(&fleet, &verify_file(1))], DONE).await;
    eventually("all calls were started once", async || {
        fleet.servers[0].starts(VERIFY.0) == 3
    })
    .await;
}

#[tokio::test]
async fn a_command_is_answered_right_after_the_engine_has_started() {
    let mut fleet = Fleet::of_one(server(1)).await;
    // The engine is healthy before it can read its tables.
    for _ in 0..5 {
        fleet.kill_engine().await;
        fleet.start_engine().await;
        run(&fleet, &["status"], DONE).await;
    }
}
