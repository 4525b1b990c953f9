//! Starts to verify a store, saves its status token, and resumes the call from the saved token.
//!
//! `cargo run --example resume`; see `support` for the server that it talks to.

mod support;

use mailstore_api::StatusToken;
use mailstore_api::server::StoreId;
use support::say;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = support::connect()?;
    let client = &server.client;

    let mut task = client.verify_store(StoreId(3), true).start().await?;
    if let Some(update) = task.next().await? {
        support::print(update.log());
    }
    // The token holds no credentials, but gives access to the call: a file that only you can read is the place for it.
    let token = task.token().ok_or("the call had ended with its first answer")?;
    let saved = serde_json::to_string(token)?;
    drop(task);
    say!("--- dropped; the call continues on the server. Another process could resume it here ---");

    let token: StatusToken = serde_json::from_str(&saved)?;
    let mut task = client.resume::<()>(token)?;
    while let Some(update) = task.next().await? {
        support::print(update.log());
    }
    task.await?;
    say!("done");
    Ok(())
}
