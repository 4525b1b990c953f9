//! Long calls: progress, cancellation, limits, and the end of the client.

use std::time::Duration;

use mailstore_mcp::{Limits, Settings};
use mailstore_sim::{Builder, Edition, Fault, Phase, Simulator};
use rmcp::model::ServerResult;
use serde_json::json;

use crate::support::{NoTerminal, Scene};

/// A server on which `GetStores` is a long call.
fn long(steps: usize, step: Duration) -> Builder {
    Simulator::builder(Edition::Server)
        .long_running("GetStores")
        .steps(steps)
        .step(step)
}

/// The end of the running call on the server. It waits by asking the server.
async fn wait_for_cancel(scene: &Scene) {
    while !scene.simulator.tasks().iter().any(|task| task.cancelled) {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_long_call_reports_progress_that_grows() {
    let mut scene = Scene::of(long(6, Duration::ZERO), Settings::read_only(), NoTerminal).await;
    let call = scene.start("GetStores", json!({})).await;
    let token = call.progress_token.clone();
    let Ok(ServerResult::CallToolResult(result)) = call.await_response().await else {
        panic!("no result");
    };
    assert_eq!(result.is_error, Some(false), "{result:?}");
    let mut last = 0.0;
    let mut count = 0;
    while let Ok(notification) = scene.progress.try_recv() {
        assert_eq!(notification.progress_token, token);
        assert!(notification.progress > last, "{notification:?} after {last}");
        last = notification.progress;
        count += 1;
        if let Some(message) = &notification.message {
            assert!(message.starts_with("data from the server: "), "{message}");
        }
    }
    assert!(count >= 3, "{count} notifications");
    assert_eq!(scene.simulator.starts("GetStores"), 1);
}

#[tokio::test]
async fn a_cancelled_request_cancels_the_call_on_the_server() {
    let server = long(10_000, Duration::from_millis(100));
    let mut scene = Scene::of(server, Settings::read_only(), NoTerminal).await;
    let call = scene.start("GetStores", json!({})).await;
    // The call is running when its first progress arrives.
    scene.progress.recv().await.unwrap();
    call.cancel(Some("no longer needed".to_owned())).await.unwrap();
    wait_for_cancel(&scene).await;
    assert_eq!(scene.simulator.starts("GetStores"), 1);
    // The connection is still usable.
    let answer = scene.call("GetServerInfo", json!({})).await;
    assert!(!answer.is_error, "{answer:?}");
}

#[tokio::test]
async fn the_end_of_the_client_cancels_running_calls_and_ends_the_server() {
    let server = long(10_000, Duration::from_millis(100));
    let mut scene = Scene::of(server, Settings::read_only(), NoTerminal).await;
    let _call = scene.start("GetStores", json!({})).await;
    scene.progress.recv().await.unwrap();
    scene.client.close().await.unwrap();
    scene.served.await.unwrap().unwrap();
    let tasks = scene.simulator.tasks();
    assert!(tasks[0].cancelled, "{tasks:?}");
}

#[tokio::test]
async fn a_call_that_reaches_its_limit_is_cancelled_and_says_so() {
    let limits = Limits {
        timeout: Some(Duration::from_millis(300)),
        stalled: None,
    };
    let server = long(10_000, Duration::from_millis(100));
    let scene = Scene::of(server, Settings::read_only().limits(limits), NoTerminal).await;
    let answer = scene.call("GetStores", json!({})).await;
    assert!(answer.error().contains("reached a time limit"), "{answer:?}");
    assert!(answer.error().contains("asked to cancel it"), "{answer:?}");
    assert!(scene.simulator.tasks()[0].cancelled);
}

#[tokio::test]
async fn a_read_whose_account_is_rejected_while_it_runs_has_no_result() {
    let scene = Scene::of(long(3, Duration::ZERO), Settings::read_only(), NoTerminal).await;
    let fault = Fault::status(401).on(Phase::Poll).of("GetStores");
    scene.simulator.inject(fault).unwrap();
    let answer = scene.call("GetStores", json!({})).await;
    assert!(answer.error().contains("so there is no result"), "{answer:?}");
    assert!(!answer.error().contains("not executed"), "{answer:?}");
}
