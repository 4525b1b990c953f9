//! Clients that only read: no function of either edition gets past them that may change a server.

use std::error::Error as _;
use std::time::Duration;

use mailstore_api::server::types::StoreId;
use mailstore_api::{
    Call, Connection, Effect, Error, ErrorKind, Json, StatusToken, WaitOptions, server, spe,
};
use mailstore_sim::{Edition, Simulator};
use mailstore_tests::every_call;

use crate::simulated::{admitted, builder, client, frozen, only_call, quick, simulator};

/// The functions of a client, by whether they only read.
fn functions(connection: &Connection, reads: bool) -> Vec<(&'static str, Effect)> {
    let functions = connection.surface().functions.iter();
    functions
        .filter(|function| function.effect.only_reads() == reads)
        .map(|function| (function.name, function.effect))
        .collect()
}

#[track_caller]
fn assert_refused(error: &Error, name: &str, refused: Effect) {
    assert!(
        matches!(error.kind(), ErrorKind::ReadOnly { effect, .. } if *effect == refused),
        "{error}"
    );
    assert!(error.is_read_only() && !error.is_transient());
    // A call that is not cancelled continues.
    assert_eq!(error.is_outcome_unknown(), error.is_cancel_failure());
    let text = error.to_string();
    assert!(
        text.contains(name) && text.contains(refused.as_str()) && text.contains("`read_only`"),
        "{text}"
    );
}

#[track_caller]
fn assert_untouched(simulator: &Simulator) {
    assert_eq!(simulator.connections(), 0, "a connection was opened");
    assert!(simulator.received().is_empty());
}

/// By name, in every way a call can be sent, and with an unknown name.
async fn refuses_by_name(connection: &Connection) {
    assert!(connection.is_read_only());
    let mut refused = functions(connection, false);
    assert!(refused.len() > 60, "{refused:?}");
    refused.extend([("GetNovelty", Effect::Unknown), ("deleteuser", Effect::Unknown)]);
    for (name, effect) in refused {
        let call = || Call::<Json>::new(connection, name);
        assert_refused(&call().await.unwrap_err(), name, effect);
        assert_refused(&call().start().await.unwrap_err(), name, effect);
        assert_refused(&call().raw().await.unwrap_err(), name, effect);
    }
}

fn refuses_by_name_blocking(connection: &Connection) {
    for (name, effect) in functions(connection, false) {
        let call = || Call::<Json>::new(connection, name);
        assert_refused(&call().send_blocking().unwrap_err(), name, effect);
        assert_refused(&call().start_blocking().unwrap_err(), name, effect);
    }
}

/// What became of a call of every method: those that read were carried out, and no others arrived.
#[track_caller]
fn assert_only_reads(connection: &Connection, unanswered: &[(&'static str, Error)], simulator: &Simulator) {
    let refused = functions(connection, false);
    let names = |functions: &[(&'static str, Effect)]| -> Vec<_> {
        functions.iter().map(|(name, _)| (*name).to_owned()).collect()
    };
    for ((name, error), (expected, effect)) in unanswered.iter().zip(&refused) {
        assert_eq!(name, expected);
        assert_refused(error, name, *effect);
    }
    assert_eq!(unanswered.len(), refused.len(), "{unanswered:?}");
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
async fn a_client_of_the_server_only_reads() {
    let simulator = simulator(Edition::Server);
    let client = builder(&simulator).read_only().build().unwrap();
    refuses_by_name(client.connection()).await;
    assert_untouched(&simulator);
    let unanswered = every_call::server::call_all(&client).await;
    assert_only_reads(client.connection(), &unanswered, &simulator);
}

#[tokio::test]
async fn a_client_of_the_service_provider_edition_only_reads() {
    let simulator = simulator(Edition::Spe);
    let client: spe::Client = admitted(spe::Client::builder(simulator.url()), &simulator)
        .read_only()
        .build()
        .unwrap();
    refuses_by_name(client.connection()).await;
    assert_untouched(&simulator);
    let unanswered = every_call::spe::call_all(&client).await;
    assert_only_reads(client.connection(), &unanswered, &simulator);
}

#[test]
fn a_blocking_client_only_reads() {
    let server = simulator(Edition::Server);
    let client = builder(&server).read_only().build().unwrap();
    refuses_by_name_blocking(client.connection());
    assert_untouched(&server);
    assert!(!client.get_users().send_blocking().unwrap().is_empty());
    assert_eq!(server.starts("GetUsers"), 1);

    let spe = simulator(Edition::Spe);
    let builder = admitted(spe::Client::builder(spe.url()), &spe);
    refuses_by_name_blocking(builder.read_only().build().unwrap().connection());
    assert_untouched(&spe);
}

#[tokio::test]
async fn instances_and_clones_are_as_read_only_as_their_client() {
    let simulator = simulator(Edition::Spe);
    let builder = admitted(spe::Client::builder(simulator.url()), &simulator);
    let client = builder.read_only().build().unwrap();
    let instance = client.clone().instance("demo");
    let error = instance.delete_user("john.doe").await.unwrap_err();
    assert_refused(&error, "DeleteUser", Effect::Destructive);
    assert_untouched(&simulator);
    assert!(!instance.get_users().await.unwrap().is_empty());
}

/// The token of a verification that a client with all rights has started.
async fn verification(simulator: &Simulator) -> StatusToken {
    let call = client(simulator).verify_store(StoreId(1), true);
    call.start().await.unwrap().detach().unwrap()
}

fn monitor(simulator: &Simulator) -> server::Client {
    builder(simulator).read_only().build().unwrap()
}

#[tokio::test]
async fn a_call_of_somebody_else_is_followed_to_its_end() {
    let simulator = quick(5);
    let token = verification(&simulator).await;
    let mut task = monitor(&simulator).resume::<()>(token).unwrap();
    let mut log = String::new();
    while let Some(update) = task.next().await.unwrap() {
        log.push_str(update.log());
    }
    task.await.unwrap();
    assert_eq!(log, only_call(&simulator).log);
}

#[tokio::test]
async fn a_call_of_somebody_else_is_not_cancelled_and_can_be_followed_on() {
    let simulator = quick(5);
    let token = verification(&simulator).await;
    let monitor = monitor(&simulator);
    let mut task = monitor.resume::<()>(token.clone()).unwrap();
    let error = task.request_cancel().await.unwrap_err();
    assert_refused(&error, "VerifyStore", Effect::Action);
    assert_eq!(error.task_token(), task.token());
    assert_refused(&task.cancel().await.unwrap_err(), "VerifyStore", Effect::Action);
    drop(monitor.resume::<()>(token.clone()).unwrap().cancel_on_drop());
    monitor.resume::<()>(token).unwrap().await.unwrap();
    let call = only_call(&simulator);
    assert!(!call.cancelled && call.status == "succeeded", "{call:?}");
}

#[test]
fn a_call_of_somebody_else_is_not_cancelled_by_a_blocking_client() {
    let simulator = frozen();
    let started = client(&simulator).verify_store(StoreId(1), true).start_blocking();
    let token = started.unwrap().detach().unwrap();
    let monitor = monitor(&simulator);
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
    let task = monitor(&simulator).resume::<()>(token).unwrap();
    let options = WaitOptions::new()
        .total(Duration::from_millis(60))
        .cancel_at_limit();
    let error = task.wait(options).await.unwrap_err();
    assert_refused(&error, "VerifyStore", Effect::Action);
    assert!(error.task_token().is_some());
    let cause = error.source().unwrap().downcast_ref::<Error>().unwrap();
    assert!(cause.is_wait_limit(), "{cause}");
    assert!(!only_call(&simulator).cancelled);
}

#[tokio::test]
async fn a_long_call_that_only_reads_is_cancelled() {
    let simulator = Simulator::builder(Edition::Server)
        .step(Duration::ZERO)
        .steps(50)
        .long_running("GetFolderStatistics")
        .start()
        .unwrap();
    let task = monitor(&simulator).get_folder_statistics().start().await.unwrap();
    assert!(task.cancel().await.unwrap_err().is_cancelled());
    assert!(only_call(&simulator).cancelled);
}
