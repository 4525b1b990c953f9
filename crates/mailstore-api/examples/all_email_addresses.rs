//! Prints all e-mail addresses of all users.
//!
//! Run it with `cargo run --example all_email_addresses`. `support` explains how to choose the server.

mod support;

use mailstore_api::printable;
use support::say;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = support::connect()?;
    let client = &server.client;

    let mut addresses = Vec::new();
    for user in client.get_users().await? {
        addresses.extend(client.get_user_info(&user.user_name).await?.email_addresses);
    }
    addresses
        .iter()
        .for_each(|address| say!("{}", printable(address.as_ref())));
    Ok(())
}
