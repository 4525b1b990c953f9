//! What the engine must not keep.

use mailstore_fleet::outcome::Phase;
use mailstore_sim::{Fault, Phase as Request, Rule};

use crate::journal::{Journal, contains};
use crate::support::{Fleet, PASSWORD, server};

#[tokio::test]
async fn the_journal_has_tokens_and_neither_passwords_nor_logs() {
    let mut fleet = Fleet::of_one(server(5)).await;
    // The engine compresses its files. Without this, the search would find nothing, whatever they contain.
    fleet.end_engine().await;
    let setting = (
        "RESTATE_WORKER__STORAGE__ROCKSDB_DISABLE_L0_L1_COMPRESSION",
        "true",
    );
    fleet.start_engine_with(&[setting]).await;
    let call = fleet.call(0, "VerifyStore", &[("id", "1"), ("includeIndexes", "false")]);
    let sent = fleet.submit(&fleet.batch(vec![call.clone()])).await;
    fleet.results(&sent).await;
    let task = fleet.servers[0].tasks().remove(0);
    let line = task.log.lines().max_by_key(|line| line.len()).unwrap().to_owned();
    let journal = Journal::read(&fleet).await;
    // What must be there shows that the search finds what is there.
    assert!(journal.contains(&task.token));
    assert!(!journal.contains(PASSWORD));
    assert!(!journal.contains(&line));
    fleet.phase(&call, Phase::Ended).await;
    fleet.end_engine().await;
    let data = fleet.folder.path().join("data");
    assert!(contains(&data, task.token.as_bytes()));
    assert!(!contains(&data, PASSWORD.as_bytes()));
    assert!(!contains(&data, line.as_bytes()));
}

/// A status that a server might send. The simulator sends it as it is.
const STATUS: &str = "canary-of-a-status-for-anna@example.com";

/// Runs a call whose server answers with an unknown status. Checks that it waits for a decision, and that the journal
/// does not have the status.
async fn status_is_not_kept(fault: Rule) {
    let fleet = Fleet::of_one(server(5)).await;
    fleet.servers[0].inject(fault).unwrap();
    let call = fleet.call(0, "VerifyStore", &[("id", "1"), ("includeIndexes", "false")]);
    fleet.submit(&fleet.batch(vec![call.clone()])).await;
    fleet.phase(&call, Phase::Unknown).await;
    let reason = fleet.status(&call).await.unwrap().reason.unwrap();
    assert!(
        reason.contains("a status that this program does not know"),
        "{reason}"
    );
    let journal = Journal::read(&fleet).await;
    assert!(journal.contains("a status that this program does not know"));
    assert!(!journal.contains(STATUS));
}

#[tokio::test]
async fn an_unknown_status_of_a_start_is_not_in_the_journal() {
    status_is_not_kept(Fault::status_word(STATUS).on(Request::Start)).await;
}

#[tokio::test]
async fn an_unknown_status_of_a_running_call_is_not_in_the_journal() {
    status_is_not_kept(Fault::status_word(STATUS).on(Request::Poll)).await;
}
