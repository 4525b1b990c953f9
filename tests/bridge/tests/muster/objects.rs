//! Objects, and methods that the crate does not know.

use bridge_codegen::Product;
use bridge_interop::Python;
use muster_api::{Class, Client, ErrorKind, JobId, Json};

use serde_json::json;

use crate::dispatcher::{Dispatcher, Host};

const POOL: Class = Class::new("MPool")
    .methods(&["getNameFake"])
    .reads(&["getNameFake"]);

#[tokio::test]
async fn known_getters_need_no_call() {
    let client = Client::with_python("python3.11", Python::modules())
        .spawn()
        .await
        .unwrap();
    let job = client.job_get(JobId(3)).await.unwrap();
    client.connection().clone().close().await;
    assert_eq!(job.get("getName").await.unwrap(), Json::from("job 3"));
    assert_eq!(job.name().as_deref(), Some("job 3"));
}

#[tokio::test]
async fn other_getters_can_be_called_if_both_sides_list_them() {
    let methods = [("METHODS = {}", "METHODS = {\"MPool\": [\"getNameFake\"]}")];
    for (edits, is_allowed) in [(&methods[..], true), (&[][..], false)] {
        let dispatcher = Dispatcher::start(Host::Script, edits);
        let client = dispatcher.connect().class(POOL).read_only().open().await.unwrap();
        let pool = client.pool_get("gpu").await.unwrap();
        let name = pool.get("getNameFake").await;
        match is_allowed {
            true => assert_eq!(name.unwrap(), Json::from("gpu")),
            false => assert!(matches!(name.unwrap_err().kind(), ErrorKind::Refused(_))),
        }
        let error = pool.get("getOther").await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::ReadOnly), "{error}");
    }
}

#[tokio::test]
async fn the_ldap_configuration_can_be_sent_back_if_both_sides_list_its_class() {
    let edits = [
        ("METHODS = {}", "METHODS = {\"LDAPConfiguration\": []}"),
        ("ALLOW_CHANGES = False", "ALLOW_CHANGES = True"),
    ];
    let dispatcher = Dispatcher::start(Host::Script, &edits);
    let connect = dispatcher.connect().class(Class::new("LDAPConfiguration"));
    let client = connect.open().await.unwrap();
    let found = client.system_get_ldap_configuration().await.unwrap();
    let configuration = client.connection().handle(&found).unwrap();
    client
        .system_set_ldap_configuration(&configuration, false)
        .await
        .unwrap();
    let expected = [
        json!(["systemGetLDAPConfiguration"]),
        json!(["systemSetLDAPConfiguration", "LDAPConfiguration ldap", false]),
    ];
    assert_eq!(dispatcher.calls(), expected);
}

#[test]
fn the_classes_and_constants_are_those_of_the_function_list() {
    let folder = tempfile::tempdir().unwrap();
    muster_api::write_template(folder.path()).unwrap();
    let text = std::fs::read(folder.path().join("muster_bridge_surface.json")).unwrap();
    let surface: serde_json::Value = serde_json::from_slice(&text).unwrap();
    let (_, list) = Product::Muster.lists().pop().unwrap();
    let listed: Vec<&String> = list.constants.keys().collect();
    assert_eq!(surface["constants"], json!(listed));
    let classes = surface["classes"].as_object().unwrap();
    let listed = list.classes.iter().filter(|(name, _)| *name != "MUSTERERR");
    let listed: Vec<_> = listed.map(|(name, members)| (name, json!(members))).collect();
    let used: Vec<_> = classes
        .iter()
        .map(|(name, class)| (name, class["methods"].clone()))
        .collect();
    assert_eq!(used, listed);
    let errors = &surface["errors"];
    let getters = json!([errors["description"], errors["code"]]);
    assert_eq!(getters, json!(list.classes["MUSTERERR"]));
    // Getters without arguments are part of each object.
    for (name, class) in classes {
        let methods = class["methods"].as_array().unwrap().iter();
        let getters: Vec<_> = methods
            .filter(|method| method.as_str().unwrap().starts_with("get"))
            .cloned()
            .collect();
        assert_eq!(class["snapshot"], json!(getters), "{name}");
    }
}
