//! Hundreds of running calls on one client share a few connections, and none is lost.

use std::collections::HashMap;
use std::time::Duration;

use mailstore_api::server::types::StoreId;
use mailstore_api::{StatusCode, Task};

use crate::simulated::{builder, quick};
use tokio::time::timeout;

const TASKS: usize = 300;
const UPDATES: usize = 10;
const POLLS_AT_ONCE: usize = 4;

/// Gives token, log and number of updates.
async fn follow(mut task: Task<()>) -> (String, String, usize) {
    let token = task.token().unwrap().expose().to_owned();
    let (mut log, mut count, mut last) = (String::new(), 0, None);
    while let Some(update) = task.next().await.unwrap() {
        log.push_str(update.log());
        count += 1;
        last = Some(update.status().clone());
    }
    assert_eq!(last, Some(StatusCode::Succeeded));
    task.await.unwrap();
    (token, log, count)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_hundred_calls_on_four_connections() {
    let simulator = quick(UPDATES);
    let client = builder(&simulator).polls_at_once(POLLS_AT_ONCE).build().unwrap();
    // One start at a time, while the calls that run already are followed.
    let mut following = Vec::new();
    for _ in 0..TASKS {
        let task = client.verify_store(StoreId(1), true).start().await.unwrap();
        following.push(tokio::spawn(follow(task)));
    }
    let mut told = HashMap::new();
    for followed in following {
        let (token, log, count) = followed.await.unwrap();
        assert_eq!(count, UPDATES + 1, "the first answer and each step");
        told.insert(token, log);
    }
    let calls = simulator.tasks();
    assert_eq!(calls.len(), TASKS);
    for call in calls {
        assert_eq!(call.status, "succeeded");
        assert_eq!(told.get(&call.token), Some(&call.log));
    }
    assert_eq!(simulator.starts("VerifyStore"), TASKS);
    // A connection is free again a moment after its answer; a request that comes in between opens another one.
    let peak = simulator.connections_peak();
    // How many of those there are is up to the machine, but far fewer than calls.
    assert!(peak < TASKS / 10, "{peak} connections at once");
}

/// Their places in the queue took the slots and never used them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_whose_next_was_dropped_do_not_stop_the_others() {
    let simulator = quick(UPDATES);
    let client = builder(&simulator).polls_at_once(POLLS_AT_ONCE).build().unwrap();
    let mut aside = Vec::new();
    for _ in 0..5 * POLLS_AT_ONCE {
        let mut task = client.verify_store(StoreId(1), true).start().await.unwrap();
        task.next().await.unwrap();
        // Polled once.
        let _ = timeout(Duration::ZERO, task.next()).await;
        aside.push(task);
    }
    let mut following = Vec::new();
    for _ in 0..5 * POLLS_AT_ONCE {
        let task = client.verify_store(StoreId(1), true).start().await.unwrap();
        following.push(tokio::spawn(follow(task)));
    }
    for followed in following {
        followed.await.unwrap();
    }
    // They lost nothing.
    for task in aside {
        task.await.unwrap();
    }
    assert!(simulator.tasks().iter().all(|call| call.status == "succeeded"));
}
