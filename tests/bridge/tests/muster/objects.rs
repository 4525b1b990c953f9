//! Objects, and methods that the crate does not know.

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
    assert_eq!(job.get("getName").await.unwrap(), Json::from("job"));
    assert_eq!(job.name().as_deref(), Some("job"));
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
        json!(["systemSetLDAPConfiguration", "LDAPConfiguration", false]),
    ];
    assert_eq!(dispatcher.calls(), expected);
}
