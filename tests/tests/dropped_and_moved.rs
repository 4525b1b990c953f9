//! Tasks that are dropped, and tokens of servers that have moved.

use std::time::Duration;

use mailstore_api::server::{Client, StoreId};
use mailstore_api::{ErrorKind, StatusToken};
use mailstore_sim::{Edition, Simulator};

fn client_at(address: &str, simulator: &Simulator) -> Client {
    Client::builder(address)
        .credentials(simulator.user(), simulator.password())
        .certificate_authority(simulator.certificate_pem())
        .build()
        .expect("the client is built")
}

/// A simulator whose calls go on until somebody stops them.
fn endless() -> Simulator {
    Simulator::builder(Edition::Server)
        .step(Duration::from_secs(3600))
        .start()
        .expect("the simulator starts")
}

#[tokio::test]
async fn a_task_that_cancels_on_drop_does_and_another_does_not() {
    let simulator = endless();
    let client = client_at(simulator.url(), &simulator);
    let left = client
        .verify_store(StoreId(1), false)
        .start()
        .await
        .expect("started");
    let guarded = client
        .verify_store(StoreId(2), false)
        .start()
        .await
        .expect("started")
        .cancel_on_drop();
    drop(left);
    drop(guarded);
    // The request is on its way; others that go the same way give it time to arrive.
    let mut rounds = 0;
    while !simulator.tasks()[1].cancelled && rounds < 10_000 {
        client.get_server_info().await.expect("answered");
        rounds += 1;
    }
    assert!(
        simulator.tasks()[1].cancelled,
        "the guarded one was not cancelled"
    );
    assert!(!simulator.tasks()[0].cancelled, "dropping alone cancels nothing");
}

#[tokio::test]
async fn a_task_that_was_detached_is_not_cancelled() {
    let simulator = endless();
    let client = client_at(simulator.url(), &simulator);
    let task = client
        .verify_store(StoreId(1), false)
        .start()
        .await
        .expect("started")
        .cancel_on_drop();
    assert!(task.detach().is_some());
    for _ in 0..20 {
        client.get_server_info().await.expect("answered");
    }
    assert!(!simulator.tasks()[0].cancelled);
}

#[tokio::test]
async fn a_token_is_refused_under_another_name_unless_told_that_the_server_moved() {
    let simulator = Simulator::builder(Edition::Server)
        .step(Duration::ZERO)
        .start()
        .expect("the simulator starts");
    let client = client_at(simulator.url(), &simulator);
    let task = client
        .verify_store(StoreId(1), false)
        .start()
        .await
        .expect("started");
    let token: StatusToken = task.detach().expect("the call runs");

    let port = simulator.address().port();
    let renamed = client_at(&format!("https://localhost:{port}"), &simulator);
    let error = renamed.resume::<()>(token.clone()).expect_err("refused");
    assert!(matches!(error.kind(), ErrorKind::ForeignToken { .. }), "{error}");
    let moved = token.moved_to(renamed.connection());
    renamed
        .resume::<()>(moved)
        .expect("the same server")
        .await
        .expect("the call ends well");
}
