//! The updates of a call as a stream, over sockets.

use futures_util::{FutureExt, StreamExt, TryStreamExt};
use mailstore_api::server::types::StoreId;
use mailstore_api::{StatusCode, Update};
use mailstore_sim::{Fault, Phase};

use crate::simulated::{client, only_call, quick};

#[tokio::test]
async fn a_stream_brings_every_update_and_ends_with_the_call() {
    let simulator = quick(12);
    let mut task = client(&simulator)
        .verify_store(StoreId(1), true)
        .start()
        .await
        .unwrap();
    let updates: Vec<Update> = task.updates().try_collect().await.unwrap();
    let log: String = updates.iter().map(Update::log).collect();
    assert_eq!(log, only_call(&simulator).log);
    assert_eq!(updates.len(), 13, "the first answer and each step");
    let (last, before) = updates.split_last().unwrap();
    assert_eq!(last.status(), &StatusCode::Succeeded);
    assert!(
        before
            .iter()
            .all(|update| update.status() == &StatusCode::Running)
    );
    assert!(task.updates().next().await.is_none(), "and stays at its end");
    task.await.unwrap();
}

#[tokio::test]
async fn a_stream_that_is_dropped_midway_loses_nothing() {
    let simulator = quick(20);
    let mut task = client(&simulator)
        .verify_store(StoreId(1), true)
        .start()
        .await
        .unwrap();
    let mut log = String::new();
    for taken in 0..20 {
        // After so many updates, and with the next poll under way.
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
    let refused = Fault::status(401).on(Phase::Poll).nth(3).times(1);
    simulator.inject(refused).unwrap();
    let mut task = client(&simulator)
        .verify_store(StoreId(1), true)
        .start()
        .await
        .unwrap();
    let mut all: Vec<_> = task.updates().collect().await;
    let error = all.pop().unwrap().unwrap_err();
    assert!(error.is_auth() && all.iter().all(Result::is_ok));
    let token = error.task_token().unwrap().clone();
    let mut resumed = client(&simulator).resume::<()>(token).unwrap();
    let rest: Vec<Update> = resumed.updates().try_collect().await.unwrap();
    let log: String = all.iter().flatten().chain(&rest).map(Update::log).collect();
    assert_eq!(log, only_call(&simulator).log);
}

/// It was sent 3,472 times in 3 seconds.
#[tokio::test]
async fn a_stream_sends_refused_credentials_once() {
    let simulator = quick(6);
    let refused = simulator.inject(Fault::status(401).on(Phase::Poll)).unwrap();
    let mut task = client(&simulator)
        .verify_store(StoreId(1), true)
        .start()
        .await
        .unwrap();
    task.updates().for_each(async |_| {}).await;
    assert_eq!(refused.applied(), 1);
}
