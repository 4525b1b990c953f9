//! Compares the desired state with the state of an archive.

use mailstore_api::Timestamp;

use super::desired::Desired;
use super::plan::{Action, Change, Plan};
use super::plan_options::PlanOptions;
use super::state::ArchiveState;
use super::{delete_guard, plan_profiles, plan_users};

/// Returns the changes that lead from `state` to `desired`. Sends nothing.
pub fn make_plan(desired: &Desired, state: &ArchiveState, options: &PlanOptions, read_at: Timestamp) -> Plan {
    let users = plan_users::changes(desired, state, options);
    let profiles = plan_profiles::changes(desired, state, options);
    let mut changes: Vec<Change> = users.into_iter().chain(profiles).collect();
    let all = changes.len();
    changes.retain(|change| !change.is_empty() || change.blocked.is_some());
    let unchanged = all - changes.len();
    delete_guard::block_too_many(&mut changes, state, options.max_delete_percent);
    // A user becomes an administrator before another one loses the privilege or is deleted.
    changes.sort_by_key(|change| match change.action {
        Action::Create => 0,
        Action::Change if !change.takes_admin() => 1,
        Action::Change | Action::Replace => 2,
        Action::Delete => 3,
    });
    Plan {
        format: 1,
        server: options.server.clone(),
        archive: options.archive.clone(),
        read_at,
        changes,
        unchanged,
        allow_delete: options.allow_delete,
        max_delete_percent: options.max_delete_percent,
        sha256: None,
    }
}
