//! Starts to verify a store, saves its status token, and resumes the call from the saved token.
//!
//! Run it with `cargo run --example resume`. `support` explains how to choose the server.

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
    // The token contains no credentials, but gives access to the call: save it in a file that only you can read.
    let token = task.token().ok_or("the call ended with its first response")?;
    let saved = serde_json::to_string(token)?;
    drop(task);
    say!(
        "--- The task was dropped. The call continues on the server, and another process could resume it ---"
    );

    let token: StatusToken = serde_json::from_str(&saved)?;
    let mut task = client.resume::<()>(token)?;
    while let Some(update) = task.next().await? {
        support::print(update.log());
    }
    task.await?;
    say!("done");
    Ok(())
}
