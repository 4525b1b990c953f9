//! Tests of dropped tasks, and of tokens of servers that have moved.

use mailstore_api::server::{Client, StoreId};
use mailstore_api::{ErrorKind, StatusToken};
use mailstore_sim::Simulator;

use crate::simulated;

fn client_at(address: &str, simulator: &Simulator) -> Client {
    simulated::admitted(Client::builder(address), simulator)
        .build()
        .expect("the client is built")
}

#[tokio::test]
async fn only_a_task_with_cancel_on_drop_is_cancelled_when_it_is_dropped() {
    let simulator = simulated::frozen();
    let client = simulated::connect(&simulator);
    let left = client
        .verify_store(StoreId(1), false)
        .start()
        .await
        .expect("the call starts");
    let guarded = client
        .verify_store(StoreId(2), false)
        .start()
        .await
        .expect("the call starts")
        .cancel_on_drop();
    drop(left);
    drop(guarded);
    // The cancel request is sent in the background. These calls give it time to arrive.
    let mut rounds = 0;
    while !simulator.tasks()[1].cancelled && rounds < 10_000 {
        client.get_server_info().await.expect("the call succeeds");
        rounds += 1;
    }
    assert!(
        simulator.tasks()[1].cancelled,
        "the task with cancel_on_drop was not cancelled"
    );
    assert!(!simulator.tasks()[0].cancelled, "dropping alone cancels nothing");
}

#[tokio::test]
async fn a_task_that_was_detached_is_not_cancelled() {
    let simulator = simulated::frozen();
    let client = simulated::connect(&simulator);
    let task = client
        .verify_store(StoreId(1), false)
        .start()
        .await
        .expect("the call starts")
        .cancel_on_drop();
    assert!(task.detach().is_some());
    for _ in 0..20 {
        client.get_server_info().await.expect("the call succeeds");
    }
    assert!(!simulator.tasks()[0].cancelled);
}

#[tokio::test]
async fn a_token_for_another_server_name_is_rejected_unless_it_is_moved() {
    let simulator = simulated::quick(3);
    let client = simulated::connect(&simulator);
    let task = client
        .verify_store(StoreId(1), false)
        .start()
        .await
        .expect("the call starts");
    let token: StatusToken = task.detach().expect("the call runs");

    let port = simulator.address().port();
    let renamed = client_at(&format!("https://localhost:{port}"), &simulator);
    let error = renamed
        .resume::<()>(token.clone())
        .expect_err("the token is for another name");
    assert!(matches!(error.kind(), ErrorKind::ForeignToken { .. }), "{error}");
    let moved = token.moved_to(renamed.connection());
    renamed
        .resume::<()>(moved)
        .expect("the token was moved")
        .await
        .expect("the call succeeds");
}
