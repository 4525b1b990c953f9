//! The situations of `docs/monitoring.md`, produced with a simulator.

use std::time::Duration;

use mailstore_api::Timestamp;
use mailstore_api::jiff::SignedDuration;
use mailstore_api::jiff::tz::TimeZone;
use mailstore_sim::{Edition, Fault, Phase, Simulator};
use serde_json::{Value, json};

use crate::support::Server;

/// A server and the arguments of a check.
pub(crate) struct Scene {
    pub(crate) server: Server,
    pub(crate) arguments: Vec<&'static str>,
}

impl Scene {
    /// A simulator whose functions return these results.
    pub(crate) fn new(edition: Edition, results: Vec<(&str, Value)>, arguments: &[&'static str]) -> Self {
        let mut builder = Simulator::builder(edition);
        for (function, result) in results {
            builder = builder.result(function, move |_| result.clone());
        }
        Self {
            server: Server::of(builder.start().unwrap()),
            arguments: arguments.to_vec(),
        }
    }
}

/// The date of the moment some hours ago in UTC, as the server writes it.
pub(crate) fn hours_ago(hours: i64) -> String {
    let then = Timestamp::now() - SignedDuration::from_hours(hours);
    let date = TimeZone::UTC.to_datetime(then);
    date.strftime("%Y-%m-%dT%H:%M:%S").to_string()
}

pub(crate) fn profile(id: i64, name: &str, automatic: bool) -> Value {
    json!({
        "id": id, "version": 1, "name": name, "owner": "admin", "type": "I", "connector": "IMAP", "details": {},
        "serverSideExecution": {
            "automatic": automatic, "automaticPauseBetweenExecutions": 300, "automaticMaintenanceWindows": null,
        },
    })
}

/// A run of a profile that ended some hours ago.
pub(crate) fn run(profile: i64, result: &str, ago: i64) -> Value {
    json!({
        "id": 90_000 - ago, "userName": "admin", "profileId": profile, "profileName": "old name", "result": result,
        "itemsArchived": 11, "startTime": hours_ago(ago), "completeTime": hours_ago(ago), "machineName": "HOST1",
    })
}

fn profiles(profiles: Value, runs: Value) -> Scene {
    let results = vec![("GetProfiles", profiles), ("GetWorkerResults", runs)];
    Scene::new(Edition::Server, results, &[])
}

fn job(enabled: bool, last: Option<(i64, Option<i64>)>) -> Value {
    let mut job = json!({
        "id": 1, "name": "Verify", "action": "VerifyStores", "owner": "admin", "enabled": enabled,
        "creationDateTimeUtc": hours_ago(1000), "nextStartDateTimeUtc": hours_ago(-1),
        "schedule": { "timeZoneId": "UTC", "time": "03:30:00" },
    });
    if let Some((start, complete)) = last {
        job["lastStartDateTimeUtc"] = hours_ago(start).into();
        if let Some(complete) = complete {
            job["lastCompleteDateTimeUtc"] = hours_ago(complete).into();
        }
    }
    job
}

fn jobs(job: Value, runs: Value) -> Scene {
    let results = vec![("GetJobs", json!([job])), ("GetJobResults", runs)];
    Scene::new(Edition::Server, results, &[])
}

fn job_run(result: &str, ago: i64) -> Value {
    json!([{
        "jobResultId": 90_000 - ago, "jobId": 1, "action": "VerifyStores", "startTime": hours_ago(ago),
        "completeTime": hours_ago(ago), "result": result,
    }])
}

/// Two stores, of which the second is changed.
fn stores(change: impl Fn(&mut Value)) -> Scene {
    let store = |id: i64, state: &str| {
        json!({
            "id": id, "name": format!("store{id}"), "requestedState": state, "error": null, "statisticsCount": 5,
            "statisticsSize": 500, "needsUpgrade": false, "searchIndexesNeedRebuild": false,
        })
    };
    let mut stores = json!([store(1, "current"), store(2, "normal")]);
    change(&mut stores);
    Scene::new(Edition::Server, vec![("GetStores", stores)], &[])
}

fn licence(licence: Value) -> Scene {
    Scene::new(Edition::Server, vec![("GetLicenseInformation", licence)], &[])
}

/// A licence with 10 users, whose members are added to these.
fn licence_with(name: &str, value: Value) -> Scene {
    let mut members = json!({ "namedUsers": 1, "maxNamedUsers": 10 });
    members[name] = value;
    licence(members)
}

fn instance(id: &str, change: Value) -> Value {
    let mut instance = json!({
        "instanceID": id, "alias": id, "displayName": id, "instanceHost": "host1", "startMode": "automatic",
        "processID": 4500, "status": "running", "startStopError": null,
    });
    for (name, value) in change.as_object().unwrap() {
        instance[name] = value.clone();
    }
    instance
}

fn instances(change: Value, arguments: &[&'static str]) -> Scene {
    let rows = json!([instance("demo", json!({})), instance("acme", change)]);
    Scene::new(Edition::Spe, vec![("GetInstances", rows)], arguments)
}

/// The Service Provider Edition, whose service status is changed.
fn status(change: fn(&mut Value)) -> Scene {
    let simulator = Simulator::builder(Edition::Spe).result("GetServiceStatus", move |mut status| {
        change(&mut status);
        status
    });
    Scene {
        server: Server::of(simulator.start().unwrap()),
        arguments: vec![],
    }
}

fn message(kind: &str) -> Value {
    json!([{ "type": kind, "text": "Instance demo on host1: text", "isSubItem": false, "tag": null, "flags": null }])
}

fn service(arguments: &[&'static str]) -> Scene {
    Scene::new(Edition::Server, vec![], arguments)
}

/// A server that responds after 5 ms at the earliest.
fn slow(arguments: &[&'static str]) -> Scene {
    let scene = service(arguments);
    let delay = Fault::delay(Duration::from_millis(5)).on(Phase::Start);
    scene.server.simulator.inject(delay).unwrap();
    scene
}

/// Returns the scene of a row, or `None` if there is none.
pub(crate) fn scene(check: &str, situation: &str) -> Option<Scene> {
    match check {
        "profiles" => profile_scene(situation),
        "jobs" => job_scene(situation),
        "stores" | "index" => store_scene(situation),
        "service" => service_scene(situation),
        "licence" => licence_scene(situation),
        "instances" => instance_scene(situation),
        _ => None,
    }
}

fn profile_scene(situation: &str) -> Option<Scene> {
    let one = |runs| profiles(json!([profile(1, "Jane", true)]), runs);
    Some(match situation {
        "the last run succeeded" => one(json!([
            run(1, "failed", 3),
            run(1, "succeeded", 1),
            run(1, "failed", 2)
        ])),
        "the last run failed, was disconnected or was aborted" => one(json!([
            run(1, "succeeded", 3),
            run(1, "failed", 1),
            run(1, "succeeded", 2)
        ])),
        "the last run completed with errors" => one(json!([run(1, "completedWithErrors", 1)])),
        "the last run completed with warnings" => one(json!([run(1, "completedWithWarnings", 1)])),
        "the last run was cancelled" => one(json!([run(1, "cancelled", 1)])),
        "the last run ended with an unknown result" => one(json!([run(1, "evaporated", 1)])),
        "no run was found" => one(json!([run(2, "failed", 1)])),
        "the last run is too old" => one(json!([run(1, "succeeded", 40)])),
        "not run automatically, and no recent run was found" => {
            profiles(json!([profile(1, "Jane", false)]), json!([run(1, "failed", 40)]))
        }
        "there is no profile" => profiles(json!([]), json!([])),
        _ => return None,
    })
}

fn job_scene(situation: &str) -> Option<Scene> {
    let one = |runs| jobs(job(true, Some((1, Some(1)))), runs);
    Some(match situation {
        "the last run succeeded" => one(job_run("succeeded", 1)),
        "the last run failed" => one(job_run("failed", 1)),
        "the last run was cancelled" => one(job_run("cancelled", 1)),
        "the last run ended with an unknown result" => one(job_run("completedWithErrors", 1)),
        "no run was found" => jobs(job(true, None), json!([])),
        "the last run is too old" => jobs(job(true, Some((500, Some(499)))), json!([])),
        "a run has not ended" => jobs(job(true, Some((1, None))), json!([])),
        "no run is due" => {
            let mut new = job(true, None);
            new["creationDateTimeUtc"] = hours_ago(1).into();
            jobs(new, json!([]))
        }
        "disabled" => jobs(job(false, Some((500, Some(499)))), job_run("failed", 100)),
        "there is no job" => Scene::new(
            Edition::Server,
            vec![("GetJobs", json!([])), ("GetJobResults", json!([]))],
            &[],
        ),
        _ => return None,
    })
}

fn store_scene(situation: &str) -> Option<Scene> {
    Some(match situation {
        "all stores are open" | "no index must be rebuilt" => stores(|_| {}),
        "a store has an error" => stores(|stores| stores[1]["error"] = "The file is in use.".into()),
        "a store needs an upgrade" => stores(|stores| stores[1]["needsUpgrade"] = true.into()),
        "a store is disabled" => stores(|stores| stores[1]["requestedState"] = "disabled".into()),
        "a store has an unknown state" => stores(|stores| stores[1]["requestedState"] = "asleep".into()),
        "no store is current" => stores(|stores| stores[0]["requestedState"] = "normal".into()),
        "search indexes must be rebuilt" => {
            stores(|stores| stores[1]["searchIndexesNeedRebuild"] = true.into())
        }
        "the server does not say whether indexes must be rebuilt" => {
            stores(|stores| stores[1]["searchIndexesNeedRebuild"] = Value::Null)
        }
        _ => return None,
    })
}

fn service_scene(situation: &str) -> Option<Scene> {
    Some(match situation {
        "the server responds in time" => service(&[]),
        "the server cannot be reached" => service(&["--server", "127.0.0.1:1"]),
        "the response takes longer than `--warn-time`" => slow(&["--warn-time", "1"]),
        "the response takes longer than `--critical-time`" => slow(&["--critical-time", "1"]),
        "the version is older than `--min-version`" => service(&["--min-version", "24.10"]),
        "a server of the Service Provider Edition is not active" => {
            status(|status| status["serverInfos"][1]["active"] = false.into())
        }
        "the Service Provider Edition has an error message" => {
            status(|status| status["messages"] = message("error"))
        }
        "the Service Provider Edition has a warning message" => {
            status(|status| status["messages"] = message("warning"))
        }
        _ => return None,
    })
}

fn licence_scene(situation: &str) -> Option<Scene> {
    Some(match situation {
        "users are left and no date is near" => licence_with("expirationDate", "2999-01-01T00:00:00".into()),
        "at least `--warn-users` are used" => licence_with("namedUsers", 9.into()),
        "at least `--critical-users` are used" => licence_with("namedUsers", 10.into()),
        "the licence ends within `--warn-days`" => licence_with("validTo", hours_ago(-20 * 24).into()),
        "the licence ends within `--critical-days`" => licence_with("expirationDate", hours_ago(-48).into()),
        "the support ends within `--warn-days`" => {
            licence_with("supportExpirationDate", hours_ago(-48).into())
        }
        "the server does not say how many users are used" => licence(json!({ "licensedTo": "Example Ltd." })),
        _ => return None,
    })
}

fn instance_scene(situation: &str) -> Option<Scene> {
    Some(match situation {
        "all instances are running" => instances(json!({}), &[]),
        "an instance is not running" => instances(json!({ "status": "frozen" }), &[]),
        "an instance without automatic start is not running" => {
            instances(json!({ "status": "stopped", "startMode": "disabled" }), &[])
        }
        "the last start or stop failed" => instances(json!({ "startStopError": "The port is in use." }), &[]),
        "no run archived a message in the time of `--new-mail`" => Scene::new(
            Edition::Spe,
            vec![("GetWorkerResults", json!([]))],
            &["--new-mail", "24h"],
        ),
        // The simulator lists an instance that it does not have.
        "a running instance does not answer" => instances(
            json!({ "instanceID": "gone" }),
            &["--new-mail", "240h", "--sizes"],
        ),
        "there is no instance" => Scene::new(Edition::Spe, vec![("GetInstances", json!([]))], &[]),
        _ => return None,
    })
}
