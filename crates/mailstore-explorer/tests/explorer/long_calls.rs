//! Long calls: their progress and their cancellation.

use std::time::Duration;

use mailstore_sim::{Edition, Simulator};
use serde_json::Value;

use crate::support::Page;

const VERIFY: &str = "/api/invoke/VerifyStore";
const STORE: &str = "id=1&includeIndexes=false";

/// Asks for the next status of a call, as the page does.
async fn status(page: &Page, reply: &Value) -> Value {
    let token = reply["token"].as_str().unwrap();
    let body = format!(
        "token={token}&lastKnownStatusVersion={}&millisecondsTimeout=5000",
        reply["statusVersion"]
    );
    let response = page.post("/api/get-status", &body).await;
    assert_eq!(response.status, 200);
    response.json()
}

/// A simulator whose long calls make a step with each request.
fn fast() -> Simulator {
    let builder = Simulator::builder(Edition::Server);
    builder.step(Duration::ZERO).start().unwrap()
}

/// Asks for the status of a call until it ends. Returns all replies.
async fn follow(page: &Page, first: Value) -> Vec<Value> {
    let token = first["token"].clone();
    let mut replies = vec![first];
    while replies.last().unwrap()["statusCode"] == "running" {
        let mut known = replies.last().unwrap().clone();
        known["token"] = token.clone();
        replies.push(status(page, &known).await);
    }
    replies
}

#[tokio::test]
async fn the_page_follows_a_long_call_until_its_end() {
    let simulator = fast();
    let page = Page::with_writes(&simulator).await;
    let first = page.post(VERIFY, STORE).await.json();
    assert_eq!(first["statusCode"], "running");
    let replies = follow(&page, first).await;
    assert_eq!(replies.last().unwrap()["statusCode"], "succeeded");
    let log: String = replies
        .iter()
        .filter_map(|reply| reply["logOutput"].as_str())
        .collect();
    assert_eq!(log, simulator.tasks()[0].log, "each part of the log arrived once");
}

#[tokio::test]
async fn the_page_cancels_a_long_call() {
    let simulator = Simulator::builder(Edition::Server)
        .step(Duration::from_millis(20))
        .start()
        .unwrap();
    let page = Page::with_writes(&simulator).await;
    let first = page.post(VERIFY, STORE).await.json();
    let token = first["token"].as_str().unwrap().to_owned();
    assert_eq!(
        page.post("/api/cancel-async", &format!("token={token}"))
            .await
            .status,
        200
    );
    let replies = follow(&page, first).await;
    assert_eq!(replies.last().unwrap()["statusCode"], "failed");
    assert!(simulator.tasks()[0].cancelled);
}

#[tokio::test]
async fn a_page_that_is_closed_cancels_nothing() {
    let simulator = fast();
    let page = Page::with_writes(&simulator).await;
    let first = page.post(VERIFY, STORE).await.json();
    // The same person opens the page again.
    drop(page);
    let page = Page::with_writes(&simulator).await;
    let replies = follow(&page, first).await;
    assert_eq!(replies.last().unwrap()["statusCode"], "succeeded");
    assert!(!simulator.tasks()[0].cancelled);
}

#[tokio::test]
async fn a_request_of_a_closed_page_is_still_sent() {
    let simulator = Simulator::start().unwrap();
    let page = Page::with_writes(&simulator).await;
    page.post_and_leave("/api/invoke/CreateUser", "userName=anna&privileges=login")
        .await;
    while simulator.starts("CreateUser") == 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_unknown_token_is_the_answer_of_the_server() {
    let simulator = Simulator::start().unwrap();
    let page = Page::read_only(&simulator).await;
    let body = "token=00000000000000000000000000000000&lastKnownStatusVersion=1&millisecondsTimeout=0";
    let response = page.post("/api/get-status", body).await;
    assert_eq!((response.status, response.header("x-explorer")), (404, None));
}
