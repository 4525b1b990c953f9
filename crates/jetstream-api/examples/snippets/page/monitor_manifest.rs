//! Monitoring a manifest: with repeated looks, with the blocking wait of the vendor, and with the wait of this client.

use std::io::Write;
use std::time::Duration;

use jetstream_api::{Client, Manifest, ManifestStatus};
use tokio::time::sleep;

use super::print::{Result, show};

pub(super) async fn run(
    client: &Client,
    manifest: Manifest,
    pause: Duration,
    output: &mut impl Write,
) -> Result<Manifest> {
    // manifest = api.send.getManifest(manifest)
    let manifest = client.get_manifest(&manifest).await?;
    // manifest
    show(output, &manifest)?;

    // manifest = api.send.getManifest(manifest)
    let mut manifest = client.get_manifest(&manifest).await?;
    // while manifest['processing']:
    while manifest.processing == Some(true) {
        // status = manifest['status']
        let status = &manifest.status;
        show(output, &status)?;
        // sleep(1)
        sleep(pause).await;
        // manifest = api.send.getManifest(manifest)
        manifest = client.get_manifest(&manifest).await?;
    }

    // manifest = api.send.waitForManifest(manifest)
    let manifest = client.wait_for_manifest(&manifest).await?;
    // manifest
    show(output, &manifest)?;

    // manifest = api.send.waitForManifest(manifest)
    let manifest = client.wait_for_manifest(&manifest).await?;
    // if manifest['status'] == 'error':
    if manifest.status == Some(ManifestStatus::Error) {
        // raise MyError('The manifest failed, because {reason}'.format(reason=manifest['errorMessage']))
        let reason = manifest.error_message.unwrap_or_default();
        return Err(format!("The manifest failed, because {reason}").into());
    }

    // manifest = api.send.waitForManifest(manifest)
    let manifest = client.wait_for_manifest(&manifest).await?;
    // manifest
    show(output, &(manifest.total_files, manifest.total_size))?;

    // This wait can be cancelled, and other calls run meanwhile. A failed manifest is an error.
    let wait = client.manifest(&manifest).wait();
    Ok(wait.timeout(Duration::from_secs(600)).await?)
}
