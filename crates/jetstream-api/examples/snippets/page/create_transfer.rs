//! Creating a transfer.

use std::io::Write;

use jetstream_api::{Client, Destination, Manifest, Transfer};

use super::print::{Result, show};

pub(super) async fn run(
    client: &Client,
    destination: &Destination,
    manifest: &Manifest,
    output: &mut impl Write,
) -> Result<Transfer> {
    // transfer = api.send.createTransfer(destination, manifest)
    let transfer = client.create_transfer(destination, manifest).await?;
    // transfer
    show(output, &transfer)?;
    Ok(transfer)
}
