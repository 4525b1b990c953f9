//! The client in a program without an async runtime.

use std::time::Duration;

use jetstream_api::{Error, ErrorKind, MinCipher, OverwriteMode, TransferEnd};

use crate::support::{builder, fast, secret};

#[test]
fn a_program_without_a_runtime_sends_files() {
    let client = builder(&[]).connect_blocking().unwrap();
    client.auth("jsmith", &secret("secret")).send_blocking().unwrap();
    let request = client
        .auth_async("jsmith", &secret("secret"))
        .send_blocking()
        .unwrap();
    assert_eq!(request.status().send_blocking().unwrap().processing, Some(true));
    fast(request.wait()).wait_blocking().unwrap();
    request.result_blocking().unwrap();
    let files = [("/data/a", "/local/a")];
    let manifest = client.create_manifest(files).send_blocking().unwrap();
    let manifest = fast(client.manifest(&manifest).wait()).wait_blocking().unwrap();
    assert_eq!(manifest.total_files, Some(1));
    let destination = client.create_destination("pausing").send_blocking().unwrap();
    let transfer = client
        .create_transfer(&destination, &manifest)
        .send_blocking()
        .unwrap();
    let end = fast(client.transfer(&transfer).wait()).wait_blocking().unwrap();
    assert!(matches!(end, TransferEnd::Suspended(_)));
    client.resume_transfer(&transfer).send_blocking().unwrap();
    let transfer = client.wait_for_transfer(&transfer).send_blocking().unwrap();
    assert_eq!(transfer.bytes_sent, Some(1091));
    assert_eq!(client.constant_blocking("API_VERSION").unwrap().text(), "27");
    let mode = OverwriteMode::WithPartfileNever;
    assert_eq!(client.overwrite_mode_blocking(mode).unwrap().text(), "3");
    let error = client.min_cipher_blocking(MinCipher::None).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Missing(_)), "{error}");
    client.close_blocking();
}

#[test]
fn a_wait_that_blocks_has_a_timeout() {
    let client = builder(&[]).connect_blocking().unwrap();
    let files = [("/data/a", "/endless")];
    let manifest = client.create_manifest(files).send_blocking().unwrap();
    let wait = fast(client.manifest(&manifest).wait()).timeout(Duration::from_millis(500));
    let error = wait.wait_blocking().unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(error.last().unwrap().manifest_id, manifest.manifest_id);
}

#[test]
fn a_scope_that_blocks_disconnects_at_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let journal = folder.path().join("journal");
    let settings = builder(&[("JETSTREAM_JOURNAL", journal.to_str().unwrap())]);
    let result: Result<Option<i64>, Error> = settings.scope_blocking(|client| {
        let info = client.server_get_server_info().send_blocking()?;
        Ok(info.api_version)
    });
    assert_eq!(result.unwrap(), Some(27));
    let text = std::fs::read_to_string(&journal).unwrap();
    assert_eq!(text.lines().collect::<Vec<_>>(), ["connected", "disconnected"]);
}
