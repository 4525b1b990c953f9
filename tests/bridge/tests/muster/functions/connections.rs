//! The functions about Consoles, notificators and the database.

use muster_api::{Client, ConnectionId, Error, Json, QueueSql, TemplateId};
use serde_json::{Value, json};

use super::labels::{label, labels};

pub(super) async fn run(client: &Client) -> Result<(), Error> {
    let connection = ConnectionId::from(8);
    let consoles = client.client_get_list().await?;
    assert_eq!(
        labels!(consoles),
        ["MClient: console one", "MClient: console two"]
    );
    let console = client.client_get(&connection).await?;
    assert_eq!(label(console.handle()).await, "MClient: console 8");
    let consoles = client.client_get_by_username("alice").await?;
    assert_eq!(labels!(consoles), ["MClient: alice"]);
    client.client_force_disconnection(&connection).await?;
    client
        .send_message_to_console(&connection, TemplateId(9), "hello", true)
        .await?;
    let notificators = client.client_n_get_list().await?;
    assert_eq!(labels!(notificators), ["MNClient: notificator one"]);
    let notificator = client.client_n_get(&ConnectionId::from("y")).await?;
    assert_eq!(label(notificator.handle()).await, "MNClient: notificator y");
    let notificators = client.client_n_get_by_username("bob").await?;
    assert_eq!(labels!(notificators), ["MNClient: bob"]);
    client.client_n_force_disconnection(&connection).await?;
    client
        .send_message_to_notificator(&connection, TemplateId(9), "hello", true)
        .await?;
    let bounds = client.db_get_statistics_bounds().await?;
    let times = [bounds.start, bounds.end];
    assert_eq!(times, [Json::from(1_556_000_000), Json::from(1_556_003_600)]);
    assert_eq!(bounds.samples, 60);
    let bounds = client.db_get_history_bounds().await?;
    let times = [bounds.start.clone(), bounds.end];
    assert_eq!(times, [Json::from(1_556_000_001), Json::from(1_556_007_200)]);
    assert_eq!(bounds.samples, 120);
    client.db_clear_statistics_bounds(1, 2).await?;
    client.db_clear_history_bounds(&bounds.start, 4).await?;
    client.db_import_queue_sql("DELETE").await?;
    let sql = client.db_export_queue_sql().await?;
    let QueueSql::Object(text) = &sql else {
        panic!("{sql:?}");
    };
    assert_eq!(
        (sql.text(), label(text.handle()).await.as_str()),
        (None, "MStringRef: INSERT INTO queue")
    );
    client.db_flush().await?;
    client.db_history_flush().await?;
    client.db_backup_flush().await?;
    Ok(())
}

pub(super) fn calls() -> Value {
    json!([
        ["clientGetList"],
        ["clientGet", 8],
        ["clientGetByUsername", "alice"],
        ["clientForceDisconnection", 8],
        ["sendMessageToConsole", 8, 9, "hello", true],
        ["clientNGetList"],
        ["clientNGet", "y"],
        ["clientNGetByUsername", "bob"],
        ["clientNForceDisconnection", 8],
        ["sendMessageToNotificator", 8, 9, "hello", true],
        ["dbGetStatisticsBounds"],
        ["dbGetHistoryBounds"],
        ["dbClearStatisticsBounds", 1, 2],
        ["dbClearHistoryBounds", 1_556_000_001, 4],
        ["dbImportQueueSQL", "DELETE"],
        ["dbExportQueueSQL"],
        ["dbFlush"],
        ["dbHistoryFlush"],
        ["dbBackupFlush"],
    ])
}
