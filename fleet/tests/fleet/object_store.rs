//! Logs and results in an object store that fails, and comes back or not.

use std::fs;

use mailstore_fleet::call::{Batch, Call, CallEffect};
use mailstore_fleet::outcome::{Outcome, Phase, Settled};

use crate::journal::{Journal, contains};
use crate::s3::{KEY, S3, SECRET};
use crate::support::{Fleet, eventually, only, server};

const ARGUMENTS: [(&str, &str); 2] = [("id", "1"), ("includeIndexes", "false")];

/// Starts a fleet whose worker writes to this store.
async fn fleet(steps: usize, store: &S3) -> Fleet {
    let mut fleet = Fleet::of_one(server(steps)).await;
    fleet.kill_worker().await;
    fleet.worker_variables = store.variables();
    fleet.start_worker().await;
    fleet
}

fn batch(fleet: &Fleet, calls: Vec<Call>) -> Batch {
    Batch {
        logs: "s3://fleet-logs/nights".to_owned(),
        ..fleet.batch(calls)
    }
}

/// Waits until the status of a call gives a reason with this text.
async fn reason(fleet: &Fleet, call: &Call, text: &str) {
    let has = async || {
        let status = fleet.status(call).await;
        status
            .and_then(|status| status.reason)
            .is_some_and(|reason| reason.contains(text))
    };
    eventually(&format!("the reason has `{text}`"), has).await;
}

#[tokio::test]
async fn a_log_is_complete_after_the_store_was_away() {
    let store = S3::start(None);
    let fleet = fleet(5, &store).await;
    let call = fleet.call(0, "VerifyStore", &ARGUMENTS);
    let read = fleet.call_with(0, "GetServerInfo", &[], CallEffect::Read);
    for (round, call) in [(1, &call), (2, &read)] {
        let mut batch = batch(&fleet, vec![call.clone()]);
        batch.round = round;
        fleet.hold("BeforeClaim");
        let sent = fleet.submit(&batch).await;
        fleet.reached("BeforeClaim").await;
        store.fail(Some(503));
        fleet.resume("BeforeClaim");
        reason(&fleet, call, "the worker cannot write s3://fleet-logs/nights/").await;
        store.fail(None);
        let results = fleet.results(&sent).await;
        let Settled::Ended(ended) = &results[&call.key] else {
            panic!("{results:?}");
        };
        assert_eq!((ended.outcome, &ended.reason), (Outcome::Succeeded, &None));
    }
    assert!(store.refused() > 1);
    assert_eq!(fleet.servers[0].starts("VerifyStore"), 1);
    assert_eq!(store.log(), fleet.servers[0].tasks()[0].log);
    let objects = store.objects();
    assert!(
        objects
            .iter()
            .any(|(name, text)| name.ends_with("/result.json") && text.contains("version")),
        "{:?}",
        objects.keys()
    );
    // The journal and what the worker printed have nothing of the account.
    let journal = Journal::read(&fleet).await;
    assert!(journal.contains("s3://fleet-logs/nights"));
    for canary in [KEY, SECRET] {
        assert!(!journal.contains(canary));
        assert!(!contains(fleet.folder.path(), canary.as_bytes()));
    }
}

#[tokio::test]
async fn an_outcome_is_recorded_without_its_log_if_the_store_denies_access() {
    let store = S3::start(None);
    let fleet = fleet(2, &store).await;
    let call = fleet.call(0, "VerifyStore", &ARGUMENTS);
    fleet.hold("BeforeClaim");
    fleet.submit(&batch(&fleet, vec![call.clone()])).await;
    fleet.reached("BeforeClaim").await;
    store.fail(Some(403));
    fleet.resume("BeforeClaim");
    reason(&fleet, &call, "denies the access (403)").await;
    // Without this, the call waits for five minutes.
    fleet.cancel(&call).await;
    let ended = fleet.ended(&call).await;
    assert_eq!(ended.outcome, Outcome::Succeeded);
    let reason = ended.reason.unwrap();
    assert!(reason.contains("denies the access (403)"), "{reason}");
    assert!(!reason.contains(KEY), "{reason}");
    let objects: Vec<String> = store.objects().into_keys().collect();
    assert!(
        objects.iter().all(|name| name.ends_with("/window.began")),
        "{objects:?}"
    );
}

#[tokio::test]
async fn a_worker_without_an_account_shows_it_and_goes_on() {
    let store = S3::start(None);
    let mut fleet = fleet(2, &store).await;
    let call = fleet.call(0, "VerifyStore", &ARGUMENTS);
    fleet.hold("BeforeClaim");
    let sent = fleet.submit(&batch(&fleet, vec![call.clone()])).await;
    fleet.reached("BeforeClaim").await;
    fleet.kill_worker().await;
    fleet.resume("BeforeClaim");
    fleet.worker_variables.remove(1);
    fleet.start_worker().await;
    reason(&fleet, &call, "the variables AWS_* of the worker").await;
    fleet.kill_worker().await;
    fleet.worker_variables = store.variables();
    fleet.start_worker().await;
    assert_eq!(only(&fleet.results(&sent).await), Outcome::Succeeded);
    assert_eq!(store.log(), fleet.servers[0].tasks()[0].log);
}

#[tokio::test]
async fn a_worker_that_is_killed_after_writing_loses_and_doubles_nothing() {
    for in_folder in [false, true] {
        let store = S3::start(None);
        let mut fleet = fleet(5, &store).await;
        let call = fleet.call(0, "VerifyStore", &ARGUMENTS);
        let mut batch = batch(&fleet, vec![call.clone()]);
        if in_folder {
            batch.logs = fleet.batch(Vec::new()).logs;
        }
        fleet.hold("AfterWriting");
        let sent = fleet.submit(&batch).await;
        fleet.reached("AfterWriting").await;
        fleet.kill_worker().await;
        fleet.resume("AfterWriting");
        assert_eq!(fleet.status(&call).await.unwrap().phase, Phase::Running);
        fleet.start_worker().await;
        assert_eq!(only(&fleet.results(&sent).await), Outcome::Succeeded);
        let log = if in_folder {
            fs::read_to_string(mailstore_fleet::logs::Logs::of(&batch.logs, &call, 1).log()).unwrap()
        } else {
            store.log()
        };
        assert_eq!(log, fleet.servers[0].tasks()[0].log);
    }
}

#[tokio::test]
async fn a_window_begins_when_its_store_is_back() {
    let store = S3::start(Some(503));
    let fleet = fleet(2, &store).await;
    let call = fleet.call(0, "VerifyStore", &ARGUMENTS);
    let sent = fleet.submit(&batch(&fleet, vec![call])).await;
    eventually("the note is not written", async || store.refused() > 0).await;
    assert_eq!(fleet.servers[0].starts("VerifyStore"), 0);
    store.fail(None);
    assert_eq!(only(&fleet.results(&sent).await), Outcome::Succeeded);
    let objects = store.objects();
    assert!(
        objects.keys().any(|name| name.ends_with("/window.began")),
        "{objects:?}"
    );
}

#[tokio::test]
async fn an_engine_that_lost_its_journal_starts_no_call_of_a_window_with_its_logs_in_a_store() {
    let store = S3::start(None);
    let mut fleet = fleet(2, &store).await;
    let call = fleet.call(0, "VerifyStore", &ARGUMENTS);
    let batch = batch(&fleet, vec![call.clone()]);
    let sent = fleet.submit(&batch).await;
    assert_eq!(only(&fleet.results(&sent).await), Outcome::Succeeded);
    let before = store.objects();
    fleet.kill_worker().await;
    fleet.kill_engine().await;
    fs::remove_dir_all(fleet.folder.path().join("data")).unwrap();
    fleet.start_engine().await;
    fleet.start_worker().await;
    let results = fleet.results(&fleet.submit(&batch).await).await;
    let Settled::Ended(ended) = &results[&call.key] else {
        panic!("{results:?}");
    };
    assert_eq!(ended.outcome, Outcome::Skipped);
    let reason = ended.reason.as_deref().unwrap();
    assert!(reason.contains("another journal"), "{reason}");
    assert!(reason.contains("s3://fleet-logs/nights/"), "{reason}");
    assert_eq!(store.objects(), before);
    assert_eq!(fleet.servers[0].starts("VerifyStore"), 1);
}
