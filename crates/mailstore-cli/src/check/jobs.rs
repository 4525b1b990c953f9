//! `mailstore check jobs`: the last run of each job.

use mailstore_api::Timestamp;
use mailstore_api::jiff::SignedDuration;
use mailstore_api::types::{Job, JobResult, JobResultCode, Schedule, TimeZone};

use super::connect::{archive, with};
use super::duration;
use super::options::{Common, help};
use super::report::{Report, shown};
use super::run::{Outcome, Run, Start, Subject, last_of_each};
use super::run_options::RunOptions;
use super::state::State;
use crate::exit::Failed;

/// Check the last run of each job.
#[derive(clap::Args)]
#[command(after_help = help!("jobs --server mailstore.example.com:8463"))]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    /// The instance. Only for the Service Provider Edition, which needs it.
    #[arg(long, value_name = "ID")]
    pub(crate) instance: Option<String>,
    /// The last run is too old if it ended longer ago. By default, this is the time between two runs of the job, and 2
    /// hours.
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    max_age: Option<SignedDuration>,
    #[command(flatten)]
    runs: RunOptions,
    /// The state if a run has not ended. The result of the run before is judged, too.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "ok",
        hide_possible_values = true
    )]
    running: State,
}

/// A run may begin late and take this time before it is missed. A day can have 25 hours.
const GRACE: SignedDuration = SignedDuration::from_hours(2);

pub(crate) fn check(arguments: &Arguments) -> Result<Report, Failed> {
    let archive = archive(&arguments.common.server, arguments.instance.as_deref())?;
    let now = Timestamp::now();
    arguments
        .common
        .within_timeout(async { with!(&archive, examine(arguments, now)) })
}

async fn examine(
    archive: &impl mailstore_api::Archive,
    arguments: &Arguments,
    now: Timestamp,
) -> Result<Report, Failed> {
    let jobs = archive.get_jobs().await?;
    let (jobs, mut notes) = arguments
        .runs
        .choice
        .of(jobs, "job", |job| (job.id.0.to_string(), job.name.clone()))?;
    let mut policy = arguments.runs.policy();
    policy.running = arguments.running;
    let longest = jobs.iter().filter_map(|job| arguments.limit(job)).max();
    policy.window = arguments.runs.window(longest.unwrap_or_default());
    let range = duration::range(policy.window, now);
    let results = archive
        .get_job_results(range.from, range.to, &TimeZone::UTC)
        .await?;
    let subjects: Vec<Subject> = jobs
        .iter()
        .map(|job| subject(job, &results, arguments.limit(job), now))
        .collect();
    let unknown = jobs
        .iter()
        .filter(|job| job.schedule.schedule.is_none() && arguments.max_age.is_none());
    notes.extend(unknown.map(|job| {
        let name = shown(&job.name);
        format!(
            "job {} {name}: the schedule is unknown, so its age is not judged without --max-age",
            job.id.0
        )
    }));
    let mut report = arguments.runs.report("job", &subjects, &policy, now);
    report.notes = notes;
    Ok(report)
}

impl Arguments {
    /// Returns the age from which the last run of a job is too old. A job that runs only once is never too old.
    fn limit(&self, job: &Job) -> Option<SignedDuration> {
        let hours = SignedDuration::from_hours;
        let period = match job.schedule.schedule {
            Some(Schedule::Once(_)) => return None,
            _ if self.max_age.is_some() => return self.max_age,
            Some(Schedule::Every(interval)) => SignedDuration::from_mins(interval.minutes()),
            Some(Schedule::Daily(_)) => hours(24),
            Some(Schedule::Weekly(..)) => hours(7 * 24),
            Some(Schedule::Monthly(..)) => hours(31 * 24),
            None => return None,
        };
        Some(period + GRACE)
    }
}

fn subject(job: &Job, results: &[JobResult], limit: Option<SignedDuration>, now: Timestamp) -> Subject {
    let own = results.iter().filter(|result| result.job_id == job.id);
    let last = last_of_each(own.clone().filter_map(run)).remove(&job.id.0);
    let unfinished = own
        .filter(|result| result.complete_time.is_none())
        .filter_map(|result| duration::in_utc(result.start_time))
        .max();
    let started = job.last_start_date_time_utc.filter(|start| {
        job.last_complete_date_time_utc
            .is_none_or(|complete| complete < *start)
    });
    let ended = last.as_ref().map(|run| run.ended);
    let running = unfinished
        .max(started)
        .filter(|start| ended.is_none_or(|ended| ended < *start));
    // The job list contains the end of runs that are older than the listed results.
    let last = last.or_else(|| {
        let ended = job.last_complete_date_time_utc?;
        Some(Run {
            id: 0,
            outcome: Outcome::NotListed,
            ended,
            archived: None,
        })
    });
    let is_new = limit.is_none_or(|limit| now.duration_since(job.creation_date_time_utc) <= limit);
    Subject {
        id: job.id.0,
        name: job.name.clone(),
        start: if job.enabled {
            Start::Automatic
        } else {
            Start::Disabled
        },
        limit,
        last,
        running,
        not_due: is_new,
    }
}

/// Returns a run that ended with the id of its job.
fn run(result: &JobResult) -> Option<(i64, Run)> {
    let run = Run {
        id: result.job_result_id.0,
        outcome: outcome(&result.result),
        ended: duration::in_utc(result.complete_time?)?,
        archived: None,
    };
    Some((result.job_id.0, run))
}

/// Jobs have fewer results than profiles. Another word is not judged like the same word of a profile.
fn outcome(result: &JobResultCode) -> Outcome {
    match result {
        JobResultCode::Succeeded => Outcome::Succeeded,
        JobResultCode::Failed => Outcome::Failed,
        JobResultCode::Cancelled => Outcome::Cancelled,
        other => Outcome::Other(other.to_string()),
    }
}
