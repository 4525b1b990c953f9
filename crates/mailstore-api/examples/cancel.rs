//! Starts to verify a store, and cancels the call after Ctrl-C or the first few updates.
//!
//! Run it with `cargo run --example cancel`. `support` explains how to choose the server.

mod support;

use mailstore_api::server::StoreId;
use support::say;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = support::connect()?;

    let mut task = server.client.verify_store(StoreId(3), true).start().await?;
    let mut updates = 0;
    while updates < 5 {
        // `next` is cancel-safe: nothing is lost if Ctrl-C interrupts it.
        tokio::select! {
            update = task.next() => match update? {
                Some(update) => support::print(update.log()),
                None => break,
            },
            _ = tokio::signal::ctrl_c() => break,
        }
        updates += 1;
    }
    say!("cancelling the call ...");
    match task.cancel().await {
        Ok(()) => say!("the call ended before it was cancelled"),
        Err(error) if error.is_cancelled() => say!("cancelled: {error}"),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
