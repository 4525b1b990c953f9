//! The page of examples. Each module is a snippet, and each comment is the Python statement that follows it in Rust.

mod auth;
mod auth_async;
mod connect;
mod create_destination;
mod create_manifest;
mod create_transfer;
mod monitor_manifest;
mod monitor_transfer;
mod print;
mod scope;

use std::io::Write;
use std::time::Duration;

use jetstream_api::{Builder, Client, Manifest, SecretString};

use self::print::Result;

/// Runs all snippets. `pause` is the time between two looks; the page has a second.
pub(crate) async fn run(
    settings: impl Fn() -> Builder,
    pause: Duration,
    output: &mut impl Write,
) -> Result<()> {
    scope::run(settings()).await?;
    let client = connect::run(settings()).await?;
    let password = SecretString::from("secret");
    auth::run(&client, &password).await?;
    auth_async::run(&client, &password, output).await?;
    let manifest = create_manifest::run(&client, output).await?;
    let manifest = monitor_manifest::run(&client, manifest, pause, output).await?;
    send(&client, &manifest, pause, output).await?;
    client.close().await;
    Ok(())
}

/// Runs the snippets that send a manifest.
async fn send(client: &Client, manifest: &Manifest, pause: Duration, output: &mut impl Write) -> Result<()> {
    let destination = create_destination::run(client, output).await?;
    let transfer = create_transfer::run(client, &destination, manifest, output).await?;
    monitor_transfer::run(client, transfer, pause, output).await
}
