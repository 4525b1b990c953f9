//! Tests of clients with servers of the correct and of the wrong edition. A client never changes a server of the wrong
//! edition.

use mailstore_api::{
    Connection, Edition, Error, ErrorKind, Function, Json, Surface, Task, server, server_9, spe,
};
use mailstore_metadata::Dump;
use mailstore_sim::{Edition as Simulated, Fault, Phase, Simulator};
use mailstore_tests::every_call;

use crate::simulated::{self, admitted, spe_client, start_simulator};

fn server_client(simulator: &Simulator) -> server::Client {
    simulated::connect(simulator)
}

#[track_caller]
fn assert_wrong(error: &Error, found: Edition) {
    assert!(
        matches!(error.kind(), ErrorKind::WrongEdition { found: Some(edition), .. } if *edition == found),
        "{error}"
    );
    assert!(!error.is_outcome_unknown() && !error.is_transient(), "{error}");
}

#[tokio::test]
async fn a_call_for_an_instance_does_not_change_a_server() {
    let simulator = start_simulator(Simulated::Server);
    let client = spe_client(&simulator);
    let acme = client.instance("acme");
    assert_wrong(&acme.delete_user("john.doe").await.unwrap_err(), Edition::Server);
    assert_wrong(
        &acme.delete_user("john.doe").start().await.unwrap_err(),
        Edition::Server,
    );
    assert_wrong(
        &acme.delete_user("john.doe").raw().await.unwrap_err(),
        Edition::Server,
    );
    let by_name = client
        .call("DeleteUser")
        .arg("instanceID", "acme")
        .arg("userName", "john.doe");
    assert_wrong(&by_name.await.unwrap_err(), Edition::Server);
    assert!(simulator.received().is_empty());
    let users = server_client(&simulator).get_users().await.unwrap();
    assert!(users.iter().any(|user| user.user_name == "john.doe"));
}

#[test]
fn a_blocking_call_for_an_instance_does_not_change_a_server() {
    let simulator = start_simulator(Simulated::Server);
    let instance = spe_client(&simulator).instance("acme");
    let error = instance.delete_user("john.doe").send_blocking().unwrap_err();
    assert_wrong(&error, Edition::Server);
    assert!(simulator.received().is_empty());
    server_client(&simulator)
        .delete_user("john.doe")
        .send_blocking()
        .unwrap();
}

/// Calls every method of both clients.
#[tokio::test]
async fn only_read_only_calls_arrive_at_the_wrong_edition() {
    let server = start_simulator(Simulated::Server);
    let client = spe_client(&server);
    let unanswered = every_call::spe::call_all(&client).await;
    assert_only_reads(client.connection(), &unanswered, &server, Edition::Server);
    let spe = start_simulator(Simulated::Spe);
    let client = server_client(&spe);
    let unanswered = every_call::server::call_all(&client).await;
    assert_only_reads(client.connection(), &unanswered, &spe, Edition::Spe);
}

#[track_caller]
fn assert_only_reads(
    connection: &Connection,
    unanswered: &[(&'static str, Error)],
    simulator: &Simulator,
    found: Edition,
) {
    let reads = |name: &str| connection.surface().function(name).unwrap().effect.only_reads();
    for call in simulator.received() {
        assert!(reads(&call.function), "{} arrived", call.function);
    }
    let changing = connection.surface().functions.iter();
    for function in changing.filter(|function| !function.effect.only_reads()) {
        let (_, error) = unanswered
            .iter()
            .find(|(name, _)| *name == function.name)
            .unwrap();
        assert_wrong(error, found);
    }
}

#[tokio::test]
async fn other_versions_of_the_same_edition_are_accepted() {
    let list = include_bytes!("../../../metadata/mailstore/server-9.json");
    let old = Simulator::builder(Simulated::Server)
        .metadata(Dump::parse("server-9.json", list).unwrap())
        .start()
        .unwrap();
    server_client(&old).delete_user("john.doe").await.unwrap();
    let new = start_simulator(Simulated::Server);
    let client: server_9::Client = admitted(server_9::Client::builder(new.url()), &new)
        .build()
        .unwrap();
    client.delete_user("john.doe").await.unwrap();
}

/// A client with one function of each edition, as `--only` generates it.
#[tokio::test]
async fn a_client_of_one_function_is_verified_too() {
    static SERVER: Surface = Surface::new("own", "API")
        .port(8463)
        .functions(&[&server::catalog::DELETE_USER]);
    static SPE: Surface = Surface::new("own", "API")
        .port(8474)
        .functions(&[&spe::catalog::DELETE_USER]);
    let simulator = start_simulator(Simulated::Server);
    let connection = |surface| -> Connection {
        admitted(Connection::builder(surface, simulator.url()), &simulator)
            .build()
            .unwrap()
    };
    let call = |surface| {
        mailstore_api::Call::<Json>::new(&connection(surface), "DeleteUser").arg("userName", "john.doe")
    };
    assert_wrong(&call(&SPE).await.unwrap_err(), Edition::Server);
    call(&SERVER).await.unwrap();
}

#[tokio::test]
async fn a_failed_verification_has_a_known_outcome_and_can_be_disabled() {
    let simulator = start_simulator(Simulated::Server);
    simulator.inject(Fault::status(403).on(Phase::Metadata)).unwrap();
    let error = server_client(&simulator)
        .delete_user("john.doe")
        .await
        .unwrap_err();
    assert!(error.is_auth() && !error.is_outcome_unknown(), "{error}");
    assert!(error.to_string().contains("`assume_edition`"), "{error}");
    assert!(simulator.received().is_empty());
    let builder = simulated::builder(&simulator).assume_edition();
    builder.build().unwrap().delete_user("john.doe").await.unwrap();
}

#[tokio::test]
async fn a_token_of_the_other_edition_is_rejected_at_the_same_address() {
    let simulator = simulated::quick(3);
    let started = server_client(&simulator)
        .verify_store(server::StoreId(1), true)
        .start()
        .await;
    let token = started.unwrap().detach().unwrap();
    let spe = spe_client(&simulator);
    let error = Task::<Json>::resume(spe.connection(), token.clone()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ForeignToken { .. }), "{error}");
    let error = spe.resume::<Json>(token).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ForeignToken { .. }), "{error}");
}

#[test]
fn the_functions_of_a_client_determine_its_edition() {
    let edition = |function: &'static Function| {
        let functions = Box::leak(Box::new([function]));
        Surface::new("any", "API").port(1).functions(functions).edition()
    };
    for surface in [&server::catalog::SURFACE, &server_9::catalog::SURFACE] {
        assert!(
            surface
                .functions
                .iter()
                .all(|function| edition(function) == Some(Edition::Server))
        );
    }
    let spe = spe::catalog::SURFACE.functions;
    assert!(spe.iter().all(|function| edition(function) == Some(Edition::Spe)));
}
