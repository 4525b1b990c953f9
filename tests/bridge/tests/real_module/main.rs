//! A client that was generated from the functions of a real module calls them. The module is the published Python client of
//! oaio, which was not written for the bridge. `real_module_is_generated.rs` generates the client.
#![allow(clippy::unwrap_used)]

#[rustfmt::skip]
mod generated;

use std::path::Path;

use oaio_interop::{Environment, Peer, password};
use python_bridge::{Bridge, Connection, ErrorKind, Json, Step};
use serde_json::{Value, json};

use crate::generated::Client;

/// The module prints to standard output when it is used, so this also shows that the protocol is not disturbed.
#[tokio::test]
async fn the_generated_client_calls_the_module() {
    let peer = Peer::start(Environment::oldest());
    let folder = tempfile::tempdir().unwrap();
    let connection = connect(&peer, folder.path()).await;
    let client = Client::new(connection.clone());
    assert_eq!(
        client.synchronize_with_server_if_online().await.unwrap().text(),
        "true"
    );
    let values = json!({"_name": "from Rust", "list": [1, 2.5, null, "é"]});
    let object = client
        .register_object(values.clone())
        .stamp("20261122010447953010")
        .await
        .unwrap();
    assert!(object.text().contains("ae.oaio_model.OaiObject"), "{object}");
    let objects = peer.objects();
    let (id, record) = objects.iter().next().unwrap();
    assert_eq!(record["client_values"], values);
    assert_eq!(record["client_stamp"], "20261122010447953010");
    let access: Vec<Value> = client.userz_access(id.as_str()).await.unwrap().decode().unwrap();
    assert_eq!(access[0], json!({"username": "alice", "access_right": "C"}));
    connection.close().await;
}

#[tokio::test]
async fn an_exception_of_the_module_keeps_its_class_and_its_message() {
    let peer = Peer::start(Environment::oldest());
    let folder = tempfile::tempdir().unwrap();
    let connection = connect(&peer, folder.path()).await;
    let client = Client::new(connection.clone());
    client.synchronize_with_server_if_online().await.unwrap();
    let error = client
        .update_object("unknown", json!({"a": 1}))
        .await
        .unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Raised { .. }), "{error:?}");
    assert!(error.is_class("builtins.AssertionError"), "{:?}", error.classes());
    assert!(error.to_string().contains("unknown"), "{error}");
    assert!(!format!("{error} {error:?}").contains(&password("alice")));
    connection.close().await;
}

async fn connect(peer: &Peer, folder: &Path) -> Connection {
    let steps = [
        Step::get(["OaioClient"]),
        Step::Call(vec![
            Json::from(peer.host()),
            Json::from(json!({"username": "alice", "password": password("alice")})),
            Json::from("demo"),
            Json::from("bridge"),
            Json::from("Digi"),
            Json::from(folder.join("root").display().to_string()),
        ]),
    ];
    Bridge::builder()
        .python(Environment::oldest().python())
        .module("ae.oaio_client")
        .root(steps)
        .surface(&generated::catalog::SURFACE)
        .secret(password("alice"))
        .spawn()
        .await
        .unwrap()
}
