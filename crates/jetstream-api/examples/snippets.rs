//! The nine snippets of the vendor's page of examples, in Rust. Every comment names the statement that follows it in Rust.
//!
//! The argument is the folder that contains the Python package `jetstream`. The second argument is the program of Python.

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jetstream_api::{Builder, Client, Manifest, SecretString, Transfer, TransferEnd, WaitErrorKind};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let Some(folder) = arguments.next() else {
        return Err("usage: snippets FOLDER [PYTHON]".into());
    };
    let python = arguments.next().unwrap_or_else(|| "python3".to_owned());
    run(&PathBuf::from(folder), &python, &mut std::io::stdout()).await
}

/// The settings of the page: the server address `localhost` and the server port 8886.
fn builder(folder: &Path, python: &str) -> Builder {
    Client::builder()
        .host("localhost")
        .port(8886)
        .python(python)
        .module_path(folder)
}

/// Runs all snippets. The program continues if its standard output is closed.
async fn run(folder: &Path, python: &str, output: &mut impl Write) -> Result<(), Box<dyn Error>> {
    // Snippet 2: `with api:` connects, and disconnects at its end.
    builder(folder, python)
        .scope(|client| async move { client.server_get_server_info().await.map(|_| ()) })
        .await?;
    // Snippet 1: `Jetstream().api(serverAddress, serverPort)` and `api.connect()`.
    let client = builder(folder, python).connect().await?;
    authenticate(&client).await?;
    let manifest = manifest(&client, output).await?;
    transfer(&client, &manifest, output).await?;
    client.close().await;
    Ok(())
}

/// Snippets 3 and 4.
async fn authenticate(client: &Client) -> Result<(), Box<dyn Error>> {
    let password = SecretString::from("secret");
    // `api.server.auth('jsmith', 'secret')`
    client.auth("jsmith", &password).await?;
    // `auth_request = api.server.authAsync('jsmith', 'secret')`
    let request = client.auth_async("jsmith", &password).await?;
    // `api.server.getRequestStatus(auth_request)`
    request.status().await?;
    // `api.server.getRequestResult(auth_request)`
    request.result().await?;
    Ok(())
}

/// Snippets 5 and 6.
async fn manifest(client: &Client, output: &mut impl Write) -> Result<Manifest, Box<dyn Error>> {
    // `mappings = {...}`: the path at the destination, and the local path.
    let mappings = [("/data/docs/readme.txt", "/local/home/readme.txt")];
    // `manifest = api.send.createManifest(mappings=mappings)`
    let manifest = client.create_manifest(mappings).await?;
    // `manifest = api.send.getManifest(manifest)`
    let manifest = client.get_manifest(&manifest).await?;
    // `while manifest['processing']:` with `sleep(1)`
    let second = Duration::from_secs(1);
    let wait = client.manifest(&manifest).wait().pauses(second / 100, second);
    let waited = wait.timeout(60 * second).await;
    // `if manifest['status'] == 'error':`
    let manifest = match waited {
        Ok(manifest) => manifest,
        Err(error) => match error.kind() {
            WaitErrorKind::Failed(reason) => return Err(format!("The manifest failed: {reason}").into()),
            _ => return Err(error.into()),
        },
    };
    // `manifest = api.send.waitForManifest(manifest)` blocks Python.
    let manifest = client.wait_for_manifest(&manifest).await?;
    // `manifest` shows `totalFiles` and `totalSize`.
    _ = writeln!(
        output,
        "files: {:?}, bytes: {:?}",
        manifest.total_files, manifest.total_size
    );
    Ok(manifest)
}

/// Snippets 7, 8 and 9.
async fn transfer(
    client: &Client,
    manifest: &Manifest,
    output: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    // `destination = api.send.createDestination(destinationAddress, destinationPort=destinationPort)`
    let destination = client
        .create_destination("localhost")
        .destination_port(8886)
        .await?;
    // `transfer = api.send.createTransfer(destination, manifest)`
    let transfer = client.create_transfer(&destination, manifest).await?;
    // `transfer = api.send.getTransfer(transfer)`
    let transfer: Transfer = client.get_transfer(&transfer).await?;
    // `while transfer['processing']:` with `sleep(1)`
    let second = Duration::from_secs(1);
    let wait = client.transfer(&transfer).wait().pauses(second / 100, second);
    // An error of the wait is the status `error`, a timeout or a failed call.
    match wait.timeout(60 * second).await? {
        TransferEnd::Complete(transfer) => {
            _ = writeln!(output, "complete: {:?} bytes", transfer.bytes_sent);
        }
        // `if transfer['status'] == 'suspended':`
        TransferEnd::Suspended(_) => {
            _ = writeln!(output, "The transfer is paused.");
            // `resumeTransfer()` continues it.
            client.resume_transfer(&transfer).await?;
        }
    }
    // `transfer = api.send.waitForTransfer(transfer)` blocks Python.
    client.wait_for_transfer(&transfer).await?;
    Ok(())
}
