//! Reads the last run of each archiving and export profile.

use std::time::Duration;

use mailstore_api::jiff::SignedDuration;
use mailstore_api::types::{Profile, ProfileId, WorkerResult};
use mailstore_api::{Archive, Error, Timestamp};

use super::run::{Outcome, Run, Start, Subject, last_of_each};
use super::window::{in_utc, long_enough, range};
use super::worker_results;

/// When the last run of a profile is too old, and how far back runs are searched for.
#[derive(Clone, Copy, Debug)]
pub struct ProfileRule {
    /// The age from which the last run is too old. The pause of a profile between two runs is added.
    pub max_age: SignedDuration,
    /// Whether another program runs the profiles that the server does not run automatically. They are then expected to
    /// have runs, like automatic profiles.
    pub scheduled_elsewhere: bool,
    /// The time in which runs are searched for. It is extended to twice the longest age.
    pub window: SignedDuration,
}

/// The default of the checks: 26 hours, searched for in 7 days.
impl Default for ProfileRule {
    fn default() -> Self {
        Self {
            max_age: SignedDuration::from_hours(26),
            scheduled_elsewhere: false,
            window: SignedDuration::from_hours(7 * 24),
        }
    }
}

/// Profiles with their last run.
#[derive(Clone, Debug)]
pub struct ProfileRuns {
    /// The profiles, in the given order.
    pub subjects: Vec<Subject>,
    /// The time in which runs were searched for.
    pub window: SignedDuration,
    /// The number of messages that the profiles archived within the longest age.
    pub archived: i64,
    /// The number of recent runs without a stored profile.
    pub without_profile: usize,
}

/// Requests the last run of each of these profiles. Sends one request, and more for profiles without a recent run.
/// Changes nothing on the server.
///
/// # Errors
/// The runs cannot be listed.
pub async fn profile_runs(
    archive: &impl Archive,
    profiles: &[Profile],
    rule: &ProfileRule,
    now: Timestamp,
) -> Result<ProfileRuns, Error> {
    let longest = profiles.iter().map(|profile| rule.limit(profile)).max();
    let longest = longest.unwrap_or_default();
    let window = long_enough(rule.window, longest);
    let expected: Vec<ProfileId> = profiles
        .iter()
        .filter(|profile| rule.start(profile) == Start::Automatic)
        .filter_map(|profile| profile.id)
        .collect();
    let results =
        worker_results::request(archive, &expected, range(longest, now), range(window, now)).await?;
    let is_without_profile = |run: &&WorkerResult| run.profile_id.is_none();
    let is_of_these = |run: &&WorkerResult| {
        let id = run.profile_id;
        id.is_some() && profiles.iter().any(|profile| profile.id == id)
    };
    let archived = results.recent.iter().filter(is_of_these);
    let archived = archived
        .map(|run| run.items_archived)
        .fold(0, i64::saturating_add);
    let mut last = last_of_each(results.recent.iter().chain(&results.older).filter_map(run));
    let subjects = profiles.iter().map(|profile| {
        let id = profile.id.map_or(0, |id| id.0);
        Subject {
            id,
            name: profile.name.clone().unwrap_or_default(),
            start: rule.start(profile),
            limit: Some(rule.limit(profile)),
            last: last.remove(&id),
            running: None,
            not_due: false,
        }
    });
    Ok(ProfileRuns {
        subjects: subjects.collect(),
        window,
        archived,
        without_profile: results.recent.iter().filter(is_without_profile).count(),
    })
}

impl ProfileRule {
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
        ended: in_utc(result.complete_time)?,
        archived: Some(result.items_archived),
    };
    Some((result.profile_id?.0, run))
}
