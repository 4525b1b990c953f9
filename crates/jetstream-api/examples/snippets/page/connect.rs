//! Connecting to a server.

use jetstream_api::{Builder, Client};

use super::print::Result;

/// `settings` has the folder of the package, which Python finds by itself if the package is installed.
pub(super) async fn run(settings: Builder) -> Result<Client> {
    // from jetstream import Jetstream
    // serverAddress = 'localhost'
    let server_address = "localhost";
    // serverPort = 8886
    let server_port = 8886;
    // api = Jetstream().api(serverAddress, serverPort)
    let api = settings.host(server_address).port(server_port);
    // api.connect()
    let client = api.connect().await?;
    Ok(client)
}
