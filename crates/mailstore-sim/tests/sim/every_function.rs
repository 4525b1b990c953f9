//! Tests that every function of both lists returns a response.

use std::time::Duration;

use mailstore_sim::{Dump, Edition, Simulator};

use crate::client::Client;

/// Returns a valid value for an argument.
fn value(name: &str, kind: &str) -> &'static str {
    match (name, kind) {
        ("fromIncluding", _) => "2020-01-01T00:00:00",
        ("toExcluding", _) => "2100-01-01T00:00:00",
        ("timeZoneID" | "timeZoneId", _) => "UTC",
        ("sourceId", _) => "2",
        (_, "number") => "1",
        (_, "bool") => "true",
        (_, "json") => "{}",
        ("instanceID" | "instanceFilter", _) => "demo",
        ("serverName", _) => "host1",
        ("userName" | "oldUserName" | "owner", _) => "john.doe",
        ("privileges" | "loginPrivileges", _) => "none",
        _ => "text",
    }
}

fn check_every_function(edition: Edition) {
    for optional in [false, true] {
        // Functions that change the state each get a new simulator.
        let start = || Simulator::builder(edition).step(Duration::ZERO).start().unwrap();
        let server = start();
        let metadata = Client::new(&server).post("/api/get-metadata", "");
        let dump = Dump::parse("response", &metadata.body).unwrap();
        for function in dump.functions() {
            let arguments: Vec<(&str, &str)> = function
                .arguments
                .iter()
                .filter(|argument| optional || !argument.nullable)
                .map(|argument| {
                    (
                        argument.name.as_str(),
                        value(&argument.name, argument.kind.as_str()),
                    )
                })
                .collect();
            let server = if function.name.starts_with("Get") {
                &server
            } else {
                &start()
            };
            let (_, last) = Client::new(server).finish(&function.name, &arguments);
            let code = last["statusCode"].as_str().unwrap();
            assert!(
                matches!(code, "succeeded" | "failed"),
                "{}: {last}",
                function.name
            );
            let received = server.received();
            let received = received
                .iter()
                .find(|call| call.function == function.name)
                .unwrap();
            assert!(received.problems.is_empty(), "{received:?}");
            assert_eq!(server.starts(&function.name), 1, "{}", function.name);
            // Functions that read the initial state succeed.
            if function.name.starts_with("Get")
                && !function.arguments.iter().any(|a| a.name == "folder" && optional)
                && function.name != "GetWorkerResultReport"
            {
                assert_eq!(code, "succeeded", "{}: {last}", function.name);
            }
        }
    }
}

#[test]
fn every_function_of_mailstore_server_returns_a_response() {
    check_every_function(Edition::Server);
}

#[test]
fn every_function_of_spe_returns_a_response() {
    check_every_function(Edition::Spe);
}

#[test]
fn the_documented_long_functions_run_long() {
    let server = Simulator::builder(Edition::Spe)
        .step(Duration::ZERO)
        .start()
        .unwrap();
    let mut client = Client::new(&server);
    let in_demo = |rest: &[(&'static str, &'static str)]| [&[("instanceID", "demo")], rest].concat();
    client.result(
        "SetStoreRequestedState",
        &in_demo(&[("id", "2"), ("requestedState", "disabled")]),
    );
    let calls = [
        (
            "VerifyStore",
            in_demo(&[("id", "1"), ("includeIndexes", "false")]),
        ),
        ("VerifyStores", in_demo(&[("includeIndexes", "false")])),
        ("CompactStore", in_demo(&[("id", "1")])),
        ("MaintainFileSystemDatabases", in_demo(&[])),
        ("MergeStore", in_demo(&[("id", "1"), ("sourceId", "3")])),
        ("RecoverStore", in_demo(&[("id", "2")])),
        ("RecreateRecoveryRecords", in_demo(&[("id", "1")])),
        ("RepairStoreDatabase", in_demo(&[("id", "1")])),
        ("RebuildSelectedStoreIndexes", in_demo(&[])),
        ("UpgradeStore", in_demo(&[("id", "1")])),
        ("UpgradeStores", in_demo(&[])),
        ("RefreshAllStoreStatistics", in_demo(&[])),
        ("RunProfile", in_demo(&[("id", "1")])),
        (
            "RunTemporaryProfile",
            in_demo(&[("properties", r#"{"name":"once"}"#), ("raw", "true")]),
        ),
        ("SyncUsersWithDirectoryServices", in_demo(&[])),
        ("ProcessRetentionPolicies", in_demo(&[])),
        ("DeleteEmptyFolders", in_demo(&[])),
        (
            "MoveFolder",
            in_demo(&[("fromFolder", "john.doe"), ("toFolder", "moved")]),
        ),
        ("FreezeInstances", vec![("instanceFilter", "acme")]),
        ("ThawInstances", vec![("instanceFilter", "acme")]),
        ("RestartInstances", vec![("instanceFilter", "acme")]),
        ("StopInstances", vec![("instanceFilter", "acme")]),
        ("StartInstances", vec![("instanceFilter", "acme")]),
        ("DeleteInstances", vec![("instanceFilter", "acme")]),
    ];
    for (function, arguments) in calls {
        assert_eq!(
            client.call(function, &arguments)["statusCode"],
            "running",
            "{function}"
        );
    }
}
