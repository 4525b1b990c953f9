//! Both clients work with a server that has the functions of the dump.

use mailstore_metadata::Dump;
use mailstore_sim::{Edition, Simulator};
use own_client::{client, reports};

fn simulator() -> Simulator {
    let dump = Dump::parse("metadata.json", include_bytes!("../metadata.json")).expect("the dump is valid");
    Simulator::builder(Edition::Server)
        .metadata(dump)
        .start()
        .expect("the simulator starts")
}

#[tokio::test]
async fn the_checked_in_client_lists_stores() {
    let simulator = simulator();
    let client = client::Client::builder(simulator.url())
        .credentials(simulator.user(), simulator.password())
        .certificate_authority(simulator.certificate_pem())
        .build()
        .expect("the client is built");
    let stores = client.get_stores().include_size(true).await.expect("stores");
    assert!(!stores.is_empty());
}

#[tokio::test]
async fn the_client_of_the_build_script_calls_both_functions() {
    let simulator = simulator();
    let client = reports::Client::builder(simulator.url())
        .credentials(simulator.user(), simulator.password())
        .certificate_authority(simulator.certificate_pem())
        .build()
        .expect("the client is built");
    assert!(!client.get_server_info().await.expect("info").version.is_empty());
    // The simulator has no behaviour for this function, but checks its arguments.
    let call = client.get_archive_health(&reports::TimeZone::SERVER_LOCAL).raw();
    let problems: Vec<_> = call.await.map(|_| simulator.received()).expect("a response");
    assert!(
        problems.iter().all(|call| call.problems.is_empty()),
        "{problems:?}"
    );
    assert_eq!(reports::catalog::SURFACE.functions.len(), 2);
}
