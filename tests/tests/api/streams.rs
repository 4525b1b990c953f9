//! Tests of updates as a stream, over sockets.

use futures_util::{FutureExt, StreamExt, TryStreamExt};
use mailstore_api::server::types::StoreId;
use mailstore_api::{StatusCode, Update};
use mailstore_sim::{Fault, Phase};

use crate::simulated::{connect, only_call, quick};

#[tokio::test]
async fn a_stream_returns_every_update_and_ends_with_the_call() {
    let simulator = quick(12);
    let mut task = connect(&simulator)
        .verify_store(StoreId(1), true)
        .start()
        .await
        .unwrap();
    let updates: Vec<Update> = task.updates().try_collect().await.unwrap();
    let log: String = updates.iter().map(Update::log).collect();
    assert_eq!(log, only_call(&simulator).log);
    assert_eq!(updates.len(), 13, "the first response and each step");
    let (last, before) = updates.split_last().unwrap();
    assert_eq!(last.status(), &StatusCode::Succeeded);
    assert!(
        before
            .iter()
            .all(|update| update.status() == &StatusCode::Running)
    );
    assert!(
        task.updates().next().await.is_none(),
        "the stream stays at its end"
    );
    task.await.unwrap();
}

#[tokio::test]
async fn a_stream_that_is_dropped_midway_loses_nothing() {
    let simulator = quick(20);
    let mut task = connect(&simulator)
        .verify_store(StoreId(1), true)
        .start()
        .await
        .unwrap();
    let mut log = String::new();
    for taken in 0..20 {
        // The stream is dropped after some updates, while the next poll is running.
        let mut updates = task.updates();
        for _ in 0..taken % 3 {
            if let Some(update) = updates.next().await {
                log.push_str(update.unwrap().log());
            }
        }
        if let Some(Some(update)) = updates.next().now_or_never() {
            log.push_str(update.unwrap().log());
        }
        tokio::task::yield_now().await;
    }
    while let Some(update) = task.next().await.unwrap() {
        log.push_str(update.log());
    }
    assert_eq!(log, only_call(&simulator).log);
    task.await.unwrap();
}

#[tokio::test]
async fn an_error_ends_the_stream_and_the_call_is_resumed_from_its_token() {
    let simulator = quick(6);
    let rejected = Fault::status(401).on(Phase::Poll).nth(3).times(1);
    simulator.inject(rejected).unwrap();
    let mut task = connect(&simulator)
        .verify_store(StoreId(1), true)
        .start()
        .await
        .unwrap();
    let mut all: Vec<_> = task.updates().collect().await;
    let error = all.pop().unwrap().unwrap_err();
    assert!(error.is_auth() && all.iter().all(Result::is_ok));
    let token = error.task_token().unwrap().clone();
    let mut resumed = connect(&simulator).resume::<()>(token).unwrap();
    let rest: Vec<Update> = resumed.updates().try_collect().await.unwrap();
    let log: String = all.iter().flatten().chain(&rest).map(Update::log).collect();
    assert_eq!(log, only_call(&simulator).log);
}

/// A fixed bug: the request was sent 3,472 times in 3 seconds.
#[tokio::test]
async fn a_stream_sends_rejected_credentials_once() {
    let simulator = quick(6);
    let rejected = simulator.inject(Fault::status(401).on(Phase::Poll)).unwrap();
    let mut task = connect(&simulator)
        .verify_store(StoreId(1), true)
        .start()
        .await
        .unwrap();
    task.updates().for_each(async |_| {}).await;
    assert_eq!(rejected.applied(), 1);
}
