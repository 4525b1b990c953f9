//! The rule for profiles.

use mailstore_api::Archive;
use mailstore_api::jiff::SignedDuration;
use mailstore_api::types::Profile;

use super::checker::Checker;
use super::result::{Object, ObjectKind, Verdict};
use super::rule::Rule;
use super::settings::ProfileInterval;

pub(super) async fn check(archive: &impl Archive, checker: &mut Checker<'_>) {
    if !checker.uses(Rule::ProfileInterval) {
        return;
    }
    let profiles = match archive.get_profiles().await {
        Ok(profiles) => profiles,
        Err(error) => {
            let reason = format!("the profiles cannot be listed: {error}");
            return checker.add_unknown(&[Rule::ProfileInterval], &reason);
        }
    };
    for profile in &profiles {
        let verdict = interval(profile, &checker.rules.profile_interval);
        let object = Object {
            kind: ObjectKind::Profile,
            name: profile.name.clone().unwrap_or_default(),
            id: profile.id.map(|id| id.0.to_string()),
        };
        checker.add(Rule::ProfileInterval, object, verdict);
    }
    checker.add_if_none(Rule::ProfileInterval, "there is no profile");
}

fn interval(profile: &Profile, settings: &ProfileInterval) -> Verdict {
    // A profile without this member is not run automatically, unless the member is there and cannot be decoded.
    if profile.unknown().unreadable().next().is_some() {
        return Verdict::unknown("the schedule cannot be decoded");
    }
    let Some(execution) = &profile.server_side_execution else {
        return Verdict::ok("not run automatically");
    };
    match execution.automatic {
        Some(true) => {}
        Some(false) => return Verdict::ok("not run automatically"),
        None => return Verdict::unknown("the server does not say whether it runs the profile automatically"),
    }
    let pause = execution
        .automatic_pause_between_executions
        .and_then(|pause| SignedDuration::try_from(pause).ok());
    let Some(pause) = pause else {
        return Verdict::unknown("the server does not say how long the pause is");
    };
    if pause < settings.min {
        Verdict::finding(format!(
            "the pause is {pause:#}, and at least {:#} is required",
            settings.min
        ))
    } else if pause > settings.max {
        Verdict::finding(format!(
            "the pause is {pause:#}, and at most {:#} is allowed",
            settings.max
        ))
    } else {
        Verdict::ok(format!("the pause is {pause:#}"))
    }
}
