//! The results of a window, collected from the folder or the object store of its job.

use std::fs;
use std::path::Path;

use mailstore_fleet::call::CallEffect;
use serde_json::Value;

use crate::commands::{DONE, FAILED, VERIFY};
use crate::s3::{KEY, S3, SECRET};
use crate::support::{Fleet, server};

const WINDOW: &str = "2026-11-27/test";

/// Returns the lines of JSON that `results` writes to standard output, and its errors, if it ended with this code.
async fn collected(fleet: &Fleet, code: i32) -> (Vec<Value>, String) {
    let mut command = fleet.prepared(&["results", WINDOW]);
    let variables = fleet.worker_variables.iter();
    let output = command.envs(variables.map(|(name, value)| (*name, value)));
    let output = output.output().await.unwrap();
    let errors = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(code), "{errors}");
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    (lines.collect(), errors)
}

#[tokio::test]
async fn results_are_collected_with_the_calls_that_returned_them() {
    let fleet = Fleet::start([server(2), server(2)]).await;
    let calls = vec![
        fleet.call_with(0, "GetServerInfo", &[], CallEffect::Read),
        fleet.call_with(1, "GetServerInfo", &[], CallEffect::Read),
        fleet.call(1, VERIFY.0, VERIFY.1),
    ];
    let batch = fleet.batch(calls.clone());
    fleet.results(&fleet.submit(&batch).await).await;
    // No worker is needed.
    let (lines, _) = collected(&fleet, DONE).await;
    assert_eq!(lines.len(), 3);
    for (line, call) in lines.iter().zip(&calls) {
        assert_eq!(line["key"], call.key);
        assert_eq!(line["profile"], call.profile);
        assert_eq!(line["instance"], Value::Null);
        assert_eq!(line["function"], call.function);
        assert_eq!(line["outcome"], "succeeded");
        assert_eq!(line["problem"], Value::Null);
        assert_eq!(line["arguments"], serde_json::to_value(&call.arguments).unwrap());
    }
    assert!(lines[0]["result"]["version"].is_string(), "{}", lines[0]);
    let file = fleet.folder.path().join("results.json");
    let path = file.to_str().unwrap();
    let words = ["results", WINDOW, "--output", "json", "--file", path];
    assert!(fleet.command(&words).await.status.success());
    let document: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    assert_eq!(document["format"], "mailstore-fleet-results");
    assert_eq!(document["calls"], Value::Array(lines));
}

#[tokio::test]
async fn a_result_that_is_missing_is_an_error_beside_the_other_results() {
    let fleet = Fleet::start([server(2), server(2)]).await;
    let read = |server| fleet.call_with(server, "GetServerInfo", &[], CallEffect::Read);
    let batch = fleet.batch(vec![read(0), read(1)]);
    fleet.results(&fleet.submit(&batch).await).await;
    let logs = Path::new(&batch.logs).join("2026-11-27%2Ftest");
    let paths = fs::read_dir(&logs).unwrap().map(|entry| entry.unwrap().path());
    let is_first = |path: &std::path::PathBuf| path.to_str().unwrap().ends_with(".json");
    let first = paths.filter(is_first).min().unwrap();
    fs::remove_file(first).unwrap();
    let (lines, errors) = collected(&fleet, FAILED).await;
    assert_eq!(lines[0]["result"], Value::Null);
    assert!(lines[0]["problem"].as_str().unwrap().contains("cannot be read"));
    assert!(lines[1]["result"]["version"].is_string(), "{}", lines[1]);
    assert!(errors.contains("1 of 2 results cannot be read"), "{errors}");
}

#[tokio::test]
async fn results_are_collected_from_an_object_store() {
    let store = S3::start(None);
    let mut fleet = Fleet::of_one(server(2)).await;
    fleet.kill_worker().await;
    fleet.worker_variables = store.variables();
    fleet.start_worker().await;
    let mut batch = fleet.batch(vec![fleet.call_with(0, "GetServerInfo", &[], CallEffect::Read)]);
    batch.logs = "s3://fleet-logs/nights".to_owned();
    fleet.results(&fleet.submit(&batch).await).await;
    let (lines, _) = collected(&fleet, DONE).await;
    assert!(lines[0]["result"]["version"].is_string(), "{}", lines[0]);
    store.fail(Some(403));
    let (lines, errors) = collected(&fleet, FAILED).await;
    let problem = lines[0]["problem"].as_str().unwrap();
    assert!(problem.contains("the store denies the access"), "{problem}");
    for canary in [KEY, SECRET] {
        assert!(!problem.contains(canary) && !errors.contains(canary));
    }
}
