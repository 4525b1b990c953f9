//! The size of the journal, from the tables of the engine.

use std::collections::BTreeMap;

use mailstore_fleet::api::Engine;
use miette::Report;
use serde::Deserialize;

/// The size of the journals of a handler.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(crate) struct Size {
    pub(crate) entries: u64,
    pub(crate) bytes: u64,
}

#[derive(Deserialize)]
struct Row {
    target: String,
    #[serde(flatten)]
    size: Size,
}

/// Returns the sizes by the names of the services and handlers, such as `MailCall/run`.
pub(crate) async fn sizes(engine: &Engine) -> Result<BTreeMap<String, Size>, Report> {
    const SQL: &str = "SELECT i.target_service_name || '/' || i.target_handler_name AS target, \
         count(*) AS entries, sum(j.raw_length) AS bytes \
         FROM sys_journal j JOIN sys_invocation i ON i.id = j.id GROUP BY 1";
    let rows: Vec<Row> = engine.query(SQL).await?;
    Ok(rows.into_iter().map(|row| (row.target, row.size)).collect())
}
