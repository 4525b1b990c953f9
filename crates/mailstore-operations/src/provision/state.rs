//! The state of an archive, as far as a plan needs it.

use std::collections::BTreeMap;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use mailstore_api::Archive;
use mailstore_api::types::{FolderPrivileges, Privileges, Profile, UserInfo};

use super::desired::{Desired, Existence};
use super::error::ProvisionError;
use super::field::Field;
use super::same_name::same_name;
use super::value::Value;

/// The state of an archive, as far as a plan needs it.
#[derive(Clone, Debug, Default)]
pub struct ArchiveState {
    /// The users of the file that exist, by their name in lower case.
    pub(crate) users: BTreeMap<String, UserState>,
    /// The number of all users. 0 if the file has none.
    pub(crate) user_count: usize,
    /// All administrators, in lower case. `None` if nothing can take the privilege away from one.
    pub(crate) administrators: Option<Vec<String>>,
    /// All profiles. Empty if the file has none.
    pub(crate) profiles: Vec<ProfileState>,
}

/// A user.
#[derive(Clone, Debug)]
pub(crate) struct UserState {
    pub(crate) name: String,
    pub(crate) is_administrator: bool,
    /// Whether the directory may change the user again.
    pub(crate) is_synchronized: bool,
    fields: BTreeMap<Field, Value>,
}

/// A profile.
#[derive(Clone, Debug)]
pub(crate) struct ProfileState {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) owner: String,
    pub(crate) profile: Profile,
}

/// Reads the state of the users and profiles in a file. Only reads.
///
/// Sends one request for each user of the file, `parallel` at the same time. If an administrator may lose the privilege,
/// all users are read.
///
/// # Errors
/// A part cannot be read. There is no state then, because a plan from a part of the state could be wrong.
pub async fn read_state(
    archive: &impl Archive,
    desired: &Desired,
    parallel: usize,
) -> Result<ArchiveState, ProvisionError> {
    let mut state = ArchiveState::default();
    if !desired.users.is_empty() {
        let names = user_names(archive).await?;
        state.user_count = names.len();
        let is_wanted = |name: &&String| {
            let mut wanted = desired.users.iter().map(|user| user.get_ref());
            wanted.any(|user| same_name(&user.name, name))
        };
        let (wanted, others): (Vec<&String>, Vec<&String>) = names.iter().partition(is_wanted);
        state.users = read_users(archive, wanted, parallel).await?;
        let may_lose_one = desired.users.iter().map(|user| user.get_ref()).any(|user| {
            let current = state.users.get(&user.name.to_lowercase());
            current.is_some_and(|current| current.is_administrator)
                && (user.state == Existence::Absent || user.privileges.is_some())
        });
        if may_lose_one {
            let others = read_users(archive, others, parallel).await?;
            let all = state.users.iter().chain(&others);
            let administrators = all.filter(|(_, user)| user.is_administrator);
            state.administrators = Some(administrators.map(|(name, _)| name.clone()).collect());
        }
    }
    if !desired.profiles.is_empty() {
        state.profiles = read_profiles(archive).await?;
    }
    Ok(state)
}

async fn read_users(
    archive: &impl Archive,
    names: Vec<&String>,
    parallel: usize,
) -> Result<BTreeMap<String, UserState>, ProvisionError> {
    stream::iter(names)
        .map(|name| async move { Ok((name.to_lowercase(), read_user(archive, name).await?)) })
        .buffer_unordered(parallel.max(1))
        .try_collect()
        .await
}

/// Reads a user that exists.
pub(crate) async fn read_user(archive: &impl Archive, name: &str) -> Result<UserState, ProvisionError> {
    let shown = mailstore_api::printable(name);
    let info = archive.get_user_info(name).await;
    let info = info.map_err(ProvisionError::call(format!("the user `{shown}` cannot be read")))?;
    Ok(UserState::from(info))
}

/// Lists the names of all users.
pub(crate) async fn user_names(archive: &impl Archive) -> Result<Vec<String>, ProvisionError> {
    let listed = archive.get_users().await;
    let listed = listed.map_err(ProvisionError::call("the users cannot be listed"))?;
    Ok(listed.into_iter().map(|user| user.user_name).collect())
}

/// Finds a user without regard to upper and lower case, and reads it.
pub(crate) async fn find_user(
    archive: &impl Archive,
    name: &str,
) -> Result<Option<UserState>, ProvisionError> {
    find_among(archive, &user_names(archive).await?, name).await
}

/// Reads a user that was listed before. Returns `None` if it does not exist any more. The users are only listed if this
/// user cannot be read, to tell why.
pub(crate) async fn read_again(
    archive: &impl Archive,
    name: &str,
) -> Result<Option<UserState>, ProvisionError> {
    match read_user(archive, name).await {
        Ok(user) => Ok(Some(user)),
        Err(_) => find_user(archive, name).await,
    }
}

/// Like [`find_user`], with the names of all users.
pub(crate) async fn find_among(
    archive: &impl Archive,
    names: &[String],
    name: &str,
) -> Result<Option<UserState>, ProvisionError> {
    match names.iter().find(|listed| same_name(listed, name)) {
        Some(listed) => Ok(Some(read_user(archive, listed).await?)),
        None => Ok(None),
    }
}

/// Refuses to take the privilege `admin` from the last user who has it. This is checked again when a plan is applied,
/// because other administrators may have been removed since.
pub(crate) async fn keep_an_administrator(
    archive: &impl Archive,
    user: &UserState,
) -> Result<(), ProvisionError> {
    if !user.is_administrator {
        return Ok(());
    }
    let names = user_names(archive).await?;
    for other in names.iter().filter(|other| !same_name(other, &user.name)) {
        if read_user(archive, other).await?.is_administrator {
            return Ok(());
        }
    }
    Err(ProvisionError::Stale(format!(
        "user {}: no administrator would be left",
        mailstore_api::printable(&user.name)
    )))
}

/// Lists the profiles.
pub(crate) async fn read_profiles(archive: &impl Archive) -> Result<Vec<ProfileState>, ProvisionError> {
    let profiles = archive.get_profiles().await;
    let profiles = profiles.map_err(ProvisionError::call("the profiles cannot be listed"))?;
    Ok(profiles.into_iter().filter_map(ProfileState::of).collect())
}

impl From<UserInfo> for UserState {
    fn from(info: UserInfo) -> Self {
        // An empty text means the same as no text: a request that removes a text contains an empty one.
        let text = |text: Option<String>| Value::Text(text.filter(|text| !text.is_empty()));
        let words = |words: Vec<&str>| {
            let words = words.into_iter().filter(|word| *word != "none");
            Value::List(words.map(str::to_owned).collect())
        };
        let mut fields = BTreeMap::from([
            (Field::FullName, text(info.full_name)),
            (Field::DistinguishedName, text(info.distinguished_name.clone())),
            (
                Field::Authentication,
                Value::Text(Some(info.authentication.as_str().to_owned())),
            ),
            (
                Field::Emails,
                Value::List(info.email_addresses.iter().map(ToString::to_string).collect()),
            ),
            (Field::Pop3UserNames, Value::List(info.pop3_user_names)),
            (Field::Privileges, words(info.privileges.words())),
        ]);
        if let Some(privileges) = &info.login_privileges {
            fields.insert(Field::LoginPrivileges, words(privileges.words()));
        }
        for rights in info.privileges_on_folders.iter().flatten() {
            let folder = Field::Folder(rights.folder.to_string());
            if rights.privileges != FolderPrivileges::None {
                fields.insert(folder, words(rights.privileges.words()));
            }
        }
        let directory = info
            .authentication
            .as_str()
            .eq_ignore_ascii_case("directoryServices");
        Self {
            name: info.user_name,
            is_administrator: info.privileges == Privileges::Admin,
            is_synchronized: directory || info.distinguished_name.is_some_and(|name| !name.is_empty()),
            fields,
        }
    }
}

impl UserState {
    /// Returns the field as the server writes it. Upper and lower case of an archive are the same.
    pub(crate) fn as_listed(&self, field: Field) -> Field {
        let Field::Folder(wanted) = &field else {
            return field;
        };
        let is_same = |listed: &&Field| matches!(listed, Field::Folder(name) if same_name(name, wanted));
        self.fields.keys().find(is_same).cloned().unwrap_or(field)
    }

    /// Returns the archives on which the user has rights.
    pub(crate) fn folders(&self) -> impl Iterator<Item = Field> {
        let fields = self.fields.keys();
        fields.filter(|field| matches!(field, Field::Folder(_))).cloned()
    }

    /// Returns the value of a field. A folder without rights has the empty list.
    pub(crate) fn value(&self, field: &Field) -> Value {
        match self.fields.get(&self.as_listed(field.clone())) {
            Some(value) => value.clone(),
            None => match field {
                Field::FullName | Field::DistinguishedName | Field::Authentication => Value::Text(None),
                _ => Value::List(Vec::new()),
            },
        }
    }
}

impl ProfileState {
    fn of(profile: Profile) -> Option<Self> {
        Some(Self {
            id: profile.id?.0,
            name: profile.name.clone().unwrap_or_default(),
            owner: profile.owner.clone().unwrap_or_default(),
            profile,
        })
    }

    /// Returns the value of a field of the schedule.
    pub(crate) fn value(&self, field: &Field) -> Value {
        let execution = self.profile.server_side_execution.clone().unwrap_or_default();
        match field {
            Field::PauseSeconds => match execution.automatic_pause_between_executions {
                Some(pause) => Value::Number(pause.as_secs()),
                None => Value::Text(None),
            },
            Field::MaintenanceWindows => {
                let windows = execution.automatic_maintenance_windows;
                Value::Text(windows.filter(|windows| !windows.is_empty()))
            }
            _ => Value::Flag(execution.automatic.unwrap_or_default()),
        }
    }
}
