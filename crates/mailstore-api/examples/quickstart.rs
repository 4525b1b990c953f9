//! Makes first calls and handles errors of the server.
//!
//! Run it with `cargo run --example quickstart`. `support` explains how to choose the server.

mod support;

use mailstore_api::printable;
use support::say;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = support::connect()?;
    let client = &server.client;

    let info = client.get_server_info().await?;
    say!(
        "{} runs MailStore Server {}",
        printable(&info.machine_name),
        printable(&info.version)
    );

    match client.get_user_info("john.doe").await {
        Ok(user) => user
            .email_addresses
            .iter()
            .for_each(|address| say!("john.doe: {}", printable(address.as_ref()))),
        Err(error) => match error.server_error() {
            Some(said) => say!("error of the server: {}", printable(&said.message)),
            None => return Err(error.into()),
        },
    }
    if let Err(error) = client.get_user_info("nobody").await {
        say!("{error}");
    }
    Ok(())
}
