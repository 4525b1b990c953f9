//! Applies the change of a profile.

use std::time::Duration;

use mailstore_api::types::{NewProfile, ProfileId, ProfileType, ServerSideExecution};
use mailstore_api::{Archive, Json, SecretString};

use super::error::ProvisionError;
use super::field::Field;
use super::journal::{Call, Journal};
use super::plan::{Action, Change, Object};
use super::same_name::same_name;
use super::send::{Applied, send};
use super::state::{ProfileState, read_profiles};
use super::step::Step;
use super::value::Value;

/// Why a profile is not as the plan expects, or `None` if the change can be made or was made.
pub(super) fn stale(
    profiles: &[ProfileState],
    index: usize,
    change: &Change,
    journal: &Journal,
) -> Option<String> {
    let create = Call {
        change: index,
        object: &change.object,
        step: &Step::Create,
    };
    match &change.object {
        Object::NewProfile { name, owner, .. } if journal.begun(&create).is_none() => {
            let exists = !ids_of(profiles, name, owner).is_empty();
            exists.then(|| "the profile exists already".to_owned())
        }
        Object::NewProfile { name, owner, .. } if journal.is_done(&create) => {
            let is_gone = ids_of(profiles, name, owner).is_empty();
            is_gone.then(|| "this plan created the profile, and it was deleted since".to_owned())
        }
        Object::Profile { id, name } => match profiles.iter().find(|profile| profile.id == *id) {
            None if change.action == Action::Delete => None,
            None => Some("the profile does not exist any more".to_owned()),
            Some(found) if found.name != *name => Some("the profile has another name now".to_owned()),
            Some(found) => change.unexpected_field(|field| found.value(field)),
        },
        _ => None,
    }
}

/// Applies the change of a profile.
pub(super) async fn apply(
    archive: &impl Archive,
    index: usize,
    change: &Change,
    password: Option<&SecretString>,
    journal: &mut Journal,
) -> Result<Applied, ProvisionError> {
    let call = |step| Call {
        change: index,
        object: &change.object,
        step,
    };
    match &change.object {
        Object::NewProfile { .. } => create(archive, change, password, call(&Step::Create), journal).await,
        Object::Profile { id, .. } if change.action == Action::Delete => {
            delete(archive, ProfileId(*id), call(&Step::Delete), journal).await
        }
        Object::Profile { id, .. } if change.action == Action::Change => {
            schedule(archive, ProfileId(*id), change, call(&Step::SetSchedule), journal).await
        }
        Object::Profile { .. } | Object::User(_) | Object::AmbiguousProfile { .. } => Err(
            ProvisionError::Plan(format!("{}: the plan is invalid", change.object)),
        ),
    }
}

/// Creates a profile. The API does not return its id, and a repeated call creates a second profile. So the journal has
/// the ids from before the call, and a new id shows that the call was carried out.
async fn create(
    archive: &impl Archive,
    change: &Change,
    password: Option<&SecretString>,
    call: Call<'_>,
    journal: &mut Journal,
) -> Result<Applied, ProvisionError> {
    let Object::NewProfile {
        name,
        owner,
        profile_type,
        connector,
        details,
    } = &change.object
    else {
        return Err(ProvisionError::Plan(format!(
            "{}: the plan is invalid",
            change.object
        )));
    };
    let before = ids_of(&read_profiles(archive).await?, name, owner);
    if let Some(noted) = journal.begun(&call) {
        if journal.is_done(&call) {
            return Ok(Applied::Already);
        }
        if before.iter().any(|id| !noted.contains(id)) {
            journal.done(&call)?;
            return Ok(Applied::Already);
        }
    } else if !before.is_empty() {
        return Err(ProvisionError::Stale(format!("{} exists already", change.object)));
    }
    let details: Json = serde_json::Value::Object(details.clone()).into();
    let profile = NewProfile {
        name: Some(name.clone()),
        owner: Some(owner.clone()),
        profile_type: Some(ProfileType::from(profile_type.as_str())),
        connector: Some(connector.clone()),
        details: Some(details),
        password: password.cloned(),
        server_side_execution: Some(execution(change, None)),
        ..NewProfile::default()
    };
    let sent = send(
        journal,
        &call,
        Some(before.clone()),
        archive.create_profile(&profile),
    )
    .await?;
    let has_new_id = async {
        let now = ids_of(&read_profiles(archive).await?, name, owner);
        Ok(now.iter().any(|id| !before.contains(id)))
    };
    sent.settle(journal, &call, has_new_id).await
}

async fn delete(
    archive: &impl Archive,
    id: ProfileId,
    call: Call<'_>,
    journal: &mut Journal,
) -> Result<Applied, ProvisionError> {
    if !exists(archive, id).await? {
        return Ok(Applied::Already);
    }
    let sent = send(journal, &call, None, archive.delete_profile(id)).await?;
    let is_gone = async { Ok(!exists(archive, id).await?) };
    sent.settle(journal, &call, is_gone).await
}

async fn exists(archive: &impl Archive, id: ProfileId) -> Result<bool, ProvisionError> {
    Ok(read_profiles(archive)
        .await?
        .iter()
        .any(|profile| profile.id == id.0))
}

/// Sets the schedule of a profile. One call sets all its fields, so fields that do not change are sent as they are.
async fn schedule(
    archive: &impl Archive,
    id: ProfileId,
    change: &Change,
    call: Call<'_>,
    journal: &mut Journal,
) -> Result<Applied, ProvisionError> {
    let find = async || {
        let profiles = read_profiles(archive).await?;
        let found = profiles.into_iter().find(|profile| profile.id == id.0);
        found.ok_or_else(|| ProvisionError::Stale(format!("{} does not exist any more", change.object)))
    };
    let is_desired = |profile: &ProfileState| {
        let mut fields = change.fields.iter();
        fields.all(|field| profile.value(&field.field).means_the_same(&field.after))
    };
    let current = find().await?;
    if is_desired(&current) {
        return Ok(Applied::Already);
    }
    if let Some(problem) = change.unexpected_field(|field| current.value(field)) {
        return Err(ProvisionError::Stale(format!("{}: {problem}", change.object)));
    }
    let execution = execution(change, Some(&current));
    let request = archive
        .set_profile_server_side_execution(id, execution.automatic.unwrap_or_default())
        .automatic_pause_between_executions(execution.automatic_pause_between_executions)
        .automatic_maintenance_windows(execution.automatic_maintenance_windows.as_deref());
    let sent = send(journal, &call, None, request).await?;
    sent.settle(journal, &call, async { Ok(is_desired(&find().await?)) })
        .await
}

/// Returns the desired schedule. Fields that do not change have the current value.
fn execution(change: &Change, current: Option<&ProfileState>) -> ServerSideExecution {
    let execution = current.and_then(|current| current.profile.server_side_execution.clone());
    let mut execution = execution.unwrap_or_default();
    for field in &change.fields {
        match (&field.field, &field.after) {
            (Field::Automatic, Value::Flag(automatic)) => execution.automatic = Some(*automatic),
            (Field::PauseSeconds, Value::Number(seconds)) => {
                execution.automatic_pause_between_executions = Some(Duration::from_secs(*seconds));
            }
            (Field::MaintenanceWindows, Value::Text(windows)) => {
                execution.automatic_maintenance_windows = windows.clone();
            }
            _ => {}
        }
    }
    if execution.automatic.is_none() {
        execution.automatic = Some(false);
    }
    execution
}

/// Returns the ids of the profiles with this name and owner.
fn ids_of(profiles: &[ProfileState], name: &str, owner: &str) -> Vec<i64> {
    let same = |profile: &&ProfileState| profile.name == name && same_name(&profile.owner, owner);
    profiles.iter().filter(same).map(|profile| profile.id).collect()
}
