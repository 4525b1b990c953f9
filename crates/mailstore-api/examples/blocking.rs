//! Calls functions without an async runtime.
//!
//! Run it with `cargo run --features blocking --example blocking`. `support` explains how to choose the server.

mod support;

use mailstore_api::printable;
use mailstore_api::server::StoreId;
use support::say;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = support::connect()?;
    let client = &server.client;

    let info = client.get_server_info().send_blocking()?;
    say!(
        "{} runs MailStore Server {}",
        printable(&info.machine_name),
        printable(&info.version)
    );

    let mut task = client.verify_store(StoreId(3), true).start_blocking()?;
    while let Some(update) = task.next_blocking()? {
        support::print(update.log());
    }
    task.wait_blocking(mailstore_api::WaitOptions::new())?;
    say!("done");
    Ok(())
}
