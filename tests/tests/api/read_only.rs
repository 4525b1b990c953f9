//! Tests that read-only clients reject every function of both editions that may change a server.

use std::error::Error as _;
use std::time::Duration;

use mailstore_api::server::types::StoreId;
use mailstore_api::{
    Call, Connection, Effect, Error, ErrorKind, Json, StatusToken, WaitOptions, server, spe,
};
use mailstore_sim::{Edition, Simulator};
use mailstore_tests::every_call;

use crate::simulated::{admitted, builder, connect, frozen, only_call, quick, start_simulator};

/// Returns the functions of a client that are read-only, or those that are not.
fn functions(connection: &Connection, reads: bool) -> Vec<(&'static str, Effect)> {
    let functions = connection.surface().functions.iter();
    functions
        .filter(|function| function.effect.only_reads() == reads)
        .map(|function| (function.name, function.effect))
        .collect()
}

#[track_caller]
fn assert_rejected(error: &Error, name: &str, rejected: Effect) {
    assert!(
        matches!(error.kind(), ErrorKind::ReadOnly { effect, .. } if *effect == rejected),
        "{error}"
    );
    assert!(error.is_read_only() && !error.is_transient());
    // A call that is not cancelled continues.
    assert_eq!(error.is_outcome_unknown(), error.is_cancel_failure());
    let text = error.to_string();
    assert!(
        text.contains(name) && text.contains(rejected.as_str()) && text.contains("`read_only`"),
        "{text}"
    );
}

#[track_caller]
fn assert_untouched(simulator: &Simulator) {
    assert_eq!(simulator.connections(), 0, "a connection was opened");
    assert!(simulator.received().is_empty());
}

/// Asserts that calls by name are rejected, in every way to send them and also with unknown names.
async fn assert_rejected_by_name(connection: &Connection) {
    assert!(connection.is_read_only());
    let mut rejected = functions(connection, false);
    assert!(rejected.len() > 60, "{rejected:?}");
    rejected.extend([("GetNovelty", Effect::Unknown), ("deleteuser", Effect::Unknown)]);
    for (name, effect) in rejected {
        let call = || Call::<Json>::new(connection, name);
        assert_rejected(&call().await.unwrap_err(), name, effect);
        assert_rejected(&call().start().await.unwrap_err(), name, effect);
        assert_rejected(&call().raw().await.unwrap_err(), name, effect);
    }
}

fn assert_rejected_by_name_blocking(connection: &Connection) {
    for (name, effect) in functions(connection, false) {
        let call = || Call::<Json>::new(connection, name);
        assert_rejected(&call().send_blocking().unwrap_err(), name, effect);
        assert_rejected(&call().start_blocking().unwrap_err(), name, effect);
    }
}

/// Asserts that of the calls of all methods, only the read-only calls were executed.
#[track_caller]
fn assert_only_reads(connection: &Connection, unanswered: &[(&'static str, Error)], simulator: &Simulator) {
    let rejected = functions(connection, false);
    let names = |functions: &[(&'static str, Effect)]| -> Vec<_> {
        functions.iter().map(|(name, _)| (*name).to_owned()).collect()
    };
    for ((name, error), (expected, effect)) in unanswered.iter().zip(&rejected) {
        assert_eq!(name, expected);
        assert_rejected(error, name, *effect);
    }
    assert_eq!(unanswered.len(), rejected.len(), "{unanswered:?}");
    let received = simulator.received();
    let arrived: Vec<_> = received.iter().map(|call| call.function.clone()).collect();
    assert_eq!(arrived, names(&functions(connection, true)));
    assert!(
        received
            .iter()
            .all(|call| call.accepted && call.problems.is_empty()),
        "{received:?}"
    );
}

#[tokio::test]
async fn a_read_only_server_client_sends_only_read_only_calls() {
    let simulator = start_simulator(Edition::Server);
    let client = builder(&simulator).read_only().build().unwrap();
    assert_rejected_by_name(client.connection()).await;
    assert_untouched(&simulator);
    let unanswered = every_call::server::call_all(&client).await;
    assert_only_reads(client.connection(), &unanswered, &simulator);
}

#[tokio::test]
async fn a_read_only_spe_client_sends_only_read_only_calls() {
    let simulator = start_simulator(Edition::Spe);
    let client: spe::Client = admitted(spe::Client::builder(simulator.url()), &simulator)
        .read_only()
        .build()
        .unwrap();
    assert_rejected_by_name(client.connection()).await;
    assert_untouched(&simulator);
    let unanswered = every_call::spe::call_all(&client).await;
    assert_only_reads(client.connection(), &unanswered, &simulator);
}

#[test]
fn a_blocking_read_only_client_sends_only_read_only_calls() {
    let server = start_simulator(Edition::Server);
    let client = builder(&server).read_only().build().unwrap();
    assert_rejected_by_name_blocking(client.connection());
    assert_untouched(&server);
    assert!(!client.get_users().send_blocking().unwrap().is_empty());
    assert_eq!(server.starts("GetUsers"), 1);

    let spe = start_simulator(Edition::Spe);
    let builder = admitted(spe::Client::builder(spe.url()), &spe);
    assert_rejected_by_name_blocking(builder.read_only().build().unwrap().connection());
    assert_untouched(&spe);
}

#[tokio::test]
async fn instances_and_clones_of_a_read_only_client_are_read_only() {
    let simulator = start_simulator(Edition::Spe);
    let builder = admitted(spe::Client::builder(simulator.url()), &simulator);
    let client = builder.read_only().build().unwrap();
    let instance = client.clone().instance("demo");
    let error = instance.delete_user("john.doe").await.unwrap_err();
    assert_rejected(&error, "DeleteUser", Effect::Destructive);
    assert_untouched(&simulator);
    assert!(!instance.get_users().await.unwrap().is_empty());
}

/// Starts a verification with a client that is not read-only. Returns its token.
async fn verification(simulator: &Simulator) -> StatusToken {
    let call = connect(simulator).verify_store(StoreId(1), true);
    call.start().await.unwrap().detach().unwrap()
}

fn connect_monitor(simulator: &Simulator) -> server::Client {
    builder(simulator).read_only().build().unwrap()
}

#[tokio::test]
async fn a_call_of_another_client_can_be_followed() {
    let simulator = quick(5);
    let token = verification(&simulator).await;
    let mut task = connect_monitor(&simulator).resume::<()>(token).unwrap();
    let mut log = String::new();
    while let Some(update) = task.next().await.unwrap() {
        log.push_str(update.log());
    }
    task.await.unwrap();
    assert_eq!(log, only_call(&simulator).log);
}

#[tokio::test]
async fn a_call_of_another_client_is_not_cancelled_and_can_still_be_followed() {
    let simulator = quick(5);
    let token = verification(&simulator).await;
    let monitor = connect_monitor(&simulator);
    let mut task = monitor.resume::<()>(token.clone()).unwrap();
    let error = task.request_cancel().await.unwrap_err();
    assert_rejected(&error, "VerifyStore", Effect::Action);
    assert_eq!(error.task_token(), task.token());
    assert_rejected(&task.cancel().await.unwrap_err(), "VerifyStore", Effect::Action);
    drop(monitor.resume::<()>(token.clone()).unwrap().cancel_on_drop());
    monitor.resume::<()>(token).unwrap().await.unwrap();
    let call = only_call(&simulator);
    assert!(!call.cancelled && call.status == "succeeded", "{call:?}");
}

#[test]
fn a_blocking_client_does_not_cancel_a_call_of_another_client() {
    let simulator = frozen();
    let started = connect(&simulator)
        .verify_store(StoreId(1), true)
        .start_blocking();
    let token = started.unwrap().detach().unwrap();
    let monitor = connect_monitor(&simulator);
    let mut task = monitor.resume::<()>(token).unwrap();
    let before = simulator.connections();
    assert!(task.request_cancel_blocking().unwrap_err().is_read_only());
    assert!(task.cancel_blocking().unwrap_err().is_read_only());
    assert_eq!(simulator.connections(), before);
    assert!(!only_call(&simulator).cancelled);
}

#[tokio::test]
async fn a_wait_that_would_cancel_ends_at_its_limit() {
    let simulator = frozen();
    let token = verification(&simulator).await;
    let task = connect_monitor(&simulator).resume::<()>(token).unwrap();
    let options = WaitOptions::new()
        .total(Duration::from_millis(60))
        .cancel_at_limit();
    let error = task.wait(options).await.unwrap_err();
    assert_rejected(&error, "VerifyStore", Effect::Action);
    assert!(error.task_token().is_some());
    let cause = error.source().unwrap().downcast_ref::<Error>().unwrap();
    assert!(cause.is_wait_limit(), "{cause}");
    assert!(!only_call(&simulator).cancelled);
}

#[tokio::test]
async fn a_long_read_only_call_can_be_cancelled() {
    let simulator = Simulator::builder(Edition::Server)
        .step(Duration::ZERO)
        .steps(50)
        .long_running("GetFolderStatistics")
        .start()
        .unwrap();
    let task = connect_monitor(&simulator)
        .get_folder_statistics()
        .start()
        .await
        .unwrap();
    assert!(task.cancel().await.unwrap_err().is_cancelled());
    assert!(only_call(&simulator).cancelled);
}
