//! The page of examples. Each module is a snippet, and each comment is the Python statement that follows it in Rust.

mod auth;
mod auth_async;
mod connect;
mod create_destination;
mod create_manifest;
mod create_transfer;
mod monitor_manifest;
mod monitor_transfer;
mod scope;

use std::error::Error;
use std::io::Write;
use std::time::Duration;

use jetstream_api::{Builder, Client, Manifest, SecretString};
use serde::Serialize;

/// The result of a snippet.
type Result<T> = std::result::Result<T, Box<dyn Error>>;

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

/// Prints a value as JSON, without its secrets. The program continues if its standard output is closed.
fn show(output: &mut impl Write, value: &impl Serialize) -> Result<()> {
    _ = writeln!(output, "{}", serde_json::to_string(value)?);
    Ok(())
}
