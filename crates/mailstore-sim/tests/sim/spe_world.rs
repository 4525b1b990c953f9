//! Tests of the state of the Service Provider Edition.

use std::time::Duration;

use mailstore_sim::{Edition, Simulator};
use serde_json::{Value, json};

use crate::client::{Client, column, row};

const DEMO: (&str, &str) = ("instanceID", "demo");
const ACME: (&str, &str) = ("instanceID", "acme");

fn start_server() -> Simulator {
    Simulator::builder(Edition::Spe)
        .step(Duration::ZERO)
        .start()
        .unwrap()
}

fn instances(client: &mut Client, filter: &str) -> Value {
    client.result("GetInstances", &[("instanceFilter", filter)])
}

#[test]
fn filters_select_all_or_one_or_none() {
    let server = start_server();
    let mut client = Client::new(&server);
    let all = instances(&mut client, "*");
    assert_eq!(column(&all, "instanceID"), ["demo", "acme"]);
    assert_eq!(
        column(&instances(&mut client, "acme"), "displayName"),
        ["Acme Ltd."]
    );
    assert_eq!(instances(&mut client, "nobody"), json!([]));
    assert!(all[0]["processID"].is_i64() && all[0]["status"] == "running");
    let keys: Vec<&String> = all[0].as_object().unwrap().keys().collect();
    let expected = [
        "alias",
        "displayName",
        "instanceHost",
        "instanceID",
        "processID",
        "startMode",
        "startStopError",
        "status",
    ];
    assert_eq!(keys, expected);
}

#[test]
fn an_instance_can_be_created_changed_and_deleted() {
    let server = start_server();
    let mut client = Client::new(&server);
    let config = r#"{"instanceID":"new","displayName":"New","baseDirectory":"F:\\new"}"#;
    client.result("CreateInstance", &[("config", config)]);
    client.failure("CreateInstance", &[("config", config)]);
    for wrong in ["{}", "[]", r#"{"instanceID":""}"#, r#"{"instanceID":"*"}"#] {
        client.failure("CreateInstance", &[("config", wrong)]);
    }
    let new = ("instanceID", "new");
    let mut configuration = client.result("GetInstanceConfiguration", &[new]);
    assert_eq!(
        (&configuration["alias"], &configuration["baseDirectory"]),
        (&json!("new"), &json!("F:\\new"))
    );
    configuration["debugLogEnabled"] = json!(true);
    client.result(
        "SetInstanceConfiguration",
        &[("config", &configuration.to_string())],
    );
    assert_eq!(client.result("GetInstanceConfiguration", &[new]), configuration);
    client.failure(
        "SetInstanceConfiguration",
        &[("config", r#"{"instanceID":"nobody"}"#)],
    );
    assert_eq!(
        column(&client.result("GetUsers", &[new]), "userName"),
        ["$archiveadmin", "admin"]
    );
    assert_eq!(client.result("GetStores", &[new]), json!([]));
    let (log, _) = client.finish("DeleteInstances", &[("instanceFilter", "new")]);
    assert_eq!(log, "Deleting instance new...\r\nFinished.\r\n");
    client.failure("GetInstanceConfiguration", &[new]);
    client.finish("DeleteInstances", &[("instanceFilter", "*")]);
    assert_eq!(instances(&mut client, "*"), json!([]));
}

#[test]
fn calls_on_a_stopped_instance_fail() {
    let server = start_server();
    let mut client = Client::new(&server);
    let states = [
        ("StopInstances", "stopped"),
        ("StartInstances", "running"),
        ("FreezeInstances", "frozen"),
        ("ThawInstances", "running"),
        ("RestartInstances", "running"),
    ];
    for (function, status) in states {
        let (_, last) = client.finish(function, &[("instanceFilter", "demo")]);
        assert_eq!(last["statusCode"], "succeeded");
        let row = instances(&mut client, "demo")[0].take();
        assert_eq!(row["status"], status, "{function}");
        assert_eq!(row["processID"].is_null(), status == "stopped", "{function}");
        let reachable = client.call("GetUsers", &[DEMO])["statusCode"] == "succeeded";
        assert_eq!(reachable, status == "running", "{function}");
        assert_eq!(
            client.result("CanRunArchiveProfiles", &[DEMO]),
            json!(status == "running")
        );
        client.result("GetUsers", &[ACME]);
    }
    let (_, last) = client.finish("StopInstances", &[("instanceFilter", "nobody")]);
    assert_eq!(last["statusCode"], "succeeded");
}

#[test]
fn instances_do_not_share_state() {
    let server = start_server();
    let mut client = Client::new(&server);
    client.result(
        "CreateUser",
        &[DEMO, ("userName", "erika"), ("privileges", "login")],
    );
    client.result("GetUserInfo", &[DEMO, ("userName", "erika")]);
    client.failure("GetUserInfo", &[ACME, ("userName", "erika")]);
    client.failure("GetUsers", &[("instanceID", "nobody")]);
    assert_eq!(
        client.failure("GetUsers", &[]),
        "Missing API argument instanceID."
    );
}

#[test]
fn service_provider_access_protects_the_archive() {
    let server = start_server();
    let mut client = Client::new(&server);
    assert_eq!(client.result("GetArchiveAdminEnabled", &[DEMO]), json!(true));
    client.result("SetArchiveAdminEnabled", &[DEMO, ("enabled", "false")]);
    assert_eq!(client.result("GetArchiveAdminEnabled", &[DEMO]), json!(false));
    client.failure("GetUsers", &[DEMO]);
    client.failure("GetComplianceConfiguration", &[DEMO]);
    client.failure("RunProfile", &[DEMO, ("id", "1")]);
    // Stores and search indexes are not protected.
    client.result("GetStores", &[DEMO]);
    client.result("GetIndexConfiguration", &[DEMO]);
    client.result("RenameStore", &[DEMO, ("id", "1"), ("name", "new")]);
    client.result("GetUsers", &[ACME]);
}

#[test]
fn stores_have_no_type() {
    let server = start_server();
    let mut client = Client::new(&server);
    client.result("CreateStore", &[DEMO, ("name", "2027")]);
    let stores = client.result("GetStores", &[DEMO]);
    assert!(
        stores
            .as_array()
            .unwrap()
            .iter()
            .all(|store| store.get("type").is_none())
    );
    client.result("SetStorePath", &[DEMO, ("id", "4"), ("path", "F:\\moved")]);
    let stores = client.result("GetStores", &[DEMO]);
    assert_eq!(row(&stores, "id", 4)["contentPath"], "F:\\moved\\Content");
}

#[test]
fn statistics_add_up() {
    let server = start_server();
    let mut client = Client::new(&server);
    let statistics = client.result("GetInstanceStatistics", &[DEMO]);
    let number = |key: &str| statistics[key].as_i64().unwrap();
    let parts = ["databaseFileSizeMB", "contentFileSizeMB", "indexFileSizeMB"];
    assert_eq!(number("totalSizeMB"), parts.into_iter().map(number).sum::<i64>());
    let counts = column(&client.result("GetStores", &[DEMO]), "statisticsCount");
    assert_eq!(
        number("numberOfMessages"),
        counts.iter().filter_map(Value::as_i64).sum::<i64>()
    );
    let live = client.result("GetInstanceProcessLiveStatistics", &[DEMO]);
    assert!(live["totalIOReadBytes"].as_i64().unwrap() > i64::from(u32::MAX));
}

#[test]
fn the_service_status_counts_instances() {
    let server = start_server();
    let mut client = Client::new(&server);
    client.finish("StopInstances", &[("instanceFilter", "acme")]);
    let status = client.result("GetServiceStatus", &[]);
    let host = row(&status["serverInfos"], "serverType", "instanceHost");
    assert_eq!(
        (&host["numberOfInstances"], &host["numberOfRunningInstances"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(host["port"], 8472);
    let access = row(&status["serverInfos"], "serverType", "clientAccessServer");
    assert_eq!(
        (&access["systemProperties"], &access["numberOfInstances"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(
        status["environmentInfo"],
        client.result("GetEnvironmentInfo", &[])
    );
    let message = &status["messages"][0];
    assert_eq!(
        (&message["type"], &message["isSubItem"]),
        (&json!("warning"), &json!(false))
    );
    assert!(
        message["text"]
            .as_str()
            .unwrap()
            .starts_with("Instance acme on host1:"),
        "{message}"
    );
}

#[test]
fn machines_can_be_created_and_deleted() {
    let server = start_server();
    let mut client = Client::new(&server);
    client.result("CreateInstanceHost", &[("config", r#"{"serverName":"host2"}"#)]);
    client.failure("CreateInstanceHost", &[("config", r#"{"serverName":"host2"}"#)]);
    client.failure("CreateInstanceHost", &[("config", "{}")]);
    let hosts = client.result("GetInstanceHosts", &[]);
    assert_eq!(column(&hosts, "serverName"), ["host1", "host2"]);
    assert_eq!(
        hosts[1]["serverCertificate"]["thumbprint"]
            .as_str()
            .unwrap()
            .len(),
        40
    );
    assert_eq!(
        client.result("GetInstanceHosts", &[("serverNameFilter", "nobody")]),
        json!([])
    );
    let config = ("config", r#"{"serverName":"host2","port":9000}"#);
    client.result("SetInstanceHostConfiguration", &[config]);
    assert_eq!(
        client.result("GetInstanceHosts", &[("serverNameFilter", "host2")])[0]["port"],
        9000
    );
    let host2 = ("serverName", "host2");
    client.result("CreateDirectoryOnInstanceHost", &[host2, ("path", "E:\\x")]);
    assert_eq!(
        client.result("GetDirectoriesOnInstanceHost", &[host2]),
        json!(["E:\\x"])
    );
    client.result("DeleteInstanceHost", &[host2]);
    client.failure("DeleteInstanceHost", &[("serverName", "host1")]);
    client.result(
        "CreateClientAccessServer",
        &[("config", r#"{"serverName":"cas2"}"#)],
    );
    let status = ("withServiceStatus", "true");
    assert_eq!(
        client
            .result("GetClientAccessServers", &[status])
            .as_array()
            .unwrap()
            .len(),
        2
    );
    client.result("DeleteClientAccessServer", &[("serverName", "cas2")]);
    client.failure("DeleteClientAccessServer", &[("serverName", "cas2")]);
}

#[test]
fn administrators_can_be_created_and_deleted() {
    let server = start_server();
    let mut client = Client::new(&server);
    let config = (
        "config",
        r#"{"userName":"eve","fullName":"Eve","emailAddress":"eve@example.com"}"#,
    );
    client.result(
        "CreateSystemAdministrator",
        &[config, ("password", "open sesame")],
    );
    client.failure(
        "CreateSystemAdministrator",
        &[config, ("password", "open sesame")],
    );
    let config = ("config", r#"{"userName":"eve","fullName":"Eve E."}"#);
    client.result("SetSystemAdministratorConfiguration", &[config]);
    let administrators = client.result("GetSystemAdministrators", &[]);
    assert_eq!(row(&administrators, "userName", "eve")["fullName"], "Eve E.");
    let eve = ("userName", "eve");
    client.result("SetSystemAdministratorPassword", &[eve, ("password", "other")]);
    client.result("InitializeSystemAdministratorMFA", &[eve]);
    client.result("DeactivateSystemAdministratorMFA", &[eve]);
    client.result("DeleteSystemAdministrator", &[eve]);
    client.failure("DeleteSystemAdministrator", &[eve]);
    client.failure("DeleteSystemAdministrator", &[("userName", "admin")]);
    let one = client.result("CreateSystemAdministratorAPIPassword", &[]);
    assert_ne!(one, client.result("CreateSystemAdministratorAPIPassword", &[]));
}

#[test]
fn platform_configurations_are_returned_without_passwords() {
    let server = start_server();
    let mut client = Client::new(&server);
    client.result(
        "SetSystemSmtpConfiguration",
        &[("config", r#"{"hostname":"h","password":"p"}"#)],
    );
    let kept = json!({ "hostname": "h", "password": null });
    assert_eq!(client.result("GetSystemSmtpConfiguration", &[]), kept);
    let config = r#"{"attachmentExtensions":["pdf"],"includeAttachmentsOfPDFs":true}"#;
    client.result("SetIndexConfiguration", &[DEMO, ("config", config)]);
    assert_eq!(
        client.result("GetIndexConfiguration", &[DEMO])["includeAttachmentsOfPDFs"],
        true
    );
    assert_eq!(
        client.result("GetIndexConfiguration", &[ACME])["includeAttachmentsOfPDFs"],
        false
    );
    let url = client.result("CreateClientOneTimeUrlForArchiveAdmin", &[DEMO]);
    assert!(url.as_str().unwrap().starts_with("https://"), "{url}");
}
