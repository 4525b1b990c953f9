//! `mailstore check profiles`: the last run of each archiving and export profile.

use mailstore_api::Timestamp;
use mailstore_api::jiff::SignedDuration;
use mailstore_operations::runs::{ProfileRule, profile_runs};

use super::connect::archive;
use super::metric::{Metric, Unit};
use super::options::{Common, help};
use super::report::{Report, counted};
use super::run_options::RunOptions;
use super::state::State;
use crate::duration;
use crate::exit::Failed;
use crate::operate::with;

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
    let mut policy = arguments.runs.policy();
    policy.completed_with_errors = arguments.completed_with_errors;
    policy.completed_with_warnings = arguments.completed_with_warnings;
    let rule = ProfileRule {
        max_age: arguments.max_age,
        scheduled_elsewhere: arguments.scheduled_elsewhere,
        window: arguments.runs.window,
    };
    let found = profile_runs(archive, &profiles, &rule, now).await?;
    if found.without_profile > 0 {
        let runs = counted(found.without_profile, "run");
        notes.push(format!("{runs} without a stored profile: not examined"));
    }
    let mut report = arguments
        .runs
        .report("profile", &found.subjects, found.window, &policy, now);
    report
        .metrics
        .push(Metric::new("archived", found.archived, Unit::Count));
    report.notes = notes;
    Ok(report)
}
