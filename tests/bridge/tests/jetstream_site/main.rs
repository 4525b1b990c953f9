//! A client that was generated from the functions of an installed package calls them. The package is the stand-in for that
//! of JetStream 2.9. `jetstream_site_is_generated.rs` generates the client.
#![allow(clippy::unwrap_used, reason = "a test")]

#[rustfmt::skip]
mod generated;

use bridge_interop::Python;
use python_bridge::{Bridge, ErrorKind, Json, Step};

use crate::generated::{Client, ManifestStatus};

async fn connect() -> Client {
    let command = Python::required().command();
    let mut builder = Bridge::builder()
        .python(command.get_program())
        .env("JETSTREAM_VERSION", "2.9.0")
        .module("jetstream")
        .module_path(Python::modules())
        .root([
            Step::get(["JetStream", "Jetstream"]),
            Step::call(),
            Step::get(["api"]),
            Step::call(),
        ])
        .surface(&generated::catalog::SURFACE);
    for (name, value) in command.get_envs() {
        builder = builder.env(name, value.unwrap_or_default());
    }
    let client = Client::new(builder.spawn().await.unwrap());
    client.connect().await.unwrap();
    client
}

#[tokio::test]
async fn functions_that_only_the_package_describes_are_methods() {
    let client = connect().await;
    let started = client.server_du_async("/data").await.unwrap();
    let size = client
        .server_get_request_result(&started.request_id.unwrap())
        .await
        .unwrap();
    assert_eq!(size.text(), r#"{"path":"/data","size":1091}"#);
    let first = client.server_undocumented("a").await.unwrap();
    assert_eq!(first.text(), r#"["a",2]"#);
    let second = client.server_undocumented("a").second(3).await.unwrap();
    assert_eq!(second.text(), r#"["a",3]"#);
    assert_eq!(
        client.server_echo().text("hello").await.unwrap(),
        Json::from("hello")
    );
    let events = client.server_get_event_log().await.unwrap();
    assert_eq!(events[0].event.as_deref(), Some("serverStarted"));
}

#[tokio::test]
async fn functions_that_are_documented_keep_their_types() {
    let client = connect().await;
    let files = serde_json::json!({"/data/a": "/local/a"});
    let manifest = client.send_create_manifest(files).await.unwrap();
    assert_eq!(manifest.status, Some(ManifestStatus::Pending));
    let manifest = client
        .send_wait_for_manifest(&manifest.manifest_id.unwrap())
        .await
        .unwrap();
    assert_eq!(manifest.total_size, Some(1091));
}

#[tokio::test]
async fn functions_that_nothing_describes_are_called_by_name() {
    let client = connect().await;
    let call = client.call("recv.removeAuthorizedClientAsync").arg("key", "A");
    assert!(call.await.unwrap().text().contains("requestId"));
    let error = client.call("server.terminate").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Refused(_)), "{error}");
}
