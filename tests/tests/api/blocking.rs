//! Tests of blocking calls, outside and inside an async runtime.

use std::time::Duration;

use mailstore_api::WaitOptions;
use mailstore_api::server::Client;
use mailstore_api::server::types::StoreId;

use crate::simulated::{builder, connect, frozen, only_call, quick};

/// Follows a call step by step and returns its log.
fn follow(client: &Client) -> String {
    assert!(
        !client
            .get_server_info()
            .send_blocking()
            .unwrap()
            .version
            .is_empty()
    );
    let mut task = client.verify_store(StoreId(1), true).start_blocking().unwrap();
    let mut log = String::new();
    while let Some(update) = task.next_blocking().unwrap() {
        log.push_str(update.log());
    }
    task.wait_blocking(WaitOptions::new()).unwrap();
    log
}

#[test]
fn a_plain_thread_needs_no_runtime() {
    let simulator = quick(10);
    let log = follow(&connect(&simulator));
    assert!(!log.is_empty());
    assert_eq!(log, only_call(&simulator).log);
}

#[test]
fn threads_share_a_client() {
    let simulator = quick(10);
    let client = connect(&simulator);
    let logs: Vec<String> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| follow(&client))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let calls = simulator.tasks();
    assert_eq!(calls.len(), 8);
    for (log, call) in logs.iter().zip(&calls) {
        assert_eq!((log, call.status), (&call.log, "succeeded"));
    }
}

#[test]
fn limits_and_cancelling_work_without_a_runtime() {
    let simulator = frozen();
    let client = connect(&simulator);
    let task = client.verify_store(StoreId(1), true).start_blocking().unwrap();
    let soon = WaitOptions::new().total(Duration::from_millis(60));
    let error = task.wait_blocking(soon).unwrap_err();
    assert!(error.is_wait_limit(), "{error}");

    let simulator = quick(50);
    let client = builder(&simulator).build().unwrap();
    let mut task = client.verify_store(StoreId(1), true).start_blocking().unwrap();
    task.request_cancel_blocking().unwrap();
    assert!(task.cancel_blocking().unwrap_err().is_cancelled());
}

/// The connection of the async call belongs to a runtime that makes no progress while its thread blocks.
#[tokio::test]
async fn a_blocking_call_after_an_async_call_does_not_deadlock_a_runtime_of_one_thread() {
    let simulator = quick(10);
    let client = builder(&simulator)
        .request_timeout(Duration::from_secs(20))
        .build()
        .unwrap();
    client.get_server_info().await.unwrap();
    assert_eq!(follow(&client), only_call(&simulator).log);
    client.get_server_info().await.unwrap();
    assert_eq!(simulator.polls("VerifyStore"), 10, "no poll was lost");
}

/// `next` starts the poll, and `next_blocking` finishes it.
#[tokio::test]
async fn a_blocking_poll_continues_a_running_poll() {
    let simulator = quick(10);
    let mut task = connect(&simulator)
        .verify_store(StoreId(1), true)
        .start()
        .await
        .unwrap();
    let mut log = task.next().await.unwrap().unwrap().log().to_owned();
    tokio::select! {
        biased;
        update = task.next() => log.push_str(update.unwrap().unwrap().log()),
        () = tokio::task::yield_now() => {}
    }
    while let Some(update) = task.next_blocking().unwrap() {
        log.push_str(update.log());
    }
    assert_eq!(log, only_call(&simulator).log);
    task.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn blocking_inside_a_runtime_of_many_threads_works() {
    let simulator = quick(10);
    let client = connect(&simulator);
    client.get_server_info().await.unwrap();
    let logs = [0, 1].map(|_| {
        let client = client.clone();
        tokio::spawn(async move { follow(&client) })
    });
    for log in logs {
        assert!(!log.await.unwrap().is_empty());
    }
    let calls = simulator.tasks();
    assert!(calls.len() == 2 && calls.iter().all(|call| call.status == "succeeded"));
}

#[test]
fn finish_blocking_returns_the_outcome_of_a_task() {
    let simulator = quick(10);
    let client = connect(&simulator);
    let mut task = client.verify_store(StoreId(1), true).start_blocking().unwrap();
    while let Some(update) = task.next_blocking().unwrap() {
        if update.version() > 3 {
            break;
        }
    }
    task.finish_blocking().unwrap();
    assert_eq!(only_call(&simulator).status, "succeeded");

    let mut task = client.verify_store(StoreId(1), true).start_blocking().unwrap();
    task.request_cancel_blocking().unwrap();
    while task.next_blocking().unwrap().is_some() {}
    assert!(task.finish_blocking().unwrap_err().is_cancelled());
}
