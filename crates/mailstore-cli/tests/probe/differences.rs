//! Tests that differences are found and reported with their places.

use mailstore_sim::{Dump, Edition, Fault, Phase, Simulator};
use serde_json::{Value, json};

use crate::place::Place;

/// The results that the simulator invents because they are not published, and the results without a type in the
/// overlays.
const INVENTED: [&str; 16] = [
    "GetActiveSessions []",
    "GetChildFolders []",
    "GetProfiles [].details",
    "GetSmtpSettings authenticationRequired",
    "GetSmtpSettings fromDisplayName",
    "GetSmtpSettings fromEmailAddress",
    "GetSmtpSettings hostname",
    "GetSmtpSettings ignoreSslPolicyErrors",
    "GetSmtpSettings port",
    "GetSmtpSettings protocol",
    "GetSmtpSettings recipientEmailAddress",
    "GetSmtpSettings username",
    "GetStoreAutoCreateConfiguration enabled",
    "GetStoreAutoCreateConfiguration maximumMessageCount",
    "GetStoreAutoCreateConfiguration mode",
    "GetStoreIndexes []",
];

#[test]
fn the_simulated_server_differs_only_in_invented_results() {
    let outcome = Place::new(Edition::Server).probe(&[]).ends_with(1);
    assert_eq!(outcome.differences(), INVENTED);
    assert!(
        !outcome.report.contains("failed") && !outcome.report.contains("not decoded"),
        "{}",
        outcome.report
    );
}

#[test]
fn the_simulated_service_provider_edition_differs_only_in_invented_results() {
    let outcome = Place::new(Edition::Spe).probe(&[]).ends_with(1);
    let mut expected: Vec<String> = INVENTED
        .iter()
        .filter(|place| !place.starts_with("GetActiveSessions") && !place.starts_with("GetStoreIndexes"))
        .map(|place| (*place).to_owned())
        .collect();
    let system = expected
        .iter()
        .filter(|place| place.starts_with("GetSmtpSettings"));
    let system: Vec<String> = system
        .map(|place| place.replace("GetSmtpSettings", "GetSystemSmtpConfiguration"))
        .collect();
    expected.extend(system);
    expected.push("GetDirectoriesOnInstanceHost []".to_owned());
    expected.sort();
    assert_eq!(outcome.differences(), expected);
    assert!(
        !outcome.report.contains("failed") && !outcome.report.contains("not decoded"),
        "{}",
        outcome.report
    );
}

#[test]
fn a_server_that_matches_the_overlays_has_no_differences() {
    let dump = Dump::parse(
        "known.json",
        br#"[{"name": "GetServerInfo", "args": []}, {"name": "GetUsers", "args": []}]"#,
    );
    let place = Place::of(Simulator::builder(Edition::Server).metadata(dump.unwrap()));
    let outcome = place.probe(&[]);
    assert!(
        outcome.report.contains("| GetUsers | decoded, no differences |"),
        "{}",
        outcome.report
    );
    assert!(
        outcome.report.contains("known, but missing on this server: "),
        "{}",
        outcome.report
    );
    assert_eq!(outcome.differences(), [""; 0]);
}

#[test]
fn every_kind_of_difference_is_reported_with_its_place() {
    let stores = |mut stores: Value| {
        stores[0]["quota"] = json!(5_000_000_000_i64);
        stores[1]["id"] = json!("2");
        stores[1]["name"] = Value::Null;
        stores[0]["requestedState"] = json!("melting");
        stores[2].as_object_mut().unwrap().remove("requestedState");
        stores
    };
    let info = |mut info: Value| {
        info["byUser"] = json!({ "jane.doe": 1, "john doe": 2 });
        info["j d"] = json!(true);
        info
    };
    let place = Place::of(
        Simulator::builder(Edition::Server)
            .result("GetStores", stores)
            .result("GetServerInfo", info)
            .result("GetUsers", |users| json!({ "users": users }))
            .result("GetLicenseInformation", |_| Value::Null)
            .fault(Fault::status(400).on(Phase::Start).of("GetJobs")),
    );
    let outcome = place
        .probe(&[])
        .ends_with(1)
        .says("[].quota", "unknown member: integer beyond 32 bits")
        .says("[].id", "expected integer (StoreId), found string (a number)")
        .says("[].name", "null, but a value is required")
        .says("[].requestedState", "unknown words of StoreState: melting")
        .says("[].requestedState", "required, but missing in 1 of 3")
        .says("byUser", "unknown member: object { <name> (2 of them): integer }")
        .says(
            "result",
            "1 unknown members whose names are not shown: true or false",
        )
        .says("result", "expected array, found object { users: array of 4 (");
    for line in [
        "| GetStores | not decoded because of [].name, 5 differences |",
        "| GetUsers | not decoded because of result, 1 difference |",
        "| GetUserInfo | skipped: no user was found |",
        "| GetJobs | failed: HTTP 400 |",
        "| GetLicenseInformation | not decoded because of result, 1 difference |",
    ] {
        assert!(
            outcome.report.contains(line),
            "`{line}` is missing in: {}",
            outcome.report
        );
    }
}

#[test]
fn unknown_functions_are_listed_and_not_called() {
    let dump = br#"[{"name": "GetUsers", "args": []}, {"name": "GetTomorrow", "args": []}, {"name": "DeleteUser", "args": []}]"#;
    let dump = Dump::parse("new.json", dump).unwrap();
    let place = Place::of(Simulator::builder(Edition::Server).metadata(dump));
    let outcome = place.probe(&[]).ends_with(1);
    assert!(
        outcome
            .text
            .contains("new on this server and not called: GetTomorrow"),
        "{}",
        outcome.text
    );
    assert!(
        outcome
            .text
            .contains("not called because they may change the server: 1"),
        "{}",
        outcome.text
    );
    assert!(
        outcome.patch.contains("GetTomorrow: new on this server"),
        "{}",
        outcome.patch
    );
    assert_eq!(place.simulator.starts("GetTomorrow"), 0);
}

#[test]
fn a_call_that_exceeds_the_timeout_is_cancelled_and_reported() {
    let place = Place::of(
        Simulator::builder(Edition::Server)
            .step(std::time::Duration::from_secs(3600))
            .long_running("GetJobs"),
    );
    let outcome = place.probe(&["--limit", "1"]);
    assert!(
        outcome.report.contains("| GetJobs | timed out"),
        "{}",
        outcome.report
    );
    assert!(place.simulator.tasks()[0].cancelled);
}
