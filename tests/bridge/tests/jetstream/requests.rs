//! Requests: their status, their result and the wait for it.

use std::time::Duration;

use futures_util::StreamExt;
use jetstream_api::{ErrorKind, Json, ServerRequest, WaitErrorKind};

use crate::support::{builder, client, fast, secret};

#[tokio::test]
async fn a_request_has_a_status_and_a_result() {
    let client = client().await;
    let request = client.auth_async("jsmith", &secret("secret")).await.unwrap();
    assert_eq!(request.id(), Some(&1.into()));
    assert_eq!(request.status().await.unwrap().processing, Some(true));
    let status = request.status().await.unwrap();
    assert_eq!(status.processing, Some(false));
    assert_eq!(status.status.as_deref(), Some("complete"));
    assert_eq!(status.error_message.as_deref(), Some(""));
    request.result().await.unwrap();
}

#[tokio::test]
async fn a_wait_returns_the_result_of_the_request() {
    for version in ["1.9.0", "2.9.0"] {
        let client = builder(&[("JETSTREAM_VERSION", version)])
            .connect()
            .await
            .unwrap();
        let request = client.received_transfers().await.unwrap();
        let mut states = Vec::new();
        let wait = fast(request.wait()).on_update(|status| states.push(status.processing));
        let transfers = wait.await.unwrap();
        assert_eq!(transfers.len(), 1);
        assert_eq!(states, [Some(true), Some(false)], "{version}");
    }
}

#[tokio::test]
async fn the_states_of_a_request_are_a_stream() {
    let client = client().await;
    let request = client.sources().await.unwrap();
    let states: Vec<_> = fast(request.wait()).updates().collect().await;
    let states: Vec<_> = states
        .into_iter()
        .map(|state| state.unwrap().processing)
        .collect();
    assert_eq!(states, [Some(true), Some(false)]);
}

#[tokio::test]
async fn a_failed_request_has_its_message_and_its_last_status() {
    for version in ["1.9.0", "2.9.0"] {
        let client = builder(&[("JETSTREAM_VERSION", version)])
            .connect()
            .await
            .unwrap();
        let request = client.auth_async("jsmith", &secret("wrong")).await.unwrap();
        let error = fast(request.wait()).await.unwrap_err();
        assert!(
            matches!(error.kind(), WaitErrorKind::Failed(message) if message == "authentication failed"),
            "{version}: {error}"
        );
        assert_eq!(error.last().unwrap().processing, Some(false));
        let error = request.result().await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Raised { .. }), "{error}");
    }
}

#[tokio::test]
async fn an_unknown_request_is_a_failed_call_of_the_wait() {
    let client = client().await;
    let request = client.request::<Json>(7);
    let error = request.wait().timeout(Duration::from_secs(60)).await.unwrap_err();
    assert!(matches!(error.kind(), WaitErrorKind::Call(call) if call.is_class("jetstream.tasks.ApiError")));
    assert!(error.last().is_none());
}

#[tokio::test]
async fn a_request_that_a_call_by_name_starts_is_watched() {
    let client = client().await;
    let call = client.call("server.duAsync").arg("path", "/data");
    let started: ServerRequest = call.returns().await.unwrap();
    let size = fast(client.request::<Json>(&started).wait()).await.unwrap();
    assert_eq!(size.text(), r#"{"path":"/data","size":1091}"#);
}

#[tokio::test]
async fn authorised_clients_are_added_limited_and_removed() {
    let client = client().await;
    let added = client.add_authorized_client("ssh-rsa AAAA").await.unwrap();
    assert_eq!(fast(added.wait()).await.unwrap().text(), r#"["ssh-rsa AAAA"]"#);
    let limited = client.allow_only_authorized_clients(true).await.unwrap();
    assert_eq!(fast(limited.wait()).await.unwrap().text(), "true");
    let call = client
        .call("recv.removeAuthorizedClientAsync")
        .arg("clientPublicKey", "ssh-rsa AAAA");
    let removed: ServerRequest = call.returns().await.unwrap();
    let removed = fast(client.request::<Json>(&removed).wait()).await.unwrap();
    assert_eq!(removed.text(), r#"["ssh-rsa AAAA"]"#);
}
