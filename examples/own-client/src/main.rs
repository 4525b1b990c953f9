//! Monitors a server with a separate client.
//!
//! `MAILSTORE_PASSWORD=... cargo run -p own-client -- mailstore.example.com`

use std::error::Error;
use std::io::{self, Write as _};
use std::time::Duration;

use mailstore_transport::printable;
use own_client::reports::{Client, TimeZone};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1).unwrap_or_else(|| "localhost".to_owned());
    let password = std::env::var("MAILSTORE_PASSWORD").unwrap_or_default();
    let client = Client::builder(&address)
        .credentials("admin", password)
        .read_only()
        // Limits the time for connecting and for the first response, so that the monitor cannot hang.
        .request_timeout(Duration::from_secs(20))
        .build()?;

    let server = client.get_server_info().await?;
    let health = client.get_archive_health(&TimeZone::SERVER_LOCAL).await?;
    let report = format!(
        "{} runs version {}\n{} stores cannot be opened\n",
        printable(&server.machine_name),
        printable(&server.version),
        health.stores_in_error.len()
    );
    match io::stdout().write_all(report.as_bytes()) {
        // It is not an error if the reader closes the pipe early (`| head -1`).
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}
