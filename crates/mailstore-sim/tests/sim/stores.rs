//! Tests of stores, folders and messages.

use serde_json::{Value, json};

use crate::client::{Client, column, row, start_server};

#[test]
fn stores_can_be_created_and_deleted() {
    let server = start_server();
    let mut client = Client::new(&server);
    let stores = client.result("GetStores", &[]);
    assert_eq!(column(&stores, "id"), [1, 2, 3]);
    assert_eq!(
        column(&stores, "requestedState"),
        ["normal", "writeProtected", "current"]
    );
    assert_eq!(stores[0]["statisticsSize"], 2_538_415_312_i64);
    assert_eq!(stores[0]["type"], "FileSystemInternal");
    let unsized_stores = client.result("GetStores", &[("includeSize", "false")]);
    assert_eq!(unsized_stores[0]["statisticsSize"], Value::Null);
    assert_eq!(
        client.result("CreateStore", &[("name", "2027"), ("requestedState", "current")]),
        Value::Null
    );
    let stores = client.result("GetStores", &[("includeSize", "true")]);
    assert_eq!(
        column(&stores, "requestedState"),
        ["normal", "writeProtected", "normal", "current"]
    );
    assert_eq!(
        row(&stores, "id", 4)["contentPath"],
        "C:\\MailArchive\\2027\\Content"
    );
    client.failure("CreateStore", &[("name", "2027")]);
    client.failure("CreateStore", &[("name", "x"), ("requestedState", "happy")]);
    client.failure("CreateStore", &[("name", "x"), ("type", "Paper")]);
    client.result("RenameStore", &[("id", "4"), ("name", "2028")]);
    client.failure("RenameStore", &[("id", "4"), ("name", "2024-01")]);
    client.result(
        "SetStoreRequestedState",
        &[("id", "1"), ("requestedState", "disabled")],
    );
    client.result("DetachStore", &[("id", "2")]);
    client.failure("DetachStore", &[("id", "2")]);
    client.result(
        "AttachStore",
        &[
            ("name", "old"),
            ("type", "FileSystemInternal"),
            ("databasePath", "D:\\old"),
        ],
    );
    let stores = client.result("GetStores", &[]);
    assert_eq!(column(&stores, "name"), ["2024-01", "2026-01", "2028", "old"]);
    assert_eq!(column(&stores, "id"), [1, 3, 4, 5], "ids are not used twice");
    assert_eq!(stores[0]["requestedState"], "disabled");
    assert_eq!(stores[3]["databasePath"], "D:\\old");
    client.result("SetStoreProperties", &[("id", "5"), ("indexPath", "F:\\fast")]);
    assert_eq!(client.result("GetStores", &[])[3]["indexPath"], "F:\\fast");
}

#[test]
fn work_on_stores_checks_their_state_and_changes_them() {
    let server = start_server();
    let mut client = Client::new(&server);
    client.failure("VerifyStore", &[("id", "99"), ("includeIndexes", "true")]);
    client.failure("RecoverStore", &[("id", "3")]);
    client.result(
        "SetStoreRequestedState",
        &[("id", "1"), ("requestedState", "disabled")],
    );
    client.failure("VerifyStore", &[("id", "1"), ("includeIndexes", "true")]);
    assert_eq!(
        client.finish("RecoverStore", &[("id", "1")]).1["statusCode"],
        "succeeded"
    );
    assert_eq!(
        client.result("GetStores", &[])[0]["searchIndexesNeedRebuild"],
        true
    );
    client.finish("RebuildSelectedStoreIndexes", &[]);
    assert_eq!(
        client.result("GetStores", &[])[0]["searchIndexesNeedRebuild"],
        false
    );
    client.failure("MergeStore", &[("id", "3"), ("sourceId", "3")]);
    let (log, _) = client.finish("MergeStore", &[("id", "3"), ("sourceId", "2")]);
    assert!(log.contains("18340 messages copied."), "{log}");
    let stores = client.result("GetStores", &[]);
    assert_eq!(column(&stores, "statisticsCount"), [49_080, 0, 19_589]);
    let (log, _) = client.finish("CreateBackup", &[("path", "D:\\Backup")]);
    assert!(log.starts_with("Creating backup in D:\\Backup...\r\n"), "{log}");
}

#[test]
fn folders_and_messages() {
    let server = start_server();
    let mut client = Client::new(&server);
    let paths = |client: &mut Client, arguments: &[(&str, &str)]| {
        column(&client.result("GetChildFolders", arguments), "folder")
    };
    assert_eq!(
        paths(&mut client, &[("maxLevels", "1")]),
        ["frank.clark", "jane.doe", "john.doe"]
    );
    let of_john = [("folder", "john.doe")];
    let below = [
        "john.doe/Exchange",
        "john.doe/Exchange/Drafts",
        "john.doe/Exchange/Inbox",
    ];
    assert_eq!(paths(&mut client, &of_john)[..3], below);
    assert_eq!(
        paths(&mut client, &[of_john[0], ("maxLevels", "1")]),
        ["john.doe/Exchange"]
    );
    client.failure("GetChildFolders", &[("folder", "nobody")]);

    let inbox = [("folder", "john.doe/Exchange/Inbox")];
    let messages = client.result("GetMessages", &inbox);
    let id = messages[0]["id"].as_str().unwrap().to_owned();
    assert!(id.starts_with("3:"), "{id}");
    let reason = ("reason", "asked for");
    client.result("DeleteMessage", &[("id", &id), reason]);
    client.failure("DeleteMessage", &[("id", &id), reason]);
    let left = client.result("GetMessages", &inbox).as_array().unwrap().len();
    assert_eq!(left, messages.as_array().unwrap().len() - 1);
    assert_eq!(client.result("GetStores", &[])[2]["statisticsCount"], 1_248);

    client.finish("DeleteEmptyFolders", &of_john);
    assert!(!paths(&mut client, &of_john).contains(&json!("john.doe/Exchange/Drafts")));
    client.finish(
        "MoveFolder",
        &[("fromFolder", "john.doe/Exchange"), ("toFolder", "jane.doe/Old")],
    );
    assert!(paths(&mut client, &[("folder", "jane.doe")]).contains(&json!("jane.doe/Old/Inbox")));
    client.failure("MoveFolder", &[("fromFolder", "nobody"), ("toFolder", "x")]);
    let (_, last) = client.finish(
        "MoveFolder",
        &[("fromFolder", "jane.doe"), ("toFolder", "jane.doe/in")],
    );
    assert_eq!(
        last["statusCode"], "failed",
        "a failure at the end of the work is reported at the end"
    );

    let statistics = client.result("GetFolderStatistics", &[]);
    assert!(row(&statistics, "folder", "jane.doe")["size"].as_i64().unwrap() > 0);
    assert_eq!(row(&statistics, "folder", "john.doe")["count"], 0);
}

#[test]
fn legal_hold_prevents_deletions() {
    let server = start_server();
    let mut client = Client::new(&server);
    let config = r#"{"legalHoldEnabled":true,"logSuccessfulUserActivities":[]}"#;
    client.result("SetComplianceConfiguration", &[("config", config)]);
    let message = client.failure("DeleteMessage", &[("id", "3:100"), ("reason", "why not")]);
    assert!(message.contains("legal hold"), "{message}");
    client.failure("ProcessRetentionPolicies", &[]);
}
