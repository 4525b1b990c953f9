//! Verifies a store and prints the server's log during the call, first step by step and then with a callback.
//!
//! Run it with `cargo run --example verify_with_progress [STORE]`. `support` explains how to choose the server.

mod support;

use mailstore_api::printable;
use mailstore_api::server::StoreId;
use support::say;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = support::connect()?;
    let client = &server.client;
    let store: StoreId = std::env::args()
        .nth(1)
        .map_or(Ok(StoreId(3)), |number| number.parse())?;

    let mut task = client.verify_store(store, true).start().await?;
    while let Some(update) = task.next().await? {
        for line in update.lines() {
            say!(
                "{:>4} %  {}",
                update.percent().unwrap_or_default(),
                printable(line)
            );
        }
    }
    task.await?;

    say!("again, with a callback:");
    client
        .verify_store(store, false)
        .on_update(|update| support::print(update.log()))
        .await?;
    say!("done");
    Ok(())
}
