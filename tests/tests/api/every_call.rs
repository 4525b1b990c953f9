//! Tests that every generated method sends the arguments of the dump, and that results are decoded into their types.

use std::collections::BTreeSet;
use std::time::Duration;

use mailstore_api::civil::date;
use mailstore_api::{Surface, server, server_9, spe};
use mailstore_sim::{Edition, Received, Simulator};
use mailstore_tests::every_call;

use crate::simulated::{self, start_simulator};

fn connect<C>(builder: mailstore_api::Builder<C>, simulator: &Simulator) -> C {
    simulated::admitted(builder, simulator)
        .build()
        .expect("the client is built")
}

const NOT_IN_A_DAILY_SCHEDULE: [&str; 4] = ["date", "interval", "dayOfWeek", "dayOfMonth"];

/// Asserts that every function arrived once, with exactly the arguments of the dump and with values of their types.
fn assert_complete(surface: &Surface, received: &[Received]) {
    let called: Vec<&str> = received.iter().map(|call| call.function.as_str()).collect();
    let expected: Vec<&str> = surface.functions.iter().map(|function| function.name).collect();
    assert_eq!(called, expected);
    for (call, function) in received.iter().zip(surface.functions) {
        assert!(call.problems.is_empty(), "{}: {:?}", call.function, call.problems);
        let arrived: BTreeSet<&str> = call.arguments.iter().map(|(name, _)| name.as_str()).collect();
        let mut expected: BTreeSet<&str> = function.arguments.iter().map(|argument| argument.name).collect();
        if expected.contains("dayOfMonth") {
            // A schedule does not have all of these arguments. The test uses a daily schedule.
            NOT_IN_A_DAILY_SCHEDULE
                .iter()
                .for_each(|part| _ = expected.remove(part));
        }
        assert_eq!(arrived, expected, "{}", call.function);
        assert_eq!(
            call.arguments.len(),
            expected.len(),
            "{}: an argument arrived twice",
            call.function
        );
    }
}

#[tokio::test]
async fn every_method_of_the_server_client_sends_the_arguments_of_its_dump() {
    let simulator = start_simulator(Edition::Server);
    let client = connect(server::Client::builder(simulator.url()), &simulator);
    let unanswered = every_call::server::call_all(&client).await;
    assert!(unanswered.is_empty(), "{unanswered:?}");
    assert_eq!(server::catalog::SURFACE.functions.len(), 89);
    assert_complete(&server::catalog::SURFACE, &simulator.received());
}

#[tokio::test]
async fn every_method_of_the_spe_client_sends_the_arguments_of_its_dump() {
    let simulator = start_simulator(Edition::Spe);
    let client = connect(spe::Client::builder(simulator.url()), &simulator);
    let unanswered = every_call::spe::call_all(&client).await;
    assert!(unanswered.is_empty(), "{unanswered:?}");
    assert_eq!(spe::catalog::SURFACE.functions.len(), 122);
    assert_complete(&spe::catalog::SURFACE, &simulator.received());
}

/// The client for 9.0 has the same types as the client for 24.
#[tokio::test]
async fn every_method_of_the_client_for_9_0_sends_the_arguments_of_its_dump() {
    let dump = include_bytes!("../../../metadata/mailstore/server-9.json");
    let dump = mailstore_metadata::Dump::parse("server-9.json", dump).expect("the dump is valid");
    let simulator = Simulator::builder(Edition::Server)
        .metadata(dump)
        .step(Duration::ZERO)
        .start()
        .expect("the simulator starts");
    let client = connect(server_9::Client::builder(simulator.url()), &simulator);
    let unanswered = every_call::server_9::call_all(&client).await;
    assert!(unanswered.is_empty(), "{unanswered:?}");
    assert_eq!(server_9::catalog::SURFACE.functions.len(), 51);
    assert_complete(&server_9::catalog::SURFACE, &simulator.received());
}

/// The catalog contains the dump for programs at run time.
#[test]
fn the_catalogs_match_the_dumps() {
    for (surface, dump) in [
        (&server::catalog::SURFACE, "server-24.json"),
        (&spe::catalog::SURFACE, "spe-24.json"),
        (&server_9::catalog::SURFACE, "server-9.json"),
    ] {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../metadata/mailstore/").to_owned() + dump;
        let bytes = std::fs::read(&path).expect("the dump exists");
        let dump = mailstore_metadata::Dump::parse(&path, &bytes).expect("the dump is valid");
        assert_eq!(surface.digest, dump.digest().to_string());
        assert_eq!(surface.functions.len(), dump.functions().len());
        for function in dump.functions() {
            let known = surface
                .function(&function.name)
                .expect("every function is in the catalog");
            let arguments: Vec<_> = known
                .arguments
                .iter()
                .map(|known| (known.name, format!("{:?}", known.kind), known.nullable))
                .collect();
            let expected: Vec<_> = function
                .arguments
                .iter()
                .map(|argument| {
                    (
                        argument.name.as_str(),
                        format!("{:?}", argument.kind),
                        argument.nullable,
                    )
                })
                .collect();
            assert_eq!(arguments, expected, "{}", function.name);
        }
    }
}

/// The results with public evidence have types.
#[tokio::test]
async fn results_of_mailstore_server_are_decoded_into_types() {
    let simulator = start_simulator(Edition::Server);
    let client = connect(server::Client::builder(simulator.url()), &simulator);
    assert!(!client.get_server_info().await.expect("info").version.is_empty());
    assert!(
        client
            .get_users()
            .await
            .expect("users")
            .iter()
            .any(|user| user.user_name == "admin")
    );
    assert_eq!(
        client.get_user_info("john.doe").await.expect("user").user_name,
        "john.doe"
    );
    assert!(
        client
            .get_stores()
            .include_size(true)
            .await
            .expect("stores")
            .len()
            > 1
    );
    assert!(!client.get_jobs().await.expect("jobs").is_empty());
    let (from, to) = (date(2000, 1, 1), date(2100, 1, 1));
    client
        .get_job_results(from, to, &server::TimeZone::SERVER_LOCAL)
        .await
        .expect("job results");
    let runs = client
        .get_worker_results(from, to, &server::TimeZone::SERVER_LOCAL)
        .await
        .expect("worker results");
    assert!(
        runs.iter().any(|run| run.profile_id.is_none()),
        "a run without a stored profile"
    );
    assert!(!client.get_profiles().await.expect("profiles").is_empty());
    assert!(!client.get_time_zones().await.expect("time zones").is_empty());
}

#[tokio::test]
async fn results_of_the_service_provider_edition_are_decoded_into_types() {
    let simulator = start_simulator(Edition::Spe);
    let client = connect(spe::Client::builder(simulator.url()), &simulator);
    assert!(
        !client
            .get_environment_info()
            .await
            .expect("environment")
            .version
            .is_empty()
    );
    let instances = client
        .get_instances(spe::InstanceFilter::All)
        .await
        .expect("instances");
    assert!(instances.len() > 1);
    let one = spe::InstanceFilter::One(instances[0].instance_id.clone());
    assert_eq!(client.get_instances(one).await.expect("one instance").len(), 1);
    let instance = client.instance(&instances[0].instance_id);
    assert!(
        instance
            .get_users()
            .await
            .expect("users")
            .iter()
            .any(|user| user.user_name == "$archiveadmin")
    );
    assert!(!instance.get_stores().await.expect("stores").is_empty());
    assert!(client.get_service_status().await.is_ok());
    assert!(
        client
            .instance("nowhere")
            .get_users()
            .await
            .expect_err("no instance")
            .server_error()
            .is_some()
    );
}
