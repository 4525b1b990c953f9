//! What the engine must not keep.

use std::fs;
use std::path::Path;

use mailstore_fleet::outcome::Phase;
use serde::Deserialize;

use crate::support::{Fleet, PASSWORD, server};

/// Returns whether a file below a folder contains these bytes.
pub(crate) fn contains(folder: &Path, bytes: &[u8]) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return contains(&path, bytes);
        }
        let text = fs::read(&path).unwrap_or_default();
        text.windows(bytes.len()).any(|window| window == bytes)
    })
}

#[tokio::test]
async fn the_journal_has_tokens_and_neither_passwords_nor_logs() {
    #[derive(Deserialize)]
    struct Row {
        raw: Option<String>,
    }
    let mut fleet = Fleet::of_one(server(5)).await;
    let call = fleet.call(0, "VerifyStore", &[("id", "1"), ("includeIndexes", "false")]);
    let sent = fleet.submit(&fleet.batch(vec![call.clone()])).await;
    fleet.results(&sent).await;
    let task = fleet.servers[0].tasks().remove(0);
    let line = task.log.lines().max_by_key(|line| line.len()).unwrap().to_owned();
    let rows: Vec<Row> = fleet
        .engine
        .query("SELECT encode(raw, 'hex') AS raw FROM sys_journal")
        .await
        .unwrap();
    let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
    let journal = |text: &str| {
        let text = hex(text);
        rows.iter()
            .any(|row| row.raw.as_ref().is_some_and(|raw| raw.contains(&text)))
    };
    // What must be there shows that the search finds what is there.
    assert!(journal(&task.token));
    assert!(!journal(PASSWORD));
    assert!(!journal(&line));
    // The engine compresses its files. Without this, the search would find nothing, whatever they contain.
    fleet.end_engine().await;
    let setting = (
        "RESTATE_WORKER__STORAGE__ROCKSDB_DISABLE_L0_L1_COMPRESSION",
        "true",
    );
    fleet.start_engine_with(&[setting]).await;
    fleet.phase(&call, Phase::Ended).await;
    fleet.end_engine().await;
    let data = fleet.folder.path().join("data");
    assert!(contains(&data, task.token.as_bytes()));
    assert!(!contains(&data, PASSWORD.as_bytes()));
    assert!(!contains(&data, line.as_bytes()));
}
