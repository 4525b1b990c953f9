//! A program that was written for MailStore Server 9.0, after the upgrade to 24.

use mailstore_api::server::{Client, MessageId, StoreId, StoreType};

async fn nightly(client: &Client, message: &MessageId) -> Result<(), mailstore_api::Error> {
    client.verify_store(StoreId(3)).await?;
    client.delete_message(message).await?;
    client.attach_store("2013").store_type(StoreType::FileSystemInternal).await?;
    Ok(())
}

fn main() {}
