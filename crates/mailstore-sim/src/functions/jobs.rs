//! Jobs and their results.

use super::call::{Call, Handler, Outcome, null, value};
use super::profiles;
use crate::state::jobs::{Job, Schedule};

pub(super) fn handler(function: &str) -> Option<Handler> {
    Some(match function {
        "GetJobs" => get_jobs,
        "GetJobResults" => get_job_results,
        "CreateJob" => create_job,
        "DeleteJob" => delete_job,
        "RenameJob" => rename_job,
        "SetJobEnabled" => set_job_enabled,
        "SetJobSchedule" => set_job_schedule,
        "RunJobAsync" => run_job,
        "CancelJobAsync" => cancel_job,
        _ => return None,
    })
}

fn get_jobs(call: &mut Call<'_>) -> Outcome {
    let now = call.now;
    value(call.archive()?.jobs.rows(now))
}

fn get_job_results(call: &mut Call<'_>) -> Outcome {
    let window = profiles::window(call.arguments, "timeZoneId")?;
    let (job, now) = (call.arguments.optional_number("jobId"), call.now);
    value(call.archive()?.jobs.results(&window, job, now))
}

/// The action is stored unchanged; its command line is not validated. The owner must be a user of the archive
/// (inferred).
fn create_job(call: &mut Call<'_>) -> Outcome {
    let arguments = call.arguments;
    let job = Job {
        id: 0,
        name: arguments.text("name")?.to_owned(),
        action: arguments.text("action")?.to_owned(),
        owner: arguments.text("owner")?.to_owned(),
        created: call.now,
        enabled: true,
        schedule: Schedule::read(arguments)?,
        last: None,
    };
    let archive = call.archive()?;
    archive.users.find(&job.owner)?;
    archive.jobs.add(job)?;
    null()
}

fn delete_job(call: &mut Call<'_>) -> Outcome {
    let id = call.arguments.number("id")?;
    call.archive()?.jobs.delete(id)?;
    null()
}

fn rename_job(call: &mut Call<'_>) -> Outcome {
    let (id, name) = (call.arguments.number("id")?, call.arguments.text("name")?);
    call.archive()?.jobs.rename(id, name)?;
    null()
}

fn set_job_enabled(call: &mut Call<'_>) -> Outcome {
    let (id, enabled) = (call.arguments.number("id")?, call.arguments.flag("enabled")?);
    call.archive()?.jobs.find_mut(id)?.enabled = enabled;
    null()
}

fn set_job_schedule(call: &mut Call<'_>) -> Outcome {
    let (id, schedule) = (call.arguments.number("id")?, Schedule::read(call.arguments)?);
    call.archive()?.jobs.find_mut(id)?.schedule = schedule;
    null()
}

/// Returns immediately. Clients follow the run with GetJobResults, not with a token (documented).
fn run_job(call: &mut Call<'_>) -> Outcome {
    let (id, now) = (call.arguments.number("id")?, call.now);
    call.archive()?.jobs.run(id, now)?;
    null()
}

fn cancel_job(call: &mut Call<'_>) -> Outcome {
    let (id, now) = (call.arguments.number("id")?, call.now);
    call.archive()?.jobs.cancel(id, now)?;
    null()
}
