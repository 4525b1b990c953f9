//! `mailstore check jobs`: the last run of each job.

use mailstore_api::Timestamp;
use mailstore_api::jiff::SignedDuration;
use mailstore_operations::runs::{JobRule, job_runs};

use super::connect::archive;
use super::options::{Common, help};
use super::report::{Report, shown};
use super::run_options::RunOptions;
use super::state::State;
use crate::duration;
use crate::exit::Failed;
use crate::operate::with;

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
    let rule = JobRule {
        max_age: arguments.max_age,
        window: arguments.runs.window,
    };
    let found = job_runs(archive, &jobs, &rule, now).await?;
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
    let mut report = arguments
        .runs
        .report("job", &found.subjects, found.window, &policy, now);
    report.notes = notes;
    Ok(report)
}
