//! Creating a destination.

use std::io::Write;

use jetstream_api::{Client, Destination};

use super::print::{Result, show};

pub(super) async fn run(client: &Client, output: &mut impl Write) -> Result<Destination> {
    // destinationAddress = 'localhost'
    let destination_address = "localhost";
    // destinationPort = 8886
    let destination_port = 8886;
    // destination = api.send.createDestination(destinationAddress, destinationPort=destinationPort)
    let destination = client
        .create_destination(destination_address)
        .destination_port(destination_port)
        .await?;
    show(output, &destination)?;
    Ok(destination)
}
