//! Waits for manifests and transfers.

use std::time::Duration;

use futures_util::{FutureExt, StreamExt};
use jetstream_api::{Manifest, ManifestStatus, TransferEnd, TransferStatus, WaitErrorKind};

use crate::support::{client, fast, manifest, transfer};

#[tokio::test]
async fn a_manifest_is_complete_after_a_wait() {
    let client = client().await;
    let manifest = manifest(&client, "/local/a").await;
    assert_eq!(manifest.processing, Some(true));
    assert_eq!(manifest.total_files, None);
    let mut states = Vec::new();
    let wait = fast(client.manifest(&manifest).wait());
    let manifest = wait
        .on_update(|state| states.push(state.processing))
        .await
        .unwrap();
    assert_eq!((manifest.total_files, manifest.total_size), (Some(1), Some(1091)));
    assert_eq!(states, [Some(true), Some(true), Some(false)]);
}

#[tokio::test]
async fn a_failed_manifest_has_its_message_and_its_last_state() {
    let client = client().await;
    let manifest = manifest(&client, "/missing").await;
    let error = fast(client.manifest(&manifest).wait()).await.unwrap_err();
    assert!(matches!(error.kind(), WaitErrorKind::Failed(message) if message == "the file is missing"));
    let last = error.last().unwrap();
    assert_eq!(last.processing, Some(false));
    assert_eq!(last.manifest_id, manifest.manifest_id);
}

#[tokio::test]
async fn a_timeout_has_the_last_state_and_a_new_wait_is_possible() {
    let client = client().await;
    let manifest = manifest(&client, "/endless").await;
    let task = client.manifest(&manifest);
    for _ in 0..2 {
        let wait = fast(task.wait()).timeout(Duration::from_millis(500));
        let error = wait.await.unwrap_err();
        assert!(error.is_timeout(), "{error}");
        let last = error.last().unwrap();
        assert_eq!(last.manifest_id, manifest.manifest_id);
        assert_eq!(last.status, Some(ManifestStatus::Pending));
    }
}

#[tokio::test]
async fn a_dropped_wait_leaves_the_connection_usable() {
    let client = client().await;
    let endless = manifest(&client, "/endless").await;
    // The future is dropped while its first look is in Python.
    assert!(
        client
            .manifest(&endless)
            .wait()
            .into_future()
            .now_or_never()
            .is_none()
    );
    let timed_out = tokio::time::timeout(Duration::ZERO, client.manifest(&endless).wait().into_future());
    timed_out.await.unwrap_err();
    // The stream is dropped between two looks.
    let mut updates = Box::pin(fast(client.manifest(&endless).wait()).updates());
    assert_eq!(updates.next().await.unwrap().unwrap().processing, Some(true));
    drop(updates);
    let other = manifest(&client, "/local/a").await;
    let other = fast(client.manifest(&other).wait()).await.unwrap();
    assert_eq!(other.status, Some(ManifestStatus::Complete));
    assert_eq!(
        client.get_manifest(&endless).await.unwrap().processing,
        Some(true)
    );
}

#[tokio::test]
async fn two_waits_of_one_client_run_at_the_same_time() {
    let client = client().await;
    let endless = manifest(&client, "/endless").await;
    let mut looks = 0;
    let forever = fast(client.manifest(&endless).wait()).on_update(|_| looks += 1);
    let other = manifest(&client, "/local/a").await;
    let finite = fast(client.manifest(&other).wait());
    let ended: Manifest = tokio::select! {
        never = forever.into_future() => unreachable!("{never:?}"),
        ended = finite.into_future() => ended.unwrap(),
    };
    assert_eq!(ended.status, Some(ManifestStatus::Complete));
    assert!(looks > 0);
}

#[tokio::test]
async fn the_states_of_a_transfer_are_a_stream_that_ends_with_the_last_one() {
    let client = client().await;
    let transfer = transfer(&client, "localhost").await;
    let states: Vec<_> = fast(client.transfer(&transfer).wait()).updates().collect().await;
    let states: Vec<_> = states.into_iter().map(|state| state.unwrap().status).collect();
    assert_eq!(
        states,
        [
            Some(TransferStatus::Sending),
            Some(TransferStatus::Sending),
            Some(TransferStatus::Complete)
        ]
    );
}

#[tokio::test]
async fn the_stream_of_a_failed_transfer_ends_with_an_error() {
    let client = client().await;
    let transfer = transfer(&client, "failing").await;
    let states: Vec<_> = fast(client.transfer(&transfer).wait()).updates().collect().await;
    assert_eq!(states.len(), 3);
    let error = states.last().unwrap().as_ref().unwrap_err();
    assert!(matches!(error.kind(), WaitErrorKind::Failed(message) if message == "the disk is full"));
    assert_eq!(error.last().unwrap().status, Some(TransferStatus::Error));
}

#[tokio::test]
async fn a_suspended_transfer_can_be_resumed() {
    let client = client().await;
    let transfer = transfer(&client, "pausing").await;
    let end = fast(client.transfer(&transfer).wait()).await.unwrap();
    let TransferEnd::Suspended(suspended) = end else {
        panic!("{end:?}")
    };
    assert_eq!(suspended.transfer_id, transfer.transfer_id);
    client.resume_transfer(&suspended).await.unwrap();
    assert_eq!(
        client.get_transfer(&transfer).await.unwrap().processing,
        Some(true)
    );
    let end = fast(client.transfer(&suspended).wait()).await.unwrap();
    assert!(matches!(end, TransferEnd::Complete(transfer) if transfer.bytes_sent == Some(1091)));
    assert!(client.resume_transfer(&transfer).await.is_err());
}
