//! Which functions a read-only explorer calls.

use mailstore_sim::{Edition, Simulator};
use serde_json::Value;

use crate::support::{Page, surface};

/// A form with a value for each argument.
fn form(function: &mailstore_api::Function) -> String {
    let pairs = function
        .arguments
        .iter()
        .map(|argument| format!("{}=1", argument.name));
    pairs.collect::<Vec<_>>().join("&")
}

async fn assert_only_reads(edition: Edition) {
    let simulator = Simulator::builder(edition).start().unwrap();
    let page = Page::read_only(&simulator).await;
    let mut read = Vec::new();
    for function in surface(edition).functions {
        let path = format!("/{}{}", function.path, function.name);
        // Also a confirmed call is refused.
        let response = page.post_confirmed(&path, &form(function), function.name).await;
        if function.effect.only_reads() {
            assert!(
                response.header("x-explorer").is_none(),
                "{}: {response:?}",
                function.name
            );
            read.push(function.name);
        } else {
            assert_eq!(response.status, 403, "{}", function.name);
            let message = response.json()["explorer"].as_str().unwrap().to_owned();
            assert!(
                message.contains(function.name) && message.contains("--allow-writes"),
                "{message}"
            );
        }
    }
    let received: Vec<_> = simulator
        .received()
        .into_iter()
        .map(|call| call.function)
        .collect();
    assert_eq!(received, read);
    assert!(read.len() > 10 && read.len() < surface(edition).functions.len() - 10);
}

#[tokio::test]
async fn a_read_only_explorer_of_the_server_sends_only_functions_that_read() {
    assert_only_reads(Edition::Server).await;
}

#[tokio::test]
async fn a_read_only_explorer_of_the_service_provider_edition_sends_only_functions_that_read() {
    assert_only_reads(Edition::Spe).await;
}

#[tokio::test]
async fn a_read_only_explorer_reads_the_function_list() {
    let simulator = Simulator::start().unwrap();
    let page = Page::read_only(&simulator).await;
    let response = page.post("/api/get-metadata", "").await;
    assert_eq!(response.status, 200);
    assert!(matches!(response.json(), Value::Array(functions) if !functions.is_empty()));
}

#[tokio::test]
async fn a_read_only_explorer_does_not_cancel_a_call_that_it_did_not_start() {
    let simulator = Simulator::start().unwrap();
    let other = Page::with_writes(&simulator).await;
    let started = other
        .post("/api/invoke/VerifyStore", "id=1&includeIndexes=false")
        .await;
    let token = started.json()["token"].as_str().unwrap().to_owned();
    let page = Page::read_only(&simulator).await;
    let response = page.post("/api/cancel-async", &format!("token={token}")).await;
    assert_eq!(response.status, 403);
    assert!(
        simulator.tasks().iter().all(|task| !task.cancelled),
        "{:?}",
        simulator.tasks()
    );
}

#[tokio::test]
async fn a_read_only_explorer_cancels_its_own_call_that_only_reads() {
    let simulator = Simulator::builder(Edition::Server)
        .long_running("GetUsers")
        .start()
        .unwrap();
    let page = Page::read_only(&simulator).await;
    let started = page.post("/api/invoke/GetUsers", "").await;
    let token = started.json()["token"].as_str().unwrap().to_owned();
    let response = page.post("/api/cancel-async", &format!("token={token}")).await;
    assert_eq!(response.status, 200, "{response:?}");
    assert!(simulator.tasks().iter().any(|task| task.cancelled));
}
