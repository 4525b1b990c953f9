//! Instances of the Service Provider Edition.

use serde_json::{Value, json};

use super::call::{Call, Handler, Outcome, long, null, value};
use crate::logs;
use crate::state::instances::{Instance, Status};
use crate::state::seed;

pub(super) fn handler(function: &str) -> Option<Handler> {
    Some(match function {
        "GetInstances" => get_instances,
        "CreateInstance" => create_instance,
        "DeleteInstances" => delete_instances,
        "StartInstances" => |call| change(call, "Starting", &[Status::Running]),
        "StopInstances" => |call| change(call, "Stopping", &[Status::Stopped]),
        "RestartInstances" => |call| change(call, "Restarting", &[Status::Stopped, Status::Running]),
        "FreezeInstances" => |call| change(call, "Freezing", &[Status::Frozen]),
        "ThawInstances" => |call| change(call, "Thawing", &[Status::Running]),
        "GetInstanceConfiguration" => get_configuration,
        "SetInstanceConfiguration" => set_configuration,
        "GetInstanceStatistics" => get_statistics,
        "GetInstanceProcessLiveStatistics" => get_live_statistics,
        "GetArchiveAdminEnabled" => get_archive_admin_enabled,
        "SetArchiveAdminEnabled" => set_archive_admin_enabled,
        "CanRunArchiveProfiles" => can_run_archive_profiles,
        "CreateClientOneTimeUrlForArchiveAdmin" => create_one_time_url,
        _ => return None,
    })
}

pub(super) fn is_long(function: &str) -> bool {
    let verbs = ["Delete", "Start", "Stop", "Restart", "Freeze", "Thaw"];
    function
        .strip_suffix("Instances")
        .is_some_and(|verb| verbs.contains(&verb))
}

/// Returns the instance that `instanceID` names, whether it runs or not.
fn instance<'a>(call: &'a mut Call<'_>) -> Result<&'a mut Instance, crate::envelope::Failure> {
    call.state.instances.find_mut(call.arguments.text("instanceID")?)
}

fn get_instances(call: &mut Call<'_>) -> Outcome {
    let selected = call
        .state
        .instances
        .select(call.arguments.text("instanceFilter")?);
    let all = call.state.instances.all().iter();
    let rows = all
        .filter(|instance| selected.iter().any(|id| id == instance.id()))
        .map(Instance::row);
    value(rows.collect::<Vec<Value>>())
}

fn create_instance(call: &mut Call<'_>) -> Outcome {
    let config = call.arguments.json("config")?;
    let directory = config
        .get("baseDirectory")
        .and_then(Value::as_str)
        .unwrap_or("E:\\");
    let archive = seed::empty_archive(directory, call.state.step);
    let instance = Instance::new(config, archive, call.now)?;
    call.state.instances.add(instance)?;
    null()
}

fn delete_instances(call: &mut Call<'_>) -> Outcome {
    let selected = call
        .state
        .instances
        .select(call.arguments.text("instanceFilter")?);
    let log = per_instance("Deleting", &selected);
    long(
        log,
        Box::new(move |state, _| {
            state.instances.delete(&selected);
            Ok(Value::Null)
        }),
    )
}

/// Brings the selected instances into a state, one after the other. A filter without a match changes nothing and
/// succeeds (inferred).
fn change(call: &mut Call<'_>, doing: &str, states: &'static [Status]) -> Outcome {
    let selected = call
        .state
        .instances
        .select(call.arguments.text("instanceFilter")?);
    let log = per_instance(doing, &selected);
    long(
        log,
        Box::new(move |state, now| {
            for id in &selected {
                // An instance that was deleted in the meantime needs no change.
                if let Ok(instance) = state.instances.find_mut(id) {
                    states.iter().for_each(|status| instance.change(*status, now));
                }
            }
            Ok(Value::Null)
        }),
    )
}

fn per_instance(doing: &str, ids: &[String]) -> Vec<String> {
    let stages: Vec<String> = ids.iter().map(|id| format!("{doing} instance {id}...")).collect();
    logs::stages(&stages.iter().map(String::as_str).collect::<Vec<&str>>())
}

fn get_configuration(call: &mut Call<'_>) -> Outcome {
    value(instance(call)?.configuration())
}

fn set_configuration(call: &mut Call<'_>) -> Outcome {
    let config = call.arguments.json("config")?;
    call.state.instances.configure(config)?;
    null()
}

/// The megabytes of database, content and index add up to the total. The number of messages is that of all stores
/// (observed).
fn get_statistics(call: &mut Call<'_>) -> Outcome {
    let instance = instance(call)?;
    let total = instance.archive.stores.bytes() / (1024 * 1024);
    let (database, index) = (total * 4 / 100, total * 3 / 100);
    value(json!({
        "totalSizeMB": total,
        "databaseFileSizeMB": database,
        "contentFileSizeMB": total - database - index,
        "indexFileSizeMB": index,
        "numberOfMessages": instance.archive.stores.messages(),
    }))
}

/// Counters since the start of the process, which grow with its age. Several exceed 32 bits, as on real servers.
fn get_live_statistics(call: &mut Call<'_>) -> Outcome {
    let now = call.now;
    let instance = instance(call)?;
    instance.reachable()?;
    let age = (now.as_millisecond() - instance.started.as_millisecond()).max(0);
    value(json!({
        "processUniqueID": "00000000-0000-4000-8000-000000000000",
        "timestamp": now.as_millisecond(),
        "totalProcessorMilliseconds": 14_400_000 + age / 10,
        "totalIOReadBytes": 3_298_534_883_328_i64 + age * 500,
        "totalIOWriteBytes": 12_884_901_888_i64 + age * 200,
        "totalIOOtherBytes": 536_870_912 + age,
        "totalRemoteProcedureCalls": 91_000 + age / 100,
        "totalMessagesArchived": 1_249 + age / 10_000,
        "totalMessagesChecked": 48_000 + age / 1_000,
        "currentPrivateMemoryBytes": 734_003_200,
    }))
}

fn get_archive_admin_enabled(call: &mut Call<'_>) -> Outcome {
    value(instance(call)?.archive_admin_enabled)
}

fn set_archive_admin_enabled(call: &mut Call<'_>) -> Outcome {
    let enabled = call.arguments.flag("enabled")?;
    instance(call)?.archive_admin_enabled = enabled;
    null()
}

/// A running instance can run profiles (inferred).
fn can_run_archive_profiles(call: &mut Call<'_>) -> Outcome {
    value(instance(call)?.status == Status::Running)
}

/// Returns a URL with a one-time password. Its format is invented.
fn create_one_time_url(call: &mut Call<'_>) -> Outcome {
    let site = call.guarded_site()?;
    let url = call
        .arguments
        .optional_text("instanceUrl")
        .unwrap_or("https://archive.example.com/");
    let id = match site {
        crate::state::Site::Instance(id) => id,
        crate::state::Site::Server => return null(),
    };
    value(format!(
        "{}/{id}/?otp={}",
        url.trim_end_matches('/'),
        crate::tls::token()
    ))
}
