//! Tests that hundreds of running calls share a few connections of one client.

use std::collections::HashMap;
use std::time::Duration;

use mailstore_api::server::types::StoreId;
use mailstore_api::{StatusCode, Task};

use crate::simulated::{builder, quick};
use tokio::time::timeout;

const TASKS: usize = 300;
const UPDATES: usize = 10;
const POLLS_AT_ONCE: usize = 4;

/// Follows a task. Returns its token, its log and the number of updates.
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
async fn three_hundred_calls_run_with_four_polls_at_once() {
    let simulator = quick(UPDATES);
    let client = builder(&simulator).polls_at_once(POLLS_AT_ONCE).build().unwrap();
    // Starts one call at a time while the running calls are followed.
    let mut following = Vec::new();
    for _ in 0..TASKS {
        let task = client.verify_store(StoreId(1), true).start().await.unwrap();
        following.push(tokio::spawn(follow(task)));
    }
    let mut logs = HashMap::new();
    for followed in following {
        let (token, log, count) = followed.await.unwrap();
        assert_eq!(count, UPDATES + 1, "the first response and each step");
        logs.insert(token, log);
    }
    let calls = simulator.tasks();
    assert_eq!(calls.len(), TASKS);
    for call in calls {
        assert_eq!(call.status, "succeeded");
        assert_eq!(logs.get(&call.token), Some(&call.log));
    }
    assert_eq!(simulator.starts("VerifyStore"), TASKS);
    // A connection becomes free shortly after its response. A request before that opens another connection.
    let peak = simulator.connections_peak();
    // The number of connections depends on the machine, but is far smaller than the number of calls.
    assert!(peak < TASKS / 10, "{peak} connections at once");
}

/// A fixed bug: dropped futures kept slots and never used them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_with_a_dropped_next_do_not_block_other_tasks() {
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
    // The tasks with a dropped `next` lost nothing.
    for task in aside {
        task.await.unwrap();
    }
    assert!(simulator.tasks().iter().all(|call| call.status == "succeeded"));
}
