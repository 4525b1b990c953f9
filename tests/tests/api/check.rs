//! Tests of `check`, which verifies that a program can work with a server.

use mailstore_api::{ConnectCause, Edition, ErrorKind, server, server_9, spe};
use mailstore_metadata::Dump;
use mailstore_sim::{Edition as Simulated, Fault, Phase, Simulator};

use crate::simulated::{self, admitted, spe_client, start_simulator};

/// Returns the functions of the received calls.
fn received(simulator: &Simulator) -> Vec<String> {
    let received = simulator.received().into_iter();
    received.map(|call| call.function).collect()
}

#[tokio::test]
async fn a_check_of_a_compatible_server_succeeds_and_is_read_only() {
    let server = start_simulator(Simulated::Server);
    let client = simulated::builder(&server).read_only().build().unwrap();
    assert!(client.check().await.unwrap().is_compatible());
    assert_eq!(received(&server), ["GetServerInfo"]);

    let spe = start_simulator(Simulated::Spe);
    assert!(spe_client(&spe).check().await.unwrap().is_compatible());
    assert_eq!(received(&spe), ["GetEnvironmentInfo"]);
}

#[test]
fn a_check_can_block() {
    let simulator = start_simulator(Simulated::Server);
    let report = simulated::connect(&simulator).check().send_blocking().unwrap();
    assert!(report.is_compatible());
}

#[tokio::test]
async fn a_check_detects_a_wrong_password_even_if_the_function_list_needs_none() {
    let simulator = start_simulator(Simulated::Server);
    let client = simulated::builder(&simulator)
        .credentials(simulator.user(), "wrong")
        .build()
        .unwrap();
    client.compatibility().await.unwrap();
    let error = client.check().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Unauthorized), "{error}");
    assert!(
        error.to_string().contains("check the user name and the password"),
        "{error}"
    );
    assert!(!error.is_transient() && !error.is_outcome_unknown(), "{error}");
}

#[tokio::test]
async fn a_check_detects_an_account_without_access() {
    let simulator = start_simulator(Simulated::Server);
    simulator
        .inject(Fault::status(403).on(Phase::Start).of("GetServerInfo"))
        .unwrap();
    let error = simulated::connect(&simulator).check().await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Forbidden), "{error}");
    assert_eq!(error.function(), Some("GetServerInfo"));
}

#[tokio::test]
async fn a_check_detects_the_other_edition_and_its_port() {
    let simulator = start_simulator(Simulated::Server);
    for builder in [
        spe::Client::builder(simulator.url()),
        // `check` verifies the edition even if the calls assume it.
        spe::Client::builder(simulator.url()).assume_edition(),
    ] {
        let client = admitted(builder, &simulator).build().unwrap();
        let error = client.check().await.unwrap_err();
        let ErrorKind::WrongEdition { expected, found } = error.kind() else {
            panic!("{error}")
        };
        assert_eq!((*expected, *found), (Edition::Spe, Some(Edition::Server)));
        let text = error.to_string();
        assert!(text.contains("8474") && text.contains("8463"), "{text}");
    }
    assert!(simulator.received().is_empty(), "no call was sent");
}

#[tokio::test]
async fn a_check_detects_that_no_server_listens() {
    let simulator = start_simulator(Simulated::Server);
    let client = simulated::builder(&simulator).retries(0).build().unwrap();
    simulator.stop();
    let error = client.check().await.unwrap_err();
    assert!(
        matches!(
            error.kind(),
            ErrorKind::Connect {
                cause: ConnectCause::Refused,
                ..
            }
        ),
        "{error}"
    );
}

/// Programs for 9.0 and 24 can be checked against both versions. A difference is reported and is not an error.
#[tokio::test]
async fn a_check_reports_functions_that_differ() {
    let old = include_bytes!("../../../metadata/mailstore/server-9.json");
    let old = Simulator::builder(Simulated::Server)
        .metadata(Dump::parse("server-9.json", old).unwrap())
        .start()
        .unwrap();
    let report = simulated::connect(&old).check().await.unwrap();
    assert!(!report.missing().is_empty());
    let client: server_9::Client = admitted(server_9::Client::builder(old.url()), &old)
        .build()
        .unwrap();
    assert!(client.check().await.unwrap().is_compatible());
}

#[tokio::test]
async fn a_check_verifies_the_edition_for_the_calls_after_it() {
    let simulator = start_simulator(Simulated::Server);
    let client = simulated::connect(&simulator);
    client.check().await.unwrap();
    // With this fault, a verification before the call would fail.
    simulator.inject(Fault::status(403).on(Phase::Metadata)).unwrap();
    client.delete_user("john.doe").await.unwrap();
}

/// The functions of both editions have the same names.
#[tokio::test]
async fn a_function_of_the_other_edition_is_not_compared() {
    let simulator = start_simulator(Simulated::Server);
    let client = simulated::connect(&simulator);
    for other in [&spe::catalog::DELETE_USER, &server_9::catalog::DELETE_USER] {
        let error = client.require_compatible([other]).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Configuration(_)), "{error}");
        assert!(error.to_string().contains("module `server`"), "{error}");
    }
    let report = client.compatibility().await.unwrap();
    assert!(report.of(&spe::catalog::DELETE_USER).is_err());
    assert!(report.of(&server::catalog::DELETE_USER).unwrap().is_empty());
    client
        .require_compatible([&server::catalog::DELETE_USER])
        .await
        .unwrap();
}
