//! The first calls: who is there, and what happens when something is wrong.
//!
//! `cargo run --example quickstart`; see `support` for the server that it talks to.

mod support;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = support::connect()?;
    let client = &server.client;

    let info = client.get_server_info().await?;
    println!("{} runs MailStore Server {}", info.machine_name, info.version);

    match client.get_user_info("john.doe").await {
        Ok(user) => user
            .email_addresses
            .iter()
            .for_each(|address| println!("john.doe: {address}")),
        Err(error) => match error.server_error() {
            Some(said) => println!("the server says: {}", said.message),
            None => return Err(error.into()),
        },
    }
    if let Err(error) = client.get_user_info("nobody").await {
        println!("{error}");
    }
    Ok(())
}
