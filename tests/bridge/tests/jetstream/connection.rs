//! Connecting, authenticating and disconnecting.

use std::time::Duration;

use jetstream_api::{Client, Error, ErrorKind};

use crate::support::{builder, client, secret};

#[tokio::test]
async fn the_class_is_found_under_both_names() {
    for (version, api_version) in [("1.9.0", 27), ("2.9.0", 39)] {
        let client = builder(&[("JETSTREAM_VERSION", version)])
            .connect()
            .await
            .unwrap();
        let info = client.server_get_server_info().await.unwrap();
        assert_eq!(info.api_version, Some(api_version), "{version}");
        assert_eq!(info.api_control_port, Some(8886));
    }
}

#[tokio::test]
async fn the_port_of_the_server_can_be_set() {
    let client = builder(&[]).port(9000).connect().await.unwrap();
    let info = client.server_get_server_info().await.unwrap();
    assert_eq!(info.api_control_port, Some(9000));
}

#[tokio::test]
async fn an_unreachable_server_is_an_error_of_connect() {
    let error = builder(&[]).host("unreachable").connect().await.unwrap_err();
    assert!(error.is_class("jetstream.tasks.ApiError"), "{error}");
    assert!(matches!(error.kind(), ErrorKind::Raised { .. }), "{error}");
}

#[tokio::test]
async fn an_unreachable_server_is_an_error_of_a_scope() {
    let settings = builder(&[]).host("unreachable");
    let result: Result<(), Error> = settings
        .scope(|_| async { unreachable!("there is no connection") })
        .await;
    let error = result.unwrap_err();
    assert!(error.is_class("jetstream.tasks.ApiError"), "{error}");
    assert!(matches!(error.kind(), ErrorKind::Start { .. }), "{error}");
}

#[tokio::test]
async fn a_scope_disconnects_whatever_the_function_returns() {
    for fails in [false, true] {
        let folder = tempfile::tempdir().unwrap();
        let journal = folder.path().join("journal");
        let settings = builder(&[("JETSTREAM_JOURNAL", journal.to_str().unwrap())]);
        let inside = journal.clone();
        let result: Result<Client, Error> = settings
            .scope(|client| async move {
                client.server_get_server_info().await?;
                assert_eq!(std::fs::read_to_string(inside).unwrap(), "connected\n");
                if fails {
                    client.get_manifest("unknown").await?;
                }
                Ok(client)
            })
            .await;
        let text = std::fs::read_to_string(&journal).unwrap();
        assert_eq!(text.lines().collect::<Vec<_>>(), ["connected", "disconnected"]);
        assert_eq!(result.is_err(), fails);
        if let Ok(client) = result {
            let error = client.server_get_server_info().await.unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Closed), "{error}");
        }
    }
}

#[tokio::test]
async fn calls_before_the_authentication_fail_and_calls_after_it_succeed() {
    let client = builder(&[("JETSTREAM_AUTH", "required")])
        .connect()
        .await
        .unwrap();
    let info = client.server_get_server_info().await.unwrap();
    assert_eq!(info.auth_required, Some(true));
    let error = client.create_destination("localhost").await.unwrap_err();
    assert!(error.to_string().contains("not authenticated"), "{error}");
    assert!(!error.is_outcome_unknown());
    client.auth("jsmith", &secret("secret")).await.unwrap();
    client.create_destination("localhost").await.unwrap();
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
    let call = client.auth_async("jsmith", &secret("wrong-password"));
    for shown in [format!("{error:?}{error}"), format!("{call:?}")] {
        assert!(!shown.contains("wrong-password"), "{shown}");
    }
}

#[tokio::test]
async fn a_read_only_client_creates_nothing() {
    let client = builder(&[]).read_only().connect().await.unwrap();
    let error = client.create_destination("localhost").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ReadOnly), "{error}");
    let error = client.add_authorized_client("key").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::ReadOnly), "{error}");
    client.auth("jsmith", &secret("secret")).await.unwrap();
    assert_eq!(client.send_get_manifests().await.unwrap(), []);
}

#[tokio::test]
async fn a_creation_without_an_answer_has_an_unknown_outcome() {
    let client = client().await;
    let call = client.create_destination("silent");
    let error = call.timeout(Duration::from_millis(200)).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Timeout(_)), "{error}");
    assert!(error.is_outcome_unknown());
    assert!(!error.is_transient());
}
