//! Authenticating with a server.

use jetstream_api::{Client, SecretString};

use super::print::Result;

pub(super) async fn run(client: &Client, password: &SecretString) -> Result<()> {
    // api.server.auth('jsmith', 'secret')
    client.auth("jsmith", password).await?;
    Ok(())
}
