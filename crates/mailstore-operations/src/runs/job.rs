//! Reads the last run of each job.

use mailstore_api::jiff::SignedDuration;
use mailstore_api::types::{Job, JobResult, JobResultCode, Schedule, TimeZone};
use mailstore_api::{Archive, Error, Timestamp};

use super::run::{Outcome, Run, Start, Subject, last_of_each};
use super::window::{in_utc, long_enough, range};

/// When the last run of a job is too old, and how far back runs are searched for.
#[derive(Clone, Copy, Debug)]
pub struct JobRule {
    /// The age from which the last run is too old. `None` means the time between two runs of the job, and 2 hours.
    pub max_age: Option<SignedDuration>,
    /// The time in which runs are searched for. It is extended to twice the longest age.
    pub window: SignedDuration,
}

/// The default of the checks: the schedule of the job, searched for in 7 days.
impl Default for JobRule {
    fn default() -> Self {
        Self {
            max_age: None,
            window: SignedDuration::from_hours(7 * 24),
        }
    }
}

/// Jobs with their last run.
#[derive(Clone, Debug)]
pub struct JobRuns {
    /// The jobs, in the given order.
    pub subjects: Vec<Subject>,
    /// The time in which runs were searched for.
    pub window: SignedDuration,
}

/// A run may begin late and take this time before it is missed. A day can have 25 hours.
const GRACE: SignedDuration = SignedDuration::from_hours(2);

/// Requests the last run of each of these jobs. Sends one request, which changes nothing on the server.
///
/// # Errors
/// The runs cannot be listed.
pub async fn job_runs(
    archive: &impl Archive,
    jobs: &[Job],
    rule: &JobRule,
    now: Timestamp,
) -> Result<JobRuns, Error> {
    let longest = jobs.iter().filter_map(|job| rule.limit(job)).max();
    let window = long_enough(rule.window, longest.unwrap_or_default());
    let searched = range(window, now);
    let results = archive
        .get_job_results(searched.from, searched.to, &TimeZone::UTC)
        .await?;
    let subjects = jobs
        .iter()
        .map(|job| subject(job, &results, rule.limit(job), now));
    Ok(JobRuns {
        subjects: subjects.collect(),
        window,
    })
}

impl JobRule {
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
        .filter_map(|result| in_utc(result.start_time))
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
        ended: in_utc(result.complete_time?)?,
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
