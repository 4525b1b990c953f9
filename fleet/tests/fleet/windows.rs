//! Windows that are run again: with another job, or with an engine that has lost its journal.

use std::fs;

use mailstore_fleet::outcome::{Outcome, Phase, Settled};
use mailstore_sim::{Fault, Phase as Request};
use serde::Deserialize;

use crate::support::{Fleet, only, server};

/// Writes a job for this store.
fn job(fleet: &Fleet, name: &str, store: u32, overall: u32) -> String {
    let path = fleet.folder.path().join(name);
    let text = format!(
        "version = 1\nname = 'verify'\nfunction = 'VerifyStore'\nlogs = 'logs'\n\
         arguments = {{ id = {store}, includeIndexes = false }}\n\
         limits = {{ overall = {overall}, per-server = 2 }}\n\
         window.name = 'shared'\n[[target]]\nprofiles = ['*']\n"
    );
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[tokio::test]
async fn a_window_that_another_job_began_does_not_pass_for_this_job() {
    let fleet = Fleet::of_one(server(2)).await;
    let first = job(&fleet, "first.toml", 1, 2);
    let ended = fleet.command(&["run", &first]).await;
    assert!(ended.status.success(), "{ended:?}");
    let other = job(&fleet, "other.toml", 2, 1);
    let ended = fleet.command(&["run", &other]).await;
    assert_eq!(ended.status.code(), Some(10), "{ended:?}");
    let text = String::from_utf8(ended.stderr).unwrap();
    assert!(text.contains("calls, limits. The first one counts"), "{text}");
    assert!(text.contains("Not called: shared:s0::VerifyStore:"), "{text}");
    assert_eq!(fleet.servers[0].starts("VerifyStore"), 1);
}

#[tokio::test]
async fn an_engine_that_lost_its_journal_starts_no_call_of_a_window_again() {
    let mut fleet = Fleet::of_one(server(2)).await;
    let call = fleet.call(0, "VerifyStore", &[("id", "1"), ("includeIndexes", "false")]);
    let batch = fleet.batch(vec![call]);
    let sent = fleet.submit(&batch).await;
    assert_eq!(only(&fleet.results(&sent).await), Outcome::Succeeded);
    fleet.kill_worker().await;
    fleet.kill_engine().await;
    fs::remove_dir_all(fleet.folder.path().join("data")).unwrap();
    fleet.start_engine().await;
    fleet.start_worker().await;
    let again = fleet.submit(&batch).await;
    assert!(!again.existed());
    let results = fleet.results(&again).await;
    let Some(Settled::Ended(ended)) = results.values().next() else {
        panic!("{results:?}");
    };
    assert_eq!(ended.outcome, Outcome::Skipped);
    let reason = ended.reason.as_deref().unwrap();
    assert!(reason.contains("another journal"), "{reason}");
    assert_eq!(fleet.servers[0].starts("VerifyStore"), 1);
}

#[tokio::test]
async fn a_call_with_an_unknown_outcome_counts_for_the_limit_of_its_job() {
    let mut fleet = Fleet::start([server(5), server(5)]).await;
    let arguments = [("id", "1"), ("includeIndexes", "false")];
    let first = fleet.call(0, "VerifyStore", &arguments);
    let second = fleet.call(1, "VerifyStore", &arguments);
    let mut batch = fleet.batch(vec![first.clone(), second.clone()]);
    batch.limits.overall = 1;
    fleet.hold("AfterStart");
    let sent = fleet.submit(&batch).await;
    fleet.reached("AfterStart").await;
    fleet.kill_worker().await;
    fleet.resume("AfterStart");
    fleet.start_worker().await;
    fleet.phase(&first, Phase::Unknown).await;
    // The first call may be running, so the second one has no place.
    let results = fleet.results(&sent).await;
    let Settled::Ended(ended) = &results[&second.key] else {
        panic!("{results:?}");
    };
    assert_eq!(ended.outcome, Outcome::Skipped);
    assert_eq!(fleet.servers[1].starts("VerifyStore"), 0);
}

#[tokio::test]
async fn the_engine_never_pauses_a_request_while_no_worker_answers() {
    #[derive(Deserialize)]
    struct Service {
        retry_policy: Policy,
    }
    #[derive(Deserialize)]
    struct Policy {
        max_attempts: Option<u64>,
    }
    let fleet = Fleet::of_one(server(1)).await;
    for name in ["FleetRun", "MailCall", "Gate", "GateWatch", "WindowRecord"] {
        let url = fleet.admin(&format!("/services/{name}"));
        let text = reqwest::get(url).await.unwrap().text().await.unwrap();
        let service: Service = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
        let attempts = service.retry_policy.max_attempts;
        assert!(attempts >= Some(1_000_000_000), "{name}: {text}");
    }
}

#[tokio::test]
async fn jobs_whose_limits_are_too_large_together_are_named_when_the_next_one_begins() {
    let fleet = Fleet::of_one(server(10_000)).await;
    let call = fleet.call(0, "VerifyStore", &[("id", "1"), ("includeIndexes", "false")]);
    let mut batch = fleet.batch(vec![call.clone()]);
    batch.limits.overall = 299;
    fleet.submit(&batch).await;
    fleet.phase(&call, Phase::Running).await;
    for (name, overall, is_named) in [("small.toml", 1, false), ("large.toml", 2, true)] {
        let path = job(&fleet, name, 2, overall);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace("'shared'", &format!("'{name}'"))).unwrap();
        fleet.servers[0]
            .inject(Fault::status(403).on(Request::Start))
            .unwrap();
        let ended = fleet.command(&["run", &path]).await;
        let text = String::from_utf8(ended.stderr).unwrap();
        assert_eq!(text.contains("have a sum of 301"), is_named, "{text}");
    }
}
