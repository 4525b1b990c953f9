//! Reads the number of messages and the size of an archive.

use mailstore_api::printable;
use mailstore_api::server;
use mailstore_api::spe;
use mailstore_api::types::Store;

use crate::{AnyArchive, Reading, Size};

/// Returns the number of messages and the size. Sends one request.
pub(super) async fn content(archive: &AnyArchive) -> (Reading<i64>, Reading<Size>) {
    match archive {
        AnyArchive::Server(client) => of_stores(client).await,
        AnyArchive::Instance(instance) => of_instance(instance).await,
    }
}

/// The Service Provider Edition counts in megabytes.
async fn of_instance(instance: &spe::Instance) -> (Reading<i64>, Reading<Size>) {
    match instance.get_instance_statistics().await {
        Ok(statistics) => (
            counted(statistics.number_of_messages, "messages").into(),
            counted(statistics.total_size_mb, "megabytes")
                .map(Size::from_mb)
                .into(),
        ),
        Err(error) => (Reading::not_read(&error), Reading::not_read(&error)),
    }
}

/// MailStore Server counts the bytes of each store.
async fn of_stores(client: &server::Client) -> (Reading<i64>, Reading<Size>) {
    match client.get_stores().include_size(true).await {
        Ok(stores) => (
            total(&stores, "messages", |store| store.statistics_count).into(),
            total(&stores, "bytes", |store| store.statistics_size)
                .map(Size::from_bytes)
                .into(),
        ),
        Err(error) => (Reading::not_read(&error), Reading::not_read(&error)),
    }
}

/// Returns the sum over all stores. The sum of a part would be wrong, so every store must have the number.
fn total(stores: &[Store], unit: &str, of: impl Fn(&Store) -> Option<i64>) -> Result<i64, String> {
    let mut sum = 0_i64;
    for store in stores {
        let number = of(store).ok_or_else(|| {
            let name = printable(&store.name);
            format!(
                "the server does not say how many {unit} store {} {name} has",
                store.id.0
            )
        })?;
        sum = sum.saturating_add(counted(number, unit)?);
    }
    Ok(sum)
}

/// A server may use a negative number for a number that it does not know.
fn counted(number: i64, unit: &str) -> Result<i64, String> {
    if number < 0 {
        return Err(format!("the server says that there are {number} {unit}"));
    }
    Ok(number)
}
