//! Tests of long calls.

use std::time::{Duration, Instant};

use mailstore_sim::{Edition, Simulator};
use serde_json::Value;

use crate::client::Client;

const VERIFY: [(&str, &str); 2] = [("id", "3"), ("includeIndexes", "true")];

/// A step that is longer than any test, so that calls make no progress.
const NEVER: Duration = Duration::from_secs(3600);

fn start_server(step: Duration) -> Simulator {
    Simulator::builder(Edition::Server).step(step).start().unwrap()
}

fn token_of(envelope: &Value) -> &str {
    envelope["token"].as_str().unwrap()
}

#[test]
fn the_log_matches_the_tutorial() {
    let server = start_server(Duration::from_millis(2));
    let (log, last) = Client::new(&server).finish("VerifyStore", &VERIFY);
    let mut lines = vec![
        "Verifying file group #3...".to_owned(),
        "Creating a list of messages to be verified...".to_owned(),
        "1249 messages are about to be verified.".to_owned(),
        "Verifying...".to_owned(),
    ];
    lines.extend((1..=12).map(|hundreds| format!("  {hundreds}00 messages verified...")));
    lines.push("  1249 messages verified.".to_owned());
    lines.push("Finished. No errors have been found.".to_owned());
    assert_eq!(log, lines.join("\r\n") + "\r\n");
    assert_eq!(last["statusCode"], "succeeded");
    assert_eq!(last["percentProgress"], 100);
    assert_eq!(last["result"], Value::Null);
    assert_eq!(token_of(&last).len(), 32, "the last status contains the token");
}

#[test]
fn the_first_response_is_running_with_a_token() {
    let server = start_server(NEVER);
    let first = Client::new(&server).call("VerifyStore", &VERIFY);
    assert_eq!(first["statusCode"], "running");
    assert_eq!(first["statusVersion"], 3);
    assert_eq!(first["percentProgress"], 0);
    assert_eq!(first["error"], Value::Null);
    assert_eq!(first["result"], Value::Null);
    assert!(
        first["logOutput"]
            .as_str()
            .unwrap()
            .starts_with("Verifying file group #3...\r\n")
    );
    let token = token_of(&first);
    assert!(
        token.len() == 32
            && token
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')),
        "{token}"
    );
}

#[test]
fn versions_grow_and_progress_reaches_100_only_at_the_end() {
    let server = start_server(Duration::ZERO);
    let mut client = Client::new(&server);
    let mut status = client.call("VerifyStore", &VERIFY);
    let mut jumps = std::collections::BTreeSet::new();
    while status["statusCode"] == "running" {
        assert!(status["percentProgress"].as_i64().unwrap() < 100);
        let known = status["statusVersion"].as_i64().unwrap();
        let next = client.status(token_of(&status), known, 0).json();
        jumps.insert(next["statusVersion"].as_i64().unwrap() - known);
        assert!(next["percentProgress"].as_i64() >= status["percentProgress"].as_i64());
        status = next;
    }
    assert!(jumps.iter().all(|jump| *jump > 0), "{jumps:?}");
    assert!(jumps.len() > 1, "versions do not grow evenly: {jumps:?}");
}

#[test]
fn a_poll_without_news_waits_and_then_repeats_the_status() {
    let server = start_server(NEVER);
    let mut client = Client::new(&server);
    let first = client.call("VerifyStore", &VERIFY);
    let before = Instant::now();
    let repeated = client.status(token_of(&first), 3, 50).json();
    assert!(
        before.elapsed() >= Duration::from_millis(50),
        "the poll waits for its timeout"
    );
    assert_eq!(repeated["statusVersion"], 3);
    assert_eq!(repeated["statusCode"], "running");
    assert_eq!(repeated["token"], first["token"]);
    assert_eq!(repeated["logOutput"], Value::Null, "nothing is new");
}

#[test]
fn a_poll_with_an_older_version_returns_immediately() {
    let server = start_server(NEVER);
    let mut client = Client::new(&server);
    let first = client.call("VerifyStore", &VERIFY);
    // The client's own timeout is far shorter than the wait that it requests.
    for known in [2, 0, -1, 4] {
        let status = client.status(token_of(&first), known, 300_000).json();
        assert_eq!(status["statusVersion"], 3, "known: {known}");
        let log = if known < 3 {
            &first["logOutput"]
        } else {
            &Value::Null
        };
        assert_eq!(&status["logOutput"], log, "known: {known}");
    }
}

#[test]
fn the_next_step_ends_a_waiting_poll() {
    let server = start_server(Duration::from_millis(30));
    let mut client = Client::new(&server);
    let first = client.call("VerifyStore", &VERIFY);
    let status = client.status(token_of(&first), 3, 300_000).json();
    assert!(status["statusVersion"].as_i64().unwrap() > 3);
    assert!(
        status["logOutput"]
            .as_str()
            .unwrap()
            .starts_with("1249 messages are about to be verified.\r\n")
    );
}

#[test]
fn a_poll_with_an_older_version_returns_everything_since() {
    let server = start_server(Duration::ZERO);
    let mut client = Client::new(&server);
    let (log, last) = client.finish("VerifyStore", &VERIFY);
    let again = client.status(token_of(&last), 2, 0).json();
    assert_eq!(again["logOutput"].as_str(), Some(log.as_str()));
    assert_eq!(again["statusCode"], "succeeded");
    let opening = "Verifying file group #3...\r\nCreating a list of messages to be verified...\r\n";
    let since_first = client.status(token_of(&last), 3, 0).json();
    assert_eq!(since_first["logOutput"].as_str(), log.strip_prefix(opening));
    let known = last["statusVersion"].as_i64().unwrap();
    assert_eq!(
        client.status(token_of(&last), known, 60_000).json()["logOutput"],
        Value::Null
    );
}

#[test]
fn a_poll_with_the_next_version_does_not_hang() {
    let server = start_server(Duration::ZERO);
    let mut client = Client::new(&server);
    let first = client.call("VerifyStore", &VERIFY);
    for known in 4..20 {
        client.status(token_of(&first), known, 300_000);
    }
    assert_eq!(
        client.status(token_of(&first), 0, 300_000).json()["statusCode"],
        "succeeded"
    );
}

#[test]
fn get_status_requires_all_its_arguments() {
    let server = start_server(NEVER);
    let mut client = Client::new(&server);
    let first = client.call("VerifyStore", &VERIFY);
    let token = token_of(&first);
    let mut message = |body: &str| {
        let envelope = client.post("/api/get-status", body).json();
        assert_eq!(envelope["statusCode"], "failed");
        envelope["error"]["message"].as_str().unwrap().to_owned()
    };
    let without_timeout = format!("token={token}&lastKnownStatusVersion=3");
    assert_eq!(message(&without_timeout), "Nullable object must have a value.");
    let without_version = format!("token={token}&millisecondsTimeout=3");
    assert_eq!(message(&without_version), "Nullable object must have a value.");
    let without_token = "lastKnownStatusVersion=3&millisecondsTimeout=3";
    assert_eq!(message(without_token), "Missing API argument token.");
}

#[test]
fn cancelling_takes_effect_at_the_next_step() {
    let server = start_server(Duration::ZERO);
    let mut client = Client::new(&server);
    let first = client.call("VerifyStore", &VERIFY);
    let acknowledged = client.cancel(token_of(&first));
    assert_eq!(acknowledged.status, 200);
    assert_eq!(acknowledged.json()["result"], Value::Null);
    assert_eq!(acknowledged.json()["token"], Value::Null);
    let last = client.status(token_of(&first), 3, 1000).json();
    assert_eq!(last["statusCode"], "failed");
    assert!(
        last["error"]["message"].as_str().unwrap().contains("cancelled"),
        "{last}"
    );
    assert!(last["percentProgress"].as_i64().unwrap() < 100);
}

#[test]
fn cancelling_a_finished_call_changes_nothing() {
    let server = start_server(Duration::ZERO);
    let mut client = Client::new(&server);
    let (_, last) = client.finish("VerifyStore", &VERIFY);
    assert_eq!(client.cancel(token_of(&last)).status, 200);
    assert_eq!(
        client.status(token_of(&last), 0, 0).json()["statusCode"],
        "succeeded"
    );
}

#[test]
fn a_cancelled_call_has_no_effect() {
    let server = start_server(Duration::ZERO);
    let mut client = Client::new(&server);
    let before = client.result("GetStores", &[]);
    let first = client.call("MergeStore", &[("id", "3"), ("sourceId", "2")]);
    client.cancel(token_of(&first));
    assert_eq!(
        client.status(token_of(&first), 3, 0).json()["statusCode"],
        "failed"
    );
    assert_eq!(client.result("GetStores", &[]), before);
}

#[test]
fn calls_without_polls_are_executed() {
    let server = start_server(Duration::from_millis(1));
    let mut client = Client::new(&server);
    client.call("MergeStore", &[("id", "3"), ("sourceId", "2")]);
    let deadline = Instant::now() + Duration::from_secs(30);
    while client.result("GetStores", &[])[1]["statisticsCount"] != 0 {
        assert!(Instant::now() < deadline, "the call never ends");
    }
}

#[test]
fn unknown_and_forgotten_tokens_are_not_found() {
    let server = Simulator::builder(Edition::Server)
        .step(Duration::ZERO)
        .token_lifetime(Duration::ZERO)
        .start()
        .unwrap();
    let mut client = Client::new(&server);
    let unknown = "0".repeat(32);
    assert_eq!(client.status(&unknown, 3, 1000).status, 404);
    assert_eq!(client.cancel(&unknown).status, 404);
    let first = client.call("CompactMasterDatabase", &[]);
    // The status of the last step is reported. Afterwards, the token is invalid.
    assert_eq!(
        client.status(token_of(&first), 3, 0).json()["statusCode"],
        "succeeded"
    );
    assert_eq!(client.status(token_of(&first), 0, 0).status, 404);
    assert_eq!(client.cancel(token_of(&first)).status, 404);
}

#[test]
fn calls_run_concurrently() {
    let server = start_server(Duration::ZERO);
    let mut client = Client::new(&server);
    let tasks: Vec<Value> = (0..50).map(|_| client.call("VerifyStore", &VERIFY)).collect();
    let tokens: std::collections::BTreeSet<&str> = tasks.iter().map(token_of).collect();
    assert_eq!(tokens.len(), 50);
    let first = client.status(token_of(&tasks[0]), 3, 0).json();
    assert!(first["statusVersion"].as_i64().unwrap() > 3);
    assert_eq!(server.starts("VerifyStore"), 50);
    assert_eq!(client.cancel(token_of(&tasks[1])).status, 200);
    assert_eq!(
        client.status(token_of(&tasks[1]), 3, 0).json()["statusCode"],
        "failed"
    );
    assert_eq!(
        client.status(token_of(&tasks[2]), 3, 0).json()["statusCode"],
        "running"
    );
}

#[test]
fn calls_can_finish_within_their_first_response() {
    let server = Simulator::builder(Edition::Server)
        .immediate(true)
        .start()
        .unwrap();
    let envelope = Client::new(&server).call("VerifyStore", &VERIFY);
    assert_eq!(envelope["statusCode"], "succeeded");
    assert_eq!(envelope["statusVersion"], 2);
    assert_eq!(envelope["token"], Value::Null);
    assert!(
        envelope["logOutput"]
            .as_str()
            .unwrap()
            .ends_with("Finished. No errors have been found.\r\n")
    );
}

#[test]
fn read_only_calls_can_be_made_long() {
    let server = Simulator::builder(Edition::Server)
        .step(Duration::ZERO)
        .long_running("GetUsers")
        .long_running("GetUserInfo")
        .start()
        .unwrap();
    let mut client = Client::new(&server);
    assert_eq!(client.call("GetUsers", &[])["statusCode"], "running");
    let (log, last) = client.finish("GetUsers", &[]);
    assert_eq!(log, "");
    assert_eq!(last["result"][0]["userName"], "admin");
    let (_, last) = client.finish("GetUserInfo", &[("userName", "nobody")]);
    assert_eq!(last["statusCode"], "failed");
    assert!(last["token"].is_string());
    assert!(last["error"]["message"].as_str().unwrap().contains("nobody"));
}

#[test]
fn every_poll_takes_a_step_even_without_news() {
    let server = start_server(Duration::ZERO);
    let mut client = Client::new(&server);
    let first = client.call("VerifyStore", &VERIFY);
    // A caller that always sends the same version reaches the end as well.
    let ended = (0..100).any(|_| client.status(token_of(&first), -1, 0).json()["statusCode"] == "succeeded");
    assert!(ended);
}
