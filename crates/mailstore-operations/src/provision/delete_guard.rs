//! Keeps a plan from deleting without permission, or from deleting too much.

use super::error::ProvisionError;
use super::plan::{Action, Change, Object, Plan};
use super::same_name::same_name;
use super::state::{ArchiveState, ProfileState};

/// With fewer users or profiles than this, one deletion is already a large part of them.
const FEW: usize = 10;

/// What is counted together.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Kind {
    Users,
    Profiles,
}

/// Blocks the deletions of users or of profiles if there are too many of them.
pub(super) fn block_too_many(changes: &mut [Change], state: &ArchiveState, max_percent: u8) {
    for (kind, existing) in [
        (Kind::Users, state.user_count),
        (Kind::Profiles, state.profiles.len()),
    ] {
        let deleted = changes.iter().filter(|change| deletes(change, kind)).count();
        let Some(reason) = too_many(kind, deleted, existing, max_percent) else {
            continue;
        };
        for change in changes.iter_mut().filter(|change| deletes(change, kind)) {
            change.blocked = Some(reason.clone());
        }
    }
}

/// Refuses a plan that deletes, but was made without the permission to do so.
pub(super) fn check_permission(plan: &Plan) -> Result<(), ProvisionError> {
    let mut deletions = plan.allowed().filter(|change| change.action == Action::Delete);
    match deletions.next() {
        Some(change) if !plan.allow_delete => Err(ProvisionError::Plan(format!(
            "{}: the plan deletes, but it was made without --allow-delete. Make a new plan",
            change.object
        ))),
        _ => Ok(()),
    }
}

/// Refuses a plan that deletes too many of the users or profiles that exist now. What was deleted before counts as
/// existing, so that a plan can be continued. `None` is for objects that the plan does not have.
pub(super) fn check_count(
    plan: &Plan,
    users: Option<&[String]>,
    profiles: Option<&[ProfileState]>,
) -> Result<(), ProvisionError> {
    for kind in [Kind::Users, Kind::Profiles] {
        let deletions: Vec<&Object> = plan
            .allowed()
            .filter(|change| deletes(change, kind))
            .map(|change| &change.object)
            .collect();
        let (users, profiles) = (users.unwrap_or_default(), profiles.unwrap_or_default());
        let is_there = |object: &&&Object| match object {
            Object::Profile { id, .. } => profiles.iter().any(|profile| profile.id == *id),
            object => users.iter().any(|user| same_name(user, object.name())),
        };
        let gone = deletions.len() - deletions.iter().filter(is_there).count();
        let listed = match kind {
            Kind::Users => users.len(),
            Kind::Profiles => profiles.len(),
        };
        if let Some(reason) = too_many(kind, deletions.len(), listed + gone, plan.max_delete_percent) {
            return Err(ProvisionError::Stale(reason));
        }
    }
    Ok(())
}

fn deletes(change: &Change, kind: Kind) -> bool {
    let of_change = match change.object {
        Object::User(_) => Kind::Users,
        _ => Kind::Profiles,
    };
    change.action == Action::Delete && change.blocked.is_none() && of_change == kind
}

fn too_many(kind: Kind, deleted: usize, existing: usize, max_percent: u8) -> Option<String> {
    if existing < FEW || deleted * 100 <= existing * usize::from(max_percent) {
        return None;
    }
    let noun = match kind {
        Kind::Users => "users",
        Kind::Profiles => "profiles",
    };
    let needed = (deleted * 100).div_ceil(existing);
    Some(format!(
        "the plan deletes {deleted} of {existing} {noun}, and at most {max_percent} % are allowed. This needs --max-delete-percent {needed}"
    ))
}
