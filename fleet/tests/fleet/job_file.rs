//! The commands that start a job from a file.

use std::fs;
use std::process::Output;

use mailstore_sim::{Fault, Phase};

use crate::commands::{verify_file, write_job};
use crate::support::{Fleet, free_port, server};

/// Returns what a command printed, if it succeeded.
fn printed(output: &Output) -> String {
    let text = [output.stdout.as_slice(), &output.stderr].concat();
    let text = String::from_utf8(text).unwrap();
    assert!(output.status.success(), "{:?}: {text}", output.status);
    text
}

#[tokio::test]
async fn a_job_of_a_file_runs_once_in_its_window() {
    let fleet = Fleet::of_one(server(2)).await;
    let path = write_job(&fleet, &verify_file(2));
    printed(&fleet.command(&["run", &path]).await);
    let stores = fleet.servers[0].starts("VerifyStore");
    assert!(stores > 1, "{stores}");
    // A relative path of the logs begins in the folder of the job.
    let logs = fs::read_dir(fleet.folder.path().join("logs")).unwrap();
    assert_eq!(logs.count(), 1);
    let again = printed(&fleet.command(&["run", &path]).await);
    assert!(again.contains("was started before"), "{again}");
    assert_eq!(fleet.servers[0].starts("VerifyStore"), stores);
}

#[tokio::test]
async fn run_ends_with_a_document_that_names_the_log_of_each_failed_call() {
    let fault = Fault::status_word("failed").on(Phase::Poll).last();
    let server = server(2).fault(fault);
    let fleet = Fleet::of_one(server).await;
    let path = write_job(&fleet, &verify_file(2));
    let output = fleet.command(&["run", &path, "--output", "json"]).await;
    assert_eq!(output.status.code(), Some(10), "{output:?}");
    let window: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(window["state"], "ended");
    let failed = &window["calls"][0];
    assert_eq!(failed["outcome"], "failed", "{window}");
    let log = fs::read_to_string(failed["log"].as_str().unwrap()).unwrap();
    assert!(!log.is_empty());
}

#[tokio::test]
async fn the_demo_starts_each_call_once() {
    let fleet = Fleet::of_one(server(1)).await;
    let port = free_port().to_string();
    let logs = fleet.folder.path().join("demo-logs").display().to_string();
    let words = ["demo", "--servers", "3", "--port", &port, "--logs", &logs];
    let shown = printed(&fleet.command(&words).await);
    // Two servers and two instances have three stores each.
    assert!(shown.contains("Calls: 12 (12 succeeded)"), "{shown}");
    assert!(
        shown.contains("Starts that the simulated servers counted: 12."),
        "{shown}"
    );
    // The demo leaves the logs and the results.
    let window = shown
        .lines()
        .find_map(|line| line.strip_prefix("Window: "))
        .unwrap();
    let results = printed(&fleet.command(&["results", window]).await);
    assert_eq!(results.lines().count(), 12, "{results}");
}
