//! Authenticating with a server while the program does something else.

use std::io::Write;

use jetstream_api::{Client, SecretString};

use super::print::{Result, show};

pub(super) async fn run(client: &Client, password: &SecretString, output: &mut impl Write) -> Result<()> {
    // auth_request = api.server.authAsync('jsmith', 'secret')
    let auth_request = client.auth_async("jsmith", password).await?;
    show(output, &auth_request.id())?;
    // api.server.getRequestStatus(auth_request)
    let status = auth_request.status().await?;
    show(output, &status)?;
    // api.server.getRequestResult(auth_request)
    auth_request.result().await?;
    Ok(())
}
