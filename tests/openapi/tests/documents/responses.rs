//! Responses of servers are valid for the schemas of their functions.

use jsonschema::{ValidationError, Validator};
use mailstore_sim::{Edition, Simulator};
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE};
use serde_json::{Value, json};

use crate::support::{document, http, operations};

/// A validator for one schema of a document.
pub(crate) fn validator(document: &Value, schema: &Value) -> Result<Validator, ValidationError<'static>> {
    // References begin at the root of the document.
    let root = json!({"components": document["components"], "allOf": [schema]});
    jsonschema::draft202012::new(&root)
}

fn response_schema(operation: &Value) -> &Value {
    &operation["responses"]["200"]["content"]["application/json"]["schema"]
}

/// The validation errors of a response of a function.
fn problems(edition: &str, function: &str, response: &Value) -> Vec<String> {
    let document = document(edition);
    let operation = &document["paths"][format!("/api/invoke/{function}")]["post"];
    let validator = validator(&document, response_schema(operation)).unwrap();
    validator
        .iter_errors(response)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

/// The response to a call that has succeeded.
fn succeeded(result: Value) -> Value {
    json!({
        "error": null, "token": null, "statusVersion": 2, "statusCode": "succeeded", "percentProgress": null,
        "statusText": null, "result": result, "logOutput": null,
    })
}

#[test]
fn published_responses_are_valid() {
    let user = json!({
        "userName": "jane", "fullName": null, "distinguishedName": null, "authentication": "integrated",
        "emailAddresses": [], "pop3UserNames": [], "privileges": ["login", "brandNew"],
        "privilegesOnFolders": [{"folder": "jane", "privileges": ["read", "write"]}],
    });
    let store = json!({
        "id": 1, "name": "2018-02", "requestedState": "current", "error": null, "statisticsCount": 49080,
        "statisticsSize": 2_538_415_312_u64, "needsUpgrade": false, "searchIndexesNeedRebuild": false,
    });
    // Without a stored profile, `profileId` and `profileName` are missing.
    let run = json!({
        "id": 84360, "userName": "admin", "result": "completedWithErrors", "itemsArchived": 11,
        "startTime": "2026-04-22T06:08:57", "completeTime": "2026-04-22T06:09:18", "machineName": "HOST1",
    });
    let job = json!({
        "id": 1, "name": "Process", "action": "ProcessRetentionPolicies", "owner": "admin",
        "creationDateTimeUtc": "2019-03-19T10:42:40", "lastStartDateTimeUtc": null, "enabled": true,
        "schedule": {"timeZoneId": "Pacific Standard Time", "time": "03:30:00"},
    });
    let credential = json!({
        "ID": 1, "Type": "Office365_Modern", "Description": "", "Settings": {
            "ApplicationId": "5c0e5b0c-0000-0000-0000-000000000000",
            "TenantId": "5c0e5b0c-0000-0000-0000-000000000001",
            "CertificateThumbprint": "0123456789ABCDEF0123456789ABCDEF01234567",
            "CertificateExpirationDate": "2026-07-15T10:58:01Z",
        },
    });
    let instance = json!({
        "instanceID": "demo", "alias": "demo", "displayName": "Demo", "instanceHost": "host1",
        "startMode": "automatic", "processID": 4500, "status": "running", "startStopError": null,
    });
    for (edition, function, result) in [
        (
            "server",
            "GetServerInfo",
            json!({"version": "22.3.0.21002", "machineName": "MAILSTORE"}),
        ),
        (
            "server",
            "GetUsers",
            json!([{"userName": "jane", "fullName": null}]),
        ),
        ("server", "GetUsers", json!([])),
        ("server", "GetUserInfo", user),
        ("server", "GetStores", json!([store])),
        ("server", "GetWorkerResults", json!([run])),
        ("server", "GetJobs", json!([job])),
        ("server", "GetCredentials", json!([credential])),
        ("server", "CreateUser", Value::Null),
        ("spe", "GetInstances", json!([instance])),
    ] {
        let response = succeeded(result);
        assert_eq!(problems(edition, function, &response), [""; 0], "{function}");
    }
}

#[test]
fn responses_of_running_and_failed_calls_are_valid() {
    let running = json!({
        "error": null, "token": "c242d822a59c4a8ba50e5ae1a5b2b2d3", "statusVersion": 3, "statusCode": "running",
        "percentProgress": 0, "statusText": null, "result": null, "logOutput": "Verifying...\r\n",
    });
    let failed = json!({
        "error": {"message": "Missing API argument userName.", "details": "System.Exception: ..."},
        "token": null, "statusVersion": 2, "statusCode": "failed", "percentProgress": null, "statusText": null,
        "result": null, "logOutput": null,
    });
    for function in ["VerifyStore", "GetUserInfo", "GetFolderStatistics"] {
        for response in [&running, &failed] {
            assert_eq!(problems("server", function, response), [""; 0], "{function}");
        }
    }
}

#[test]
fn wrong_responses_are_invalid() {
    for (function, response) in [
        // Responses of version 8 have no envelope.
        ("GetUsers", json!([{"userName": "jane"}])),
        ("GetUsers", succeeded(json!([{"fullName": "Jane"}]))),
        ("GetUsers", succeeded(json!({"userName": "jane"}))),
        (
            "GetStores",
            succeeded(json!([{"id": "1", "name": "", "requestedState": "current"}])),
        ),
        ("VerifyStore", json!({"statusVersion": 2, "result": null})),
        (
            "VerifyStore",
            json!({"statusCode": "failed", "error": "Missing API argument id."}),
        ),
    ] {
        assert_ne!(
            problems("server", function, &response),
            [""; 0],
            "{function}: {response}"
        );
    }
}

/// A value of an argument for which the simulator has data.
fn argument(name: &str) -> &'static str {
    match name {
        "instanceID" => "demo",
        "instanceFilter" => "*",
        "userName" => "john.doe",
        "serverName" => "host1",
        // A run of a profile: ids do not begin with 1.
        "id" => "84301",
        "raw" | "withServiceStatus" => "true",
        "fromIncluding" => "2000-01-01T00:00:00",
        "toExcluding" => "2100-01-01T00:00:00",
        "timeZoneID" | "timeZoneId" => "$Local",
        _ => panic!("add a value for {name}"),
    }
}

fn required_arguments(operation: &Value) -> Vec<String> {
    let form = &operation["requestBody"]["content"]["application/x-www-form-urlencoded"]["schema"];
    let required = form["required"].as_array().into_iter().flatten();
    required
        .map(|name| {
            let name = name.as_str().unwrap();
            format!("{name}={}", argument(name))
        })
        .collect()
}

/// The simulator and the documents were written independently, from the same notes on the protocol.
#[tokio::test]
async fn responses_of_the_simulator_to_all_read_only_functions_are_valid() {
    for (edition, name) in [(Edition::Server, "server"), (Edition::Spe, "spe")] {
        let simulator = Simulator::builder(edition).immediate(true).start().unwrap();
        let client = http(&simulator, simulator.password());
        let document = document(name);
        let reading = operations(&document).into_iter().filter(|(path, operation)| {
            operation["x-mailstore-effect"] == "read" && *path != "/api/get-status"
        });
        for (path, operation) in reading {
            let form = required_arguments(operation).join("&");
            let request = client
                .post(format!("{}{path}", simulator.url()))
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(CONTENT_LENGTH, form.len())
                .body(form);
            let body = request.send().await.unwrap().bytes().await.unwrap();
            let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&body);
            let response: Value = serde_json::from_slice(body).unwrap();
            let validator = validator(&document, response_schema(operation)).unwrap();
            let problems: Vec<String> = validator
                .iter_errors(&response)
                .map(|error| format!("{}: {error}", error.instance_path()))
                .collect();
            assert_eq!(problems, [""; 0], "{name}: the response of {path} is {response}");
            if path != "/api/get-metadata" {
                assert_eq!(
                    response["statusCode"], "succeeded",
                    "{name}: the response of {path} is {response}"
                );
            }
        }
    }
}
