//! Monitoring a transfer: with repeated looks, with the blocking wait of the vendor, and with the wait of this client.

use std::io::Write;
use std::time::Duration;

use jetstream_api::{Client, Transfer, TransferEnd, TransferStatus};
use tokio::time::sleep;

use super::print::{Result, show};

pub(super) async fn run(
    client: &Client,
    transfer: Transfer,
    pause: Duration,
    output: &mut impl Write,
) -> Result<()> {
    // transfer = api.send.getTransfer(transfer)
    let transfer = client.get_transfer(&transfer).await?;
    // transfer
    show(output, &transfer)?;

    // transfer = api.send.getTransfer(transfer)
    let mut transfer = client.get_transfer(&transfer).await?;
    // while transfer['processing']:
    while transfer.processing == Some(true) {
        // status = transfer['status']
        let status = &transfer.status;
        show(output, &status)?;
        // sleep(1)
        sleep(pause).await;
        // transfer = api.send.getTransfer(transfer)
        transfer = client.get_transfer(&transfer).await?;
    }

    // transfer = api.send.waitForTransfer(transfer)
    let transfer = client.wait_for_transfer(&transfer).await?;
    // transfer
    show(output, &transfer)?;

    // transfer = api.send.waitForTransfer(transfer)
    let transfer = client.wait_for_transfer(&transfer).await?;
    // if transfer['status'] == 'error':
    if transfer.status == Some(TransferStatus::Error) {
        // raise MyError('The transfer failed, because {reason}'.format(reason=transfer['errorMessage']))
        let reason = transfer.error_message.unwrap_or_default();
        return Err(format!("The transfer failed, because {reason}").into());
    }
    // if transfer['status'] == 'suspended':
    if transfer.status == Some(TransferStatus::Suspended) {
        // print('The transfer has been paused.')
        _ = writeln!(output, "The transfer has been paused.");
        // The page only names resumeTransfer().
        client.resume_transfer(&transfer).await?;
    }

    // This wait can be cancelled, and other calls run meanwhile. A failed transfer is an error.
    let wait = client.transfer(&transfer).wait().pauses(pause, pause);
    match wait.timeout(Duration::from_secs(600)).await? {
        TransferEnd::Complete(transfer) => show(output, &transfer.bytes_sent),
        TransferEnd::Suspended(_) => Err("the transfer was suspended again".into()),
    }
}
