//! Monitors a server: asks how well it is, through a client of the program's own.
//!
//! `MAILSTORE_PASSWORD=... cargo run -p own-client -- mailstore.example.com`

use std::time::Duration;

use mailstore_transport::Error;
use own_client::reports::{Client, TimeZone};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "localhost".to_owned());
    let password = std::env::var("MAILSTORE_PASSWORD").unwrap_or_default();
    let client = Client::builder(&address)
        .credentials("admin", password)
        .read_only()
        // For connecting and the first answer. A monitor that hangs reports nothing.
        .request_timeout(Duration::from_secs(20))
        .build()?;

    let server = client.get_server_info().await?;
    println!("{} runs version {}", server.machine_name, server.version);
    let health = client.get_archive_health(&TimeZone::SERVER_LOCAL).await?;
    println!("{} stores cannot be opened", health.stores_in_error.len());
    Ok(())
}
