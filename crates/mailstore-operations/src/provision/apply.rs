//! Applies a plan.

use mailstore_api::{Archive, SecretString};

use super::error::ProvisionError;
use super::journal::Journal;
use super::plan::{Action, Change, Object, Plan};
use super::send::Applied;
use super::state::{read_profiles, user_names};
use super::{apply_profile, apply_user, delete_guard};

/// What applying a plan did.
#[derive(Debug, Default)]
pub struct ApplyReport {
    /// The changes that were made now.
    pub made: usize,
    /// The changes that had been made before.
    pub already: usize,
    /// The changes that failed, with the object as text.
    pub failed: Vec<(String, ProvisionError)>,
    /// Deletions and removals of the privilege `admin` that were not tried, because another change had failed.
    pub not_tried: Vec<String>,
}

impl ApplyReport {
    /// Returns whether all changes of the plan have been made.
    pub fn is_complete(&self) -> bool {
        self.failed.is_empty() && self.not_tried.is_empty()
    }

    /// Returns whether it is not known for a call whether the server carried it out.
    pub fn is_outcome_unknown(&self) -> bool {
        self.failed.iter().any(|(_, error)| error.is_outcome_unknown())
    }
}

/// Makes the changes of a plan that are not blocked, one after the other.
///
/// Passwords are read first. Then all objects are read: if one of them is neither as it was when the plan was made nor
/// as the plan makes it, nothing is changed. Each object is read again before it is changed, and the journal is written
/// before and after each call. If a change fails, the other changes are made, except deletions and changes that take the
/// privilege `admin` from a user.
///
/// If the future is dropped or the program ends, call the function again with the same plan and journal. It makes the
/// changes that are missing. A call whose outcome is not known is not repeated before the state was read.
///
/// # Errors
/// A password cannot be read, the plan is stale or deletes too much, the state cannot be read, or the journal cannot be written.
pub async fn apply(
    archive: &impl Archive,
    plan: &Plan,
    journal: &mut Journal,
) -> Result<ApplyReport, ProvisionError> {
    delete_guard::check_permission(plan)?;
    let mut passwords: Vec<Option<SecretString>> = Vec::new();
    for change in &plan.changes {
        let source = change.password.as_ref().filter(|_| change.blocked.is_none());
        passwords.push(source.map(|source| source.read()).transpose()?);
    }
    let changes = plan.changes.iter().zip(&passwords).enumerate();
    let changes: Vec<(usize, &Change, Option<&SecretString>)> = changes
        .filter(|(_, (change, _))| change.blocked.is_none())
        .map(|(index, (change, password))| (index, change, password.as_ref()))
        .collect();
    let (mut names, mut profiles) = (None, None);
    for (index, change, _) in &changes {
        let problem = match &change.object {
            Object::User(_) => {
                let names = match &mut names {
                    Some(names) => names,
                    unread => unread.insert(user_names(archive).await?),
                };
                apply_user::stale(archive, names, *index, change, journal).await?
            }
            _ => {
                let profiles = match &mut profiles {
                    Some(profiles) => profiles,
                    unread => unread.insert(read_profiles(archive).await?),
                };
                apply_profile::stale(profiles, *index, change, journal)
            }
        };
        if let Some(problem) = problem {
            return Err(ProvisionError::Stale(format!("{}: {problem}", change.object)));
        }
    }
    delete_guard::check_count(plan, names.as_deref(), profiles.as_deref())?;
    let mut report = ApplyReport::default();
    for (index, change, password) in changes {
        if !report.is_complete() && needs_the_others(change) {
            report.not_tried.push(change.object.to_string());
            continue;
        }
        let applied = match &change.object {
            Object::User(_) => apply_user::apply(archive, index, change, password, journal).await,
            _ => apply_profile::apply(archive, index, change, password, journal).await,
        };
        match applied {
            Ok(Applied::Now) => report.made += 1,
            Ok(Applied::Already) => report.already += 1,
            // Nothing can be sent without a journal.
            Err(error @ ProvisionError::Journal { .. }) => return Err(error),
            Err(error) => report.failed.push((change.object.to_string(), error)),
        }
    }
    Ok(report)
}

/// Returns whether a change is only right if the changes before it were made.
fn needs_the_others(change: &Change) -> bool {
    change.action == Action::Delete || change.takes_admin()
}
