//! The client of JetStream with a Python package that stands in for that of the vendor.
#![allow(clippy::unwrap_used, reason = "a test")]

use std::time::Duration;

use bridge_interop::Python;
use jetstream_api::{Builder, Client, ErrorKind, Json, SecretString, TransferEnd, Wait, WaitErrorKind};

const MILLISECOND: Duration = Duration::from_millis(1);

fn builder() -> Builder {
    let command = Python::required().command();
    let mut builder = Client::builder()
        .python(command.get_program())
        .module_path(Python::modules());
    for (name, value) in command.get_envs() {
        builder = builder.env(name, value.unwrap_or_default());
    }
    builder
}

async fn client() -> Client {
    builder().connect().await.unwrap()
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

fn fast<T: jetstream_api::Task>(wait: Wait<'_, T>) -> Wait<'_, T> {
    wait.pauses(MILLISECOND, MILLISECOND)
}

#[tokio::test]
async fn both_names_of_the_class_are_found() {
    for name in ["Jetstream", "JetStream"] {
        let client = builder().env("JETSTREAM_CLASS", name).connect().await.unwrap();
        let info = client.server_get_server_info().await.unwrap();
        assert_eq!(info.api_control_port, Some(8886), "{name}");
    }
}

#[tokio::test]
async fn an_unreachable_server_is_an_error_of_connect() {
    let error = builder().host("unreachable").connect().await.unwrap_err();
    assert!(error.is_class("jetstream.api.ApiError"), "{error}");
}

#[tokio::test]
async fn a_wrong_password_is_an_error_that_does_not_show_it() {
    let client = client().await;
    client.auth("jsmith", &secret("secret")).await.unwrap();
    let error = client
        .auth("jsmith", &secret("wrong-password"))
        .await
        .unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Raised { .. }), "{error}");
    assert!(!format!("{error:?}{error}").contains("wrong-password"));
}

#[tokio::test]
async fn a_request_has_a_status_and_a_result() {
    let client = client().await;
    let request = client.auth_async("jsmith", &secret("secret")).await.unwrap();
    assert_eq!(request.status().await.unwrap().processing, Some(true));
    request.wait(None).await.unwrap();
    request.result().await.unwrap();
    let failed = client.auth_async("jsmith", &secret("wrong")).await.unwrap();
    let error = failed.wait(None).await.unwrap_err();
    assert!(matches!(error.kind(), WaitErrorKind::Failed(message) if message == "authentication failed"));
    assert_eq!(error.last().unwrap().status.as_deref(), Some("error"));
}

#[tokio::test]
async fn a_manifest_is_complete_after_a_wait() {
    let client = client().await;
    let manifest = client.create_manifest([("/data/a", "/local/a")]).await.unwrap();
    assert_eq!(manifest.processing, Some(true));
    assert_eq!(manifest.total_files, None);
    let mut looks = 0;
    let wait = fast(client.manifest(&manifest).wait());
    let manifest = wait.on_update(|_| looks += 1).await.unwrap();
    assert_eq!((manifest.total_files, manifest.total_size), (Some(1), Some(1091)));
    assert!(looks > 1);
    let id = manifest.manifest_id.unwrap();
    assert_eq!(client.wait_for_manifest("2").await.unwrap().manifest_id, Some(id));
}

#[tokio::test]
async fn a_failed_manifest_has_its_message_and_its_last_state() {
    let client = client().await;
    let manifest = client.create_manifest([("/data/a", "/missing")]).await.unwrap();
    let error = fast(client.manifest(&manifest).wait()).await.unwrap_err();
    assert!(matches!(error.kind(), WaitErrorKind::Failed(message) if message == "the file is missing"));
    assert_eq!(error.last().unwrap().processing, Some(false));
}

#[tokio::test]
async fn a_timeout_leaves_the_manifest_and_the_connection_alone() {
    let client = client().await;
    let manifest = client.create_manifest([("/data/a", "/endless")]).await.unwrap();
    let wait = fast(client.manifest(&manifest).wait());
    assert!(wait.timeout(50 * MILLISECOND).await.unwrap_err().is_timeout());
    assert_eq!(
        client.get_manifest(&manifest).await.unwrap().processing,
        Some(true)
    );
}

#[tokio::test]
async fn a_suspended_transfer_can_be_resumed() {
    let client = client().await;
    let manifest = client.create_manifest([("/data/a", "/local/a")]).await.unwrap();
    let destination = client
        .create_destination("pausing")
        .destination_port(8886)
        .await
        .unwrap();
    let transfer = client.create_transfer(&destination, &manifest).await.unwrap();
    let end = fast(client.transfer(&transfer).wait()).await.unwrap();
    assert!(matches!(end, TransferEnd::Suspended(_)));
    client.resume_transfer(&transfer).await.unwrap();
    let end = fast(client.transfer(&transfer).wait()).await.unwrap();
    assert!(matches!(end, TransferEnd::Complete(_)));
    assert!(client.resume_transfer(&transfer).await.is_err());
}

#[tokio::test]
async fn a_failed_transfer_has_its_message() {
    let client = client().await;
    let manifest = client.create_manifest([("/data/a", "/local/a")]).await.unwrap();
    let destination = client.create_destination("failing").await.unwrap();
    let transfer = client.create_transfer(&destination, &manifest).await.unwrap();
    let error = fast(client.transfer(&transfer).wait()).await.unwrap_err();
    assert!(matches!(error.kind(), WaitErrorKind::Failed(message) if message == "the disk is full"));
}

#[tokio::test]
async fn a_function_with_unknown_arguments_is_called_by_name() {
    let client = client().await;
    let echoed = client.call("server.echo").arg("text", "hello").await.unwrap();
    assert_eq!(echoed, Json::from("hello"));
}

#[tokio::test]
async fn a_read_only_client_creates_nothing() {
    let client = builder().read_only().connect().await.unwrap();
    let error = client.create_destination("localhost").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ReadOnly), "{error}");
    assert_eq!(client.send_get_manifests().await.unwrap(), []);
}
