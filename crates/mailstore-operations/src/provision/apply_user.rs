//! Applies the change of a user.

use mailstore_api::types::{Authentication, LoginPrivileges, Privileges};
use mailstore_api::{Archive, SecretString};

use super::error::ProvisionError;
use super::field::Field;
use super::fresh_user::{self, OF_CREATION};
use super::journal::{Call, Journal};
use super::plan::{Action, Change, FieldChange};
use super::send::{Applied, send};
use super::state::{UserState, find_among, find_user, keep_an_administrator, read_again};
use super::step::Step;
use super::user_field::{set_value, words};
use super::value::Value;

/// Why a user is not as the plan expects, or `None` if the change can be made or was made. `names` are those of all users.
pub(super) async fn stale(
    archive: &impl Archive,
    names: &[String],
    index: usize,
    change: &Change,
    journal: &Journal,
) -> Result<Option<String>, ProvisionError> {
    let current = find_among(archive, names, change.object.name()).await?;
    let create = Call {
        change: index,
        object: &change.object,
        step: &Step::Create,
    };
    let delete = Call {
        step: &Step::Delete,
        ..create
    };
    Ok(match (change.action, current) {
        (Action::Create, None) if journal.is_done(&create) => {
            Some("this plan created the user, and it was deleted since".to_owned())
        }
        (Action::Create, Some(_)) if journal.begun(&create).is_none() => {
            Some("the user exists already".to_owned())
        }
        (Action::Create, Some(current)) => set_and_changed(index, change, &current, journal),
        (Action::Create, None) | (Action::Delete, None) => None,
        (Action::Change, None) => Some("the user does not exist any more".to_owned()),
        (Action::Change, Some(current)) => change.unexpected_field(|field| current.value(field)),
        (Action::Delete, Some(_)) if journal.is_done(&delete) => {
            Some("this plan deleted the user, and it was created again".to_owned())
        }
        (Action::Delete, Some(current)) => change.unexpected_field(|field| current.value(field)),
        (Action::Replace, _) => Some("a user cannot be replaced".to_owned()),
    })
}

/// Describes a field of a new user that this plan has set, and that was changed since.
fn set_and_changed(index: usize, change: &Change, current: &UserState, journal: &Journal) -> Option<String> {
    change.fields.iter().find_map(|field| {
        let call = Call {
            change: index,
            object: &change.object,
            step: &Step::Set(field.field.clone()),
        };
        let now = current.value(&field.field);
        let is_changed = journal.is_done(&call) && !now.means_the_same(&field.after);
        is_changed.then(|| format!("{} is now {now}, and no longer {}", field.field, field.after))
    })
}

/// Applies the change of a user.
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
    let mut applied = Applied::Already;
    match change.action {
        Action::Replace => {
            return Err(ProvisionError::Plan(format!(
                "{}: the plan is invalid",
                change.object
            )));
        }
        Action::Delete => return delete(archive, call(&Step::Delete), journal).await,
        Action::Create => {
            applied = applied.or(create(archive, change, password, call(&Step::Create), journal).await?)
        }
        Action::Change => {
            // A password cannot be read, so only the journal tells whether it was set.
            if let Some(password) = password {
                let call = call(&Step::SetPassword);
                if !journal.is_done(&call) {
                    let request = archive.set_user_password(change.object.name(), password);
                    let sent = send(journal, &call, None, request).await?;
                    sent.settle(journal, &call, async { Ok(false) }).await?;
                    applied = Applied::Now;
                }
            }
        }
    }
    let is_created = change.action == Action::Create;
    for field in &change.fields {
        if is_created && OF_CREATION.contains(&field.field) {
            continue;
        }
        let call = Call {
            change: index,
            object: &change.object,
            step: &Step::Set(field.field.clone()),
        };
        applied = applied.or(set(archive, change, field, call, journal).await?);
    }
    Ok(applied)
}

async fn create(
    archive: &impl Archive,
    change: &Change,
    password: Option<&SecretString>,
    call: Call<'_>,
    journal: &mut Journal,
) -> Result<Applied, ProvisionError> {
    let name = change.object.name();
    if journal.is_done(&call) {
        return Ok(Applied::Already);
    }
    // Before the first call, it is known that the user did not exist, and the server refuses a name that is in use.
    if journal.begun(&call).is_some()
        && let Some(current) = find_user(archive, name).await?
    {
        if let Some(problem) = fresh_user::surprise(change, &current) {
            let object = change.object.to_string();
            return Err(ProvisionError::UnclearUser { object, problem });
        }
        journal.done(&call)?;
        return Ok(Applied::Already);
    }
    let find = |field: Field| {
        change
            .fields
            .iter()
            .find(|change| change.field == field)
            .map(|change| &change.after)
    };
    let text = |field: Field| match find(field) {
        Some(Value::Text(Some(text))) => Some(text.as_str()),
        _ => None,
    };
    let privileges: Privileges = words(find(Field::Privileges))?;
    let mut request = archive
        .create_user(name, privileges)
        .full_name(text(Field::FullName))
        .distinguished_name(text(Field::DistinguishedName))
        .authentication(text(Field::Authentication).map(Authentication::from))
        .password(password);
    if let Some(value) = find(Field::LoginPrivileges) {
        request = request.login_privileges(words::<LoginPrivileges>(Some(value))?);
    }
    let sent = send(journal, &call, None, request).await?;
    // The name of a user is unique. A user with other fields than a new one was created by another person.
    let exists = async {
        let found = find_user(archive, name).await?;
        Ok(found.is_some_and(|user| fresh_user::surprise(change, &user).is_none()))
    };
    sent.settle(journal, &call, exists).await
}

async fn delete(
    archive: &impl Archive,
    call: Call<'_>,
    journal: &mut Journal,
) -> Result<Applied, ProvisionError> {
    let Some(user) = read_again(archive, call.object.name()).await? else {
        return Ok(Applied::Already);
    };
    keep_an_administrator(archive, &user).await?;
    let sent = send(journal, &call, None, archive.delete_user(&user.name)).await?;
    let is_gone = async { Ok(find_user(archive, &user.name).await?.is_none()) };
    sent.settle(journal, &call, is_gone).await
}

/// Sets a field, unless it has the desired value.
async fn set(
    archive: &impl Archive,
    change: &Change,
    field: &FieldChange,
    call: Call<'_>,
    journal: &mut Journal,
) -> Result<Applied, ProvisionError> {
    let name = change.object.name();
    let Some(current) = read_again(archive, name).await? else {
        return Err(ProvisionError::Stale(format!(
            "{} does not exist any more",
            change.object
        )));
    };
    let now = current.value(&field.field);
    if now.means_the_same(&field.after) {
        return Ok(Applied::Already);
    }
    if change.action == Action::Change && !field.expects(&now) {
        return Err(ProvisionError::Stale(format!(
            "{}: {}",
            change.object,
            field.surprise(&now)
        )));
    }
    if field.field == Field::Privileges && !field.after.has_admin() {
        keep_an_administrator(archive, &current).await?;
    }
    // The rights of an archive are changed under the name that the server lists, because another one may be another entry.
    let listed = FieldChange {
        field: current.as_listed(field.field.clone()),
        ..field.clone()
    };
    let sent = set_value(archive, &current.name, &listed, &call, journal).await?;
    let is_set = async {
        let now = read_again(archive, name).await?;
        Ok(now.is_some_and(|now| now.value(&field.field).means_the_same(&field.after)))
    };
    sent.settle(journal, &call, is_set).await
}
