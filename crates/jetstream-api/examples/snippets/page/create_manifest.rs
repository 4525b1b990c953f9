//! Creating a manifest.

use std::io::Write;

use jetstream_api::{Client, Manifest};

use super::print::{Result, show};

pub(super) async fn run(client: &Client, output: &mut impl Write) -> Result<Manifest> {
    // mappings = {'/data/docs/readme.txt': '/local/home/readme.txt'}
    let mappings = [("/data/docs/readme.txt", "/local/home/readme.txt")];
    // manifest = api.send.createManifest(mappings=mappings)
    let manifest = client.create_manifest(mappings).await?;
    // manifest
    show(output, &manifest)?;
    Ok(manifest)
}
