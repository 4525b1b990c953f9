//! Tests that compare the catalog of a program with servers that are older, newer, or edited at random.

mod mutation;
use std::time::Duration;

use mailstore_api::server::types::StoreId;
use mailstore_api::{
    Change, ChangeKind, Compatibility, Connection, Error, ErrorKind, Impact, Surface, server, server_9, spe,
};
use mailstore_metadata::Dump;
use mailstore_sim::{Edition, Fault, Phase, Simulator};
use mailstore_tests::every_call;
use mutation::{List, mutation, reported, unknown_type};
use proptest::prelude::*;

use crate::simulated::{self, admitted};

use crate::support::{
    self,
    answer::{empty, ok},
};
use support::{Act, Server};

const SERVER_24: &[u8] = include_bytes!("../../../metadata/mailstore/server-24.json");
const SERVER_9: &[u8] = include_bytes!("../../../metadata/mailstore/server-9.json");
const SPE_24: &[u8] = include_bytes!("../../../metadata/mailstore/spe-24.json");

/// Starts a simulator with this function list.
fn start_simulator(edition: Edition, list: &[u8]) -> Simulator {
    let dump = Dump::parse("list.json", list).unwrap();
    Simulator::builder(edition)
        .metadata(dump)
        .step(Duration::ZERO)
        .start()
        .unwrap()
}

fn connect(simulator: &Simulator) -> server::Client {
    simulated::connect(simulator)
}

fn client_9(simulator: &Simulator) -> server_9::Client {
    admitted(server_9::Client::builder(simulator.url()), simulator)
        .build()
        .unwrap()
}

#[test]
fn the_dumps_that_the_clients_are_generated_from_are_compatible() {
    for (surface, list) in [
        (&server::catalog::SURFACE, SERVER_24),
        (&server_9::catalog::SURFACE, SERVER_9),
        (&spe::catalog::SURFACE, SPE_24),
    ] {
        let report = Compatibility::with_metadata(surface, list).unwrap();
        assert!(
            report.is_compatible() && report.changes().is_empty() && report.added().is_empty(),
            "{report}"
        );
        assert_eq!(report.server_digest(), surface.digest);
        assert!(["24", "9.0"].contains(&surface.version));
    }
}

#[tokio::test]
async fn a_server_of_the_same_version_is_compatible() {
    let simulator = Simulator::start().unwrap();
    let client = connect(&simulator);
    let report = client.compatibility().await.unwrap();
    assert_eq!(
        report.to_string(),
        "compiled for version 24: the server has exactly the same 89 functions"
    );
    let all = server::catalog::SURFACE.functions.iter().copied();
    client.require_compatible(all).await.unwrap();
    assert!(simulator.received().is_empty(), "no function is called");
}

#[tokio::test]
async fn a_client_for_9_0_reports_the_differences_of_a_server_24() {
    let simulator = Simulator::start().unwrap();
    let client = client_9(&simulator);
    let report = client.compatibility().await.unwrap();
    insta::assert_snapshot!("client_9_at_server_24", report.to_string());
    let unanswered = every_call::server_9::call_all(&client).await;
    assert_true(&report, &unanswered, &simulator);
}

#[tokio::test]
async fn a_client_for_24_reports_the_differences_of_a_server_9_0() {
    let simulator = start_simulator(Edition::Server, SERVER_9);
    let client = connect(&simulator);
    let report = client.compatibility().await.unwrap();
    insta::assert_snapshot!("client_24_at_server_9", report.to_string());
    assert_eq!(report.missing().len() + 51 - report.added().len(), 89);
    let unanswered = every_call::server::call_all(&client).await;
    assert_true(&report, &unanswered, &simulator);
}

/// Asserts that the report predicts the outcome of a call of every method with every argument.
fn assert_true(report: &Compatibility, unanswered: &[(&'static str, Error)], simulator: &Simulator) {
    let rejected: Vec<&str> = unanswered.iter().map(|(name, _)| *name).collect();
    assert_eq!(rejected, report.missing());
    for (name, error) in unanswered {
        let ErrorKind::UnknownFunction { listed, .. } = error.kind() else {
            panic!("{name}: {error}")
        };
        assert_eq!(*listed, Some(false), "{error}");
    }
    let received = simulator.received();
    assert_eq!(
        received.len(),
        report.surface().functions.len(),
        "no call was repeated"
    );
    for call in received {
        let changes = report
            .of(report.surface().function(&call.function).unwrap())
            .unwrap();
        let harmless = changes.iter().all(|change| change.impact == Impact::None);
        let details = format!(
            "{}: {:?}, and the report says {changes:?}",
            call.function, call.problems
        );
        assert!(
            !harmless || (call.accepted && call.problems.is_empty()),
            "{details}"
        );
        let is_sure = |change: &Change| {
            matches!(
                change.kind,
                ChangeKind::Missing { .. }
                    | ChangeKind::ArgumentMissing { required: true, .. }
                    | ChangeKind::ArgumentAdded { required: true, .. }
            )
        };
        assert!(
            !changes.iter().any(is_sure) || !call.problems.is_empty(),
            "{details}"
        );
    }
}

fn mutations(most: usize) -> impl Strategy<Value = List> {
    prop::collection::vec(mutation(), 0..most).prop_map(|mutations| {
        let mut list = List::of(SERVER_24);
        mutations.iter().for_each(|mutation| list.apply(mutation));
        list
    })
}

#[track_caller]
fn assert_reported(list: &List, report: &Compatibility) {
    let expected = &list.expected;
    assert_eq!(&reported(report), expected, "{report}");
    let worst = expected
        .changes
        .values()
        .flat_map(|changes| changes.values())
        .max();
    assert_eq!(
        report.is_compatible(),
        worst.is_none_or(|worst| *worst == Impact::None)
    );
    let missing: Vec<&str> = expected
        .changes
        .iter()
        .filter(|(_, changes)| changes.contains_key("missing"))
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(report.missing(), missing);
    for function in server::catalog::SURFACE.functions {
        let count = expected
            .changes
            .get(function.name)
            .map_or(0, |changes| changes.len());
        assert_eq!(report.of(function).unwrap().len(), count, "{}", function.name);
    }
    // The text contains every changed function of the program.
    let text = report.to_string();
    assert!(expected.changes.keys().all(|name| text.contains(name)), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn exactly_the_mutations_are_reported(list in mutations(24)) {
        let report = Compatibility::with_metadata(&server::catalog::SURFACE, &list.to_json()).unwrap();
        assert_reported(&list, &report);
    }

    #[test]
    fn mutations_with_unknown_types_are_reported(
        mutations in prop::collection::vec(prop_oneof![2 => mutation(), 1 => unknown_type()], 1..24),
    ) {
        let mut list = List::of(SERVER_24);
        mutations.iter().for_each(|mutation| list.apply(mutation));
        let report = Compatibility::with_metadata(&server::catalog::SURFACE, &list.to_json()).unwrap();
        assert_reported(&list, &report);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5))]

    /// The same with a simulator, where every call shows whether the report is correct.
    #[test]
    fn calls_fail_exactly_as_reported(list in mutations(60)) {
        let simulator = start_simulator(Edition::Server, &list.to_json());
        let client = connect(&simulator);
        let report = client.compatibility().send_blocking().unwrap();
        assert_reported(&list, &report);
        for function in server::catalog::SURFACE.functions {
            let harmless = report.of(function).unwrap().iter().all(|change| change.impact == Impact::None);
            assert_eq!(client.require_compatible([*function]).send_blocking().is_ok(), harmless);
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let unanswered = runtime.block_on(every_call::server::call_all(&client));
        assert_true(&report, &unanswered, &simulator);
    }
}

#[tokio::test]
async fn only_the_required_functions_must_be_compatible() {
    use server::catalog::{COMPACT_STORE, CREATE_BACKUP, GET_STORES, GET_USERS, VERIFY_STORE};
    let simulator = start_simulator(Edition::Server, SERVER_9);
    let client = connect(&simulator);
    client
        .require_compatible([&GET_USERS, &COMPACT_STORE])
        .await
        .unwrap();
    let error = client
        .require_compatible([&VERIFY_STORE, &CREATE_BACKUP, &GET_STORES])
        .await
        .unwrap_err();
    insta::assert_snapshot!("functions_that_are_needed", error.to_string());
    let error = client
        .require_compatible([&spe::catalog::GET_INSTANCES])
        .await
        .unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Configuration(_)), "{error}");
    assert!(simulator.received().is_empty());
}

/// MailStore Server returns its function list without credentials. The Service Provider Edition does not (documented).
#[tokio::test]
async fn a_function_list_does_not_prove_that_the_credentials_are_valid() {
    let server = Simulator::start().unwrap();
    let builder = simulated::builder(&server).credentials("admin", "wrong");
    let client = builder.build().unwrap();
    assert!(client.compatibility().await.unwrap().is_compatible());
    client
        .require_compatible([&server::catalog::GET_USERS])
        .await
        .unwrap();
    assert!(client.get_server_info().await.unwrap_err().is_auth());

    let spe = Simulator::builder(Edition::Spe).start().unwrap();
    let builder = admitted(spe::Client::builder(spe.url()), &spe).credentials("admin", "wrong");
    let client = builder.build().unwrap();
    assert!(client.compatibility().await.unwrap_err().is_auth());
    assert!(
        client
            .require_compatible([&spe::catalog::GET_INSTANCES])
            .await
            .unwrap_err()
            .is_auth()
    );
}

#[tokio::test]
async fn an_unknown_type_is_not_an_error() {
    let list = String::from_utf8(SERVER_24.to_vec()).unwrap();
    let list = list.replacen(r#""type": "bool""#, r#""type": "hunter2\u0007""#, 1);
    let server = Server::start([Act::Send(ok(format!("\u{feff}{list}")))]).await;
    let report = server.client().compatibility().await.unwrap();
    let [change] = report.changes() else {
        panic!("{report}")
    };
    assert!(matches!(change.kind, ChangeKind::UnknownType { .. }), "{change}");
    assert!(
        report
            .to_string()
            .contains("has the unknown type \"hunter2\\u{7}\": "),
        "{report}"
    );
}

/// Calls `GetUsers` on a server that returns 404 and then responds to the next request with `then`.
async fn not_found(then: Act) -> (Error, Server) {
    let server = Server::start([Act::Send(empty("404 Not Found")), then]).await;
    let builder = server.builder().request_timeout(Duration::from_millis(300));
    let error = builder.build().unwrap().get_users().await.unwrap_err();
    (error, server)
}

#[tokio::test]
async fn a_404_requests_the_function_list_once_and_does_not_repeat_the_call() {
    let lines = [
        "POST /api/invoke/GetUsers HTTP/1.1",
        "POST /api/get-metadata HTTP/1.1",
    ];
    let plain = "GetUsers: the server does not have this function (HTTP 404): check";
    let lacks = "GetUsers: the server does not have this function (HTTP 404): it is not in the function list of the \
                 server. This program was compiled for version 24. ";
    let has = "GetUsers: the server returned HTTP 404, although the function is in its function list. ";
    for (then, expected) in [
        (Act::Send(ok(r#"[{"name":"F"}]"#)), lacks),
        (Act::Send(ok(r#"[{"name":"GetUsers"}]"#)), has),
        (Act::Send(ok(SERVER_24)), has),
        (Act::Send(ok("<html>hunter2")), plain),
        (Act::Send(empty("401 Unauthorized")), plain),
        (Act::SendAndReset(Vec::new()), plain),
        (Act::Stall, plain),
    ] {
        let (error, server) = not_found(then).await;
        assert!(error.to_string().starts_with(expected), "{error}");
        let text = format!("{error} {error:?} {error:#?}");
        assert!(!text.contains("hunter2") && !text.contains("secret"), "{text}");
        let requested: Vec<String> = server
            .requests()
            .iter()
            .map(|request| request.line().to_owned())
            .collect();
        assert_eq!(requested, lines);
    }
}

#[test]
fn a_404_requests_the_function_list_for_every_client() {
    let simulator = start_simulator(Edition::Server, SERVER_9);
    let builder = simulated::builder(&simulator).read_only();
    let error = builder.build().unwrap().get_jobs().send_blocking().unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("GetJobs: the server does not have this function (HTTP 404): it is not in"),
        "{error}"
    );
    assert_eq!(simulator.received().len(), 1);
    let fault = simulator
        .inject(Fault::status(404).on(Phase::Start).of("VerifyStore"))
        .unwrap();
    let error = client_9(&simulator)
        .verify_store(StoreId(1))
        .start_blocking()
        .unwrap_err();
    assert!(error.to_string().contains("compiled for version 9.0"), "{error}");
    assert!(
        matches!(
            error.kind(),
            ErrorKind::UnknownFunction {
                listed: Some(true),
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(fault.applied(), 1);
}

/// A hand-written catalog has neither a version nor a digest.
#[tokio::test]
async fn a_hand_written_client_can_compare_itself_with_its_server() {
    static SURFACE: Surface = Surface::new("own", "API of my own")
        .port(8463)
        .functions(&[&server::catalog::GET_USERS]);
    let simulator = Simulator::start().unwrap();
    let connection = admitted(Connection::builder(&SURFACE, simulator.url()), &simulator)
        .build()
        .unwrap();
    let report = connection.compatibility().await.unwrap();
    assert!(report.is_compatible() && report.added().len() == 88, "{report}");
    assert!(
        report.to_string().starts_with("compiled for the API of my own: "),
        "{report}"
    );
}
