//! Ids, unknown members, times and calls by name.

use jetstream_api::{AnyId, ErrorKind, EventLogEntry, Json, ManifestId, ReceiveStatus, TransferId};

use crate::support::{builder, client, fast, manifest, transfer};

#[tokio::test]
async fn ids_are_sent_back_in_the_form_in_which_they_came() {
    for (ids, manifest_id, transfer_id) in [
        ("texts", AnyId::from("2"), AnyId::from("17")),
        ("numbers", AnyId::from(2), AnyId::from(17)),
    ] {
        let client = builder(&[("JETSTREAM_IDS", ids)]).connect().await.unwrap();
        let transfer = transfer(&client, "localhost").await;
        assert_eq!(
            transfer.transfer_id,
            Some(TransferId::from(transfer_id.clone())),
            "{ids}"
        );
        // The structure, the id of a structure, and an id that the program has saved.
        let id = ManifestId::from(manifest_id);
        client.get_manifest(&id).await.unwrap();
        client.get_transfer(&transfer).await.unwrap();
        client
            .get_transfer(transfer.transfer_id.as_ref().unwrap())
            .await
            .unwrap();
        client.get_transfer(TransferId::from(transfer_id)).await.unwrap();
    }
    let client = client().await;
    manifest(&client, "/local/a").await;
    client.get_manifest("2").await.unwrap();
    // The text and the number are two ids.
    assert!(client.get_manifest(2).await.is_err());
}

#[tokio::test]
async fn members_that_this_version_does_not_know_are_kept() {
    let client = client().await;
    let manifest = manifest(&client, "/local/a").await;
    assert_eq!(manifest.unknown().get("futureMember"), Some(&Json::from(1)));
    let sources = client.sources().await.unwrap();
    let sources = fast(sources.wait()).await.unwrap();
    assert_eq!(sources[0].source_ip.as_deref(), Some("192.0.2.7"));
    assert_eq!(sources[0].unknown().get("futureMember").unwrap().text(), "[]");
}

#[tokio::test]
async fn times_are_microseconds_since_1970() {
    let client = client().await;
    let transfer = transfer(&client, "localhost").await;
    assert_eq!(
        transfer.request_time.unwrap().0.as_microsecond(),
        1_500_000_000_000_000
    );
    assert_eq!(transfer.end_time, None);
    let transfer = client.wait_for_transfer(&transfer).await.unwrap();
    let (start, end) = (transfer.request_time.unwrap(), transfer.end_time.unwrap());
    assert_eq!(end.0.duration_since(start.0).as_millis(), 2500);
}

#[tokio::test]
async fn received_transfers_have_ids_of_another_form() {
    let client = client().await;
    let transfers = fast(client.received_transfers().await.unwrap().wait())
        .await
        .unwrap();
    assert_eq!(
        transfers[0].transfer_id.as_ref().unwrap().to_string(),
        "receiver01:8886"
    );
    assert_eq!(transfers[0].status, Some(ReceiveStatus::Receiving));
    assert_eq!(transfers[0].last_error_time, None);
}

#[tokio::test]
async fn a_function_with_unknown_arguments_is_called_by_name() {
    let client = client().await;
    let echoed = client.call("server.echo").arg("text", "hello").await.unwrap();
    assert_eq!(echoed, Json::from("hello"));
    let echoed = client.call("server.echo").kwarg("text", [1, 2]).await.unwrap();
    assert_eq!(echoed.text(), "[1,2]");
    let entries: Vec<EventLogEntry> = client.call("server.getEventLog").returns().await.unwrap();
    assert_eq!(entries[0].event.as_deref(), Some("serverStarted"));
    assert_eq!(entries[0].unknown().get("reason"), Some(&Json::from("start")));
}

#[tokio::test]
async fn a_function_that_no_documentation_names_is_not_called() {
    let client = client().await;
    let error = client.call("send.suspendTransfer").arg("transfer", "17").await;
    let error = error.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Refused(_)), "{error}");
}

#[tokio::test]
async fn a_function_that_the_package_lacks_is_not_called() {
    let client = client().await;
    let error = client.call("server.createAPIToken").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Missing(_)), "{error}");
    assert!(error.to_string().contains("2.4.0"), "{error}");
}

#[tokio::test]
async fn a_structure_without_an_id_is_not_sent() {
    let client = client().await;
    let mut manifest = manifest(&client, "/local/a").await;
    manifest.manifest_id = None;
    let error = client.get_manifest(&manifest).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Value(_)), "{error}");
    assert!(error.to_string().contains("a structure with an id"), "{error}");
}

#[tokio::test]
async fn a_shared_token_is_a_secret() {
    let client = client().await;
    let manifest = manifest(&client, "/local/a").await;
    let id = manifest.manifest_id.unwrap();
    let token = client.send_create_shared_token(&id).await.unwrap();
    assert_eq!(token.manifest_id, Some(id));
    assert_eq!((token.download_count, token.download_limit), (Some(0), None));
    let secret = token.token.as_ref().unwrap();
    let found = client.send_get_shared_token(secret).await.unwrap();
    assert_eq!(found.creation_time, token.creation_time);
    client.send_delete_shared_token(secret).await.unwrap();
    let error = client.send_get_shared_token(secret).await.unwrap_err();
    assert!(!format!("{token:?}{error:?}{error}").contains("shared-token-0"));
}

#[tokio::test]
async fn an_object_has_data_of_the_user() {
    let client = client().await;
    let manifest = manifest(&client, "/local/a").await;
    let set = client.send_update_object_user_data(&manifest, "shot", [7]);
    set.await.unwrap();
    let found = client.get_manifest(&manifest).await.unwrap();
    assert_eq!(found.user_data.unwrap().text(), r#"{"shot":[7]}"#);
    let remove = client.send_delete_object_user_data(&manifest, "shot");
    remove.await.unwrap();
    let found = client.get_manifest(&manifest).await.unwrap();
    assert_eq!(found.user_data.unwrap().text(), "{}");
}
