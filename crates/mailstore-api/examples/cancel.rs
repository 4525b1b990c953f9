//! Starts to verify a store and cancels it: with Ctrl-C, or after the first few updates.
//!
//! `cargo run --example cancel`; see `support` for the server that it talks to.

mod support;

use mailstore_api::server::StoreId;
use support::say;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = support::connect()?;

    let mut task = server.client.verify_store(StoreId(3), true).start().await?;
    let mut updates = 0;
    while updates < 5 {
        // `next` is cancel-safe: what Ctrl-C interrupts is not lost.
        tokio::select! {
            update = task.next() => match update? {
                Some(update) => support::print(update.log()),
                None => break,
            },
            _ = tokio::signal::ctrl_c() => break,
        }
        updates += 1;
    }
    say!("asking the server to stop ...");
    match task.cancel().await {
        Ok(()) => say!("it had finished before it could be stopped"),
        Err(error) if error.is_cancelled() => say!("stopped: {error}"),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
