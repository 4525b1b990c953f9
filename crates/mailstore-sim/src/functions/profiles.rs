//! Profiles, their runs and the results of runs.

use serde_json::{Value, json};

use super::call::{Call, Handler, Outcome, long, null, value};
use crate::arguments::Arguments;
use crate::envelope::Failure;
use crate::state::Site;
use crate::state::profiles::{Profile, Window, WorkerResult};
use crate::{logs, time, zones};

pub(super) fn handler(function: &str) -> Option<Handler> {
    Some(match function {
        "GetProfiles" => get_profiles,
        "CreateProfile" => create_profile,
        "DeleteProfile" => delete_profile,
        "SetProfileServerSideExecution" => set_execution,
        "RunProfile" => run_profile,
        "RunTemporaryProfile" => run_temporary_profile,
        "GetWorkerResults" => get_worker_results,
        "GetWorkerResultReport" => get_worker_result_report,
        _ => return None,
    })
}

pub(super) fn is_long(function: &str) -> bool {
    matches!(function, "RunProfile" | "RunTemporaryProfile")
}

/// Only `raw=true` is supported (documented).
fn only_raw(arguments: &Arguments) -> Result<(), Failure> {
    if arguments.flag("raw")? {
        return Ok(());
    }
    Err(Failure::new(
        "Only raw profiles are supported: the argument raw must be true.",
    ))
}

fn get_profiles(call: &mut Call<'_>) -> Outcome {
    only_raw(call.arguments)?;
    value(
        call.archive()?
            .profiles
            .all()
            .iter()
            .map(Profile::row)
            .collect::<Vec<Value>>(),
    )
}

/// It is not published whether the real function returns the new id. This function returns null, like most setters.
fn create_profile(call: &mut Call<'_>) -> Outcome {
    only_raw(call.arguments)?;
    let properties = call.arguments.json("properties")?;
    call.archive()?.profiles.add(properties)?;
    null()
}

/// The results of the profile's runs are kept (inferred).
fn delete_profile(call: &mut Call<'_>) -> Outcome {
    let id = call.arguments.number("id")?;
    call.archive()?.profiles.delete(id)?;
    null()
}

fn set_execution(call: &mut Call<'_>) -> Outcome {
    let arguments = call.arguments;
    let execution = json!({
        "automatic": arguments.flag("automatic")?,
        "automaticPauseBetweenExecutions": arguments.optional_number("automaticPauseBetweenExecutions"),
        "automaticMaintenanceWindows": arguments.optional_text("automaticMaintenanceWindows"),
    });
    call.archive()?
        .profiles
        .set_execution(arguments.number("id")?, execution)?;
    null()
}

fn run_profile(call: &mut Call<'_>) -> Outcome {
    let id = call.arguments.number("id")?;
    let site = call.guarded_site()?;
    let profile = call.state.archive(&site)?.profiles.find(id)?.clone();
    run(call, site, &profile, true)
}

fn run_temporary_profile(call: &mut Call<'_>) -> Outcome {
    only_raw(call.arguments)?;
    let properties = call.arguments.json("properties")?;
    let site = call.guarded_site()?;
    let profile = call.state.archive(&site)?.profiles.temporary(properties)?;
    run(call, site, &profile, false)
}

/// The number of messages that every run archives.
const ITEMS: i64 = 17;

/// Runs a profile. At the end, the current store has more messages, and there is a new result. A run of a profile
/// that is not stored creates a result without a profile (observed).
fn run(call: &mut Call<'_>, site: Site, profile: &Profile, stored: bool) -> Outcome {
    let name = profile.text("name").to_owned();
    let owner = if profile.owner().is_empty() {
        call.state.caller.clone()
    } else {
        profile.owner().to_owned()
    };
    let reference = stored.then(|| (profile.id, name.clone()));
    let start = call.now;
    let log = vec![
        logs::line(format!("Running profile {name}...")),
        logs::line("Connecting..."),
        logs::line("Looking for new messages..."),
        logs::line(format!("  {} messages archived...", ITEMS / 2)),
        logs::piece(&[&format!("  {ITEMS} messages archived."), "Finished."]),
    ];
    long(
        log,
        Box::new(move |state, now| {
            let archive = state.archive(&site)?;
            let machine = archive.machine.clone();
            let current = archive
                .stores
                .all_mut()
                .iter_mut()
                .find(|store| store.requested_state == "current");
            if let Some(store) = current {
                store.count += ITEMS;
                store.size += ITEMS * 51_720;
            }
            archive.worker_results.add(WorkerResult {
                user: owner,
                profile: reference,
                result: "succeeded",
                items: ITEMS,
                start,
                complete: now,
                machine,
            });
            Ok(Value::Null)
        }),
    )
}

/// Parses the time window of a function. The argument for the time zone has a different name in each function.
pub(super) fn window(arguments: &Arguments, zone: &str) -> Result<Window, Failure> {
    Ok(Window {
        from: arguments.date("fromIncluding")?,
        to: arguments.date("toExcluding")?,
        zone: zones::find(arguments.text(zone)?)?,
    })
}

fn get_worker_results(call: &mut Call<'_>) -> Outcome {
    let arguments = call.arguments;
    let window = window(arguments, "timeZoneID")?;
    let profile = arguments.optional_number("profileID");
    if profile == Some(0) {
        return Err(Failure::out_of_range());
    }
    let user = arguments.optional_text("userName");
    if user == Some("") {
        return Err(Failure::new("A user name must not be empty."));
    }
    value(call.archive()?.worker_results.rows(&window, profile, user))
}

/// The text is invented; the format of real reports is not published.
fn get_worker_result_report(call: &mut Call<'_>) -> Outcome {
    let id = call.arguments.number("id")?;
    let result = call.archive()?.worker_results.find(id)?;
    let profile = result.profile.as_ref().map_or("(not stored)", |(_, name)| name);
    value(logs::piece(&[
        &format!("Profile: {profile}"),
        &format!("User: {}", result.user),
        &format!("Started: {} UTC", time::utc(result.start)),
        &format!("Completed: {} UTC", time::utc(result.complete)),
        &format!("Result: {}", result.result),
        &format!("Messages archived: {}", result.items),
    ]))
}
