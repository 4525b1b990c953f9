//! The waits of the vendor, which block Python.

use std::time::Duration;

use jetstream_api::{ErrorKind, ManifestStatus, TransferStatus};

use crate::support::{client, manifest, transfer};

#[tokio::test]
async fn the_waits_of_the_vendor_return_the_last_state() {
    let client = client().await;
    let manifest = manifest(&client, "/local/a").await;
    let manifest = client.wait_for_manifest(&manifest).await.unwrap();
    assert_eq!(manifest.status, Some(ManifestStatus::Complete));
    // A failed manifest is a state of the vendor's wait, and not an error.
    let failed = client.create_manifest([("/data/a", "/missing")]).await.unwrap();
    let failed = client.wait_for_manifest(&failed).await.unwrap();
    assert_eq!(failed.error_message.as_deref(), Some("the file is missing"));
    let transfer = transfer(&client, "pausing").await;
    let transfer = client.wait_for_transfer(&transfer).await.unwrap();
    assert_eq!(transfer.status, Some(TransferStatus::Suspended));
}

#[tokio::test]
async fn a_wait_of_the_vendor_ends_with_the_timeout_of_the_call_and_ends_python() {
    let client = client().await;
    let manifest = manifest(&client, "/endless").await;
    let wait = client.wait_for_manifest(&manifest);
    let error = wait.timeout(Duration::from_millis(200)).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Timeout(_)), "{error}");
    assert!(!error.is_outcome_unknown());
    let error = client.get_manifest(&manifest).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Died(_)), "{error}");
}

#[tokio::test]
async fn a_dropped_wait_of_the_vendor_still_blocks_python_until_the_timeout_of_calls() {
    let client = crate::support::builder(&[])
        .call_timeout(Duration::from_secs(2))
        .connect()
        .await
        .unwrap();
    let manifest = manifest(&client, "/endless").await;
    let wait = client.wait_for_manifest(&manifest).into_future();
    tokio::time::timeout(Duration::from_millis(200), wait)
        .await
        .unwrap_err();
    let error = client.get_manifest(&manifest).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Died(_)), "{error}");
    assert!(error.is_transient());
}
