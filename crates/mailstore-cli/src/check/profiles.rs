//! `mailstore check profiles`: the last run of each archiving and export profile.

use std::time::Duration;

use mailstore_api::Timestamp;
use mailstore_api::jiff::SignedDuration;
use mailstore_api::types::{Profile, ProfileId, WorkerResult};

use super::connect::{archive, with};
use super::duration;
use super::metric::{Metric, Unit};
use super::options::{Common, help};
use super::report::{Report, counted};
use super::run::{Outcome, Run, Start, Subject, last_of_each};
use super::run_options::RunOptions;
use super::state::State;
use super::worker_results;
use crate::exit::Failed;

/// Check the last run of each profile.
///
/// Only finished runs are known. A profile that has been running for a long time has no new run until it ends.
#[derive(clap::Args)]
#[command(after_help = help!("profiles --server mailstore.example.com:8463", "profiles --server mailstore.example.com:8463 --max-age 30h --completed-with-errors ok"))]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) common: Common,
    /// The instance. Only for the Service Provider Edition, which needs it.
    #[arg(long, value_name = "ID")]
    pub(crate) instance: Option<String>,
    /// The last run is too old if it ended longer ago. The pause of a profile between two runs is added.
    #[arg(long, value_name = "DURATION", default_value = "26h", value_parser = duration::parse)]
    max_age: SignedDuration,
    /// Profiles that the server does not run automatically are run by a job or by another program. Judge them like
    /// automatic ones. By default, they are disabled if they have no recent run.
    #[arg(long)]
    scheduled_elsewhere: bool,
    #[command(flatten)]
    runs: RunOptions,
    /// The state if the last run completed with errors.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "warning",
        hide_possible_values = true
    )]
    completed_with_errors: State,
    /// The state if the last run completed with warnings.
    #[arg(
        long,
        value_enum,
        value_name = "STATE",
        default_value = "warning",
        hide_possible_values = true
    )]
    completed_with_warnings: State,
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
    let profiles = archive.get_profiles().await?;
    let (profiles, mut notes) = arguments.runs.choice.of(profiles, "profile", |profile| {
        let id = profile.id.map_or(String::new(), |id| id.0.to_string());
        (id, profile.name.clone().unwrap_or_default())
    })?;
    let limits: Vec<SignedDuration> = profiles.iter().map(|profile| arguments.limit(profile)).collect();
    let longest = limits.into_iter().max().unwrap_or_default();
    let mut policy = arguments.runs.policy();
    policy.completed_with_errors = arguments.completed_with_errors;
    policy.completed_with_warnings = arguments.completed_with_warnings;
    policy.window = arguments.runs.window(longest);
    let expected: Vec<ProfileId> = profiles
        .iter()
        .filter(|profile| arguments.start(profile) == Start::Automatic)
        .filter_map(|profile| profile.id)
        .collect();
    let recent = duration::range(longest, now);
    let whole = duration::range(policy.window, now);
    let results = worker_results::request(archive, &expected, recent, whole).await?;
    let adhoc = results
        .recent
        .iter()
        .filter(|run| run.profile_id.is_none())
        .count();
    if adhoc > 0 {
        let runs = counted(adhoc, "run");
        notes.push(format!("{runs} without a stored profile: not examined"));
    }
    let is_chosen = |run: &&WorkerResult| {
        let id = run.profile_id;
        id.is_some() && profiles.iter().any(|profile| profile.id == id)
    };
    let archived = results
        .recent
        .iter()
        .filter(is_chosen)
        .map(|run| run.items_archived);
    let archived = archived.fold(0, i64::saturating_add);
    let mut last = last_of_each(results.recent.iter().chain(&results.older).filter_map(run));
    let subjects: Vec<Subject> = profiles
        .iter()
        .map(|profile| {
            let id = profile.id.map_or(0, |id| id.0);
            Subject {
                id,
                name: profile.name.clone().unwrap_or_default(),
                start: arguments.start(profile),
                limit: Some(arguments.limit(profile)),
                last: last.remove(&id),
                running: None,
                not_due: false,
            }
        })
        .collect();
    let mut report = arguments.runs.report("profile", &subjects, &policy, now);
    report
        .metrics
        .push(Metric::new("archived", archived, Unit::Count));
    report.notes = notes;
    Ok(report)
}

impl Arguments {
    fn start(&self, profile: &Profile) -> Start {
        let execution = profile.server_side_execution.as_ref();
        let automatic = execution
            .and_then(|execution| execution.automatic)
            .unwrap_or_default();
        if automatic || self.scheduled_elsewhere {
            Start::Automatic
        } else {
            Start::Manual
        }
    }

    /// Returns the age from which the last run of a profile is too old.
    fn limit(&self, profile: &Profile) -> SignedDuration {
        let execution = profile.server_side_execution.as_ref();
        let pause = execution.and_then(|execution| execution.automatic_pause_between_executions);
        let pause = SignedDuration::try_from(pause.unwrap_or(Duration::ZERO)).unwrap_or_default();
        self.max_age.saturating_add(pause)
    }
}

/// Returns the run with the id of its profile. `None` if the profile is not stored.
fn run(result: &WorkerResult) -> Option<(i64, Run)> {
    let run = Run {
        id: result.id.0,
        outcome: Outcome::of(result.result.as_str()),
        ended: duration::in_utc(result.complete_time)?,
        archived: Some(result.items_archived),
    };
    Some((result.profile_id?.0, run))
}
