//! The desired state of users and profiles, as a file contains it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use super::same_name::same_name;
use super::secret_source::SecretSource;

/// The desired state of users and profiles.
///
/// Only users and profiles in the file are changed. A field that is left out is not changed, and an empty list removes
/// all values. Nothing is deleted unless its `state` is `absent`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Desired {
    /// The version of the format, which is 1.
    pub version: u32,
    /// Fields of all users that do not have them.
    #[serde(default)]
    pub defaults: Defaults,
    /// The users.
    #[serde(default, rename = "user")]
    #[schemars(with = "Vec<DesiredUser>")]
    pub users: Vec<Spanned<DesiredUser>>,
    /// The profiles.
    #[serde(default, rename = "profile")]
    #[schemars(with = "Vec<DesiredProfile>")]
    pub profiles: Vec<Spanned<DesiredProfile>>,
}

/// Fields of all users that do not have them.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Defaults {
    /// Fields of users.
    #[serde(default)]
    pub user: DefaultUser,
}

/// Fields of users that do not have them.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DefaultUser {
    /// Global privileges, such as `login`.
    pub privileges: Option<Vec<String>>,
    /// Ways in which users may log in, such as `web`.
    pub login_privileges: Option<Vec<String>>,
    /// Who checks passwords: `integrated` or `directoryServices`.
    pub authentication: Option<String>,
    /// Privileges of each user on the archive with the name of the user.
    pub own_archive: Option<Vec<String>>,
}

/// Whether an object exists.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub enum Existence {
    /// It exists.
    #[default]
    Present,
    /// It is deleted. This also needs permission when the plan is made.
    Absent,
}

/// The desired state of a user.
#[derive(Clone, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DesiredUser {
    /// Login name. Upper and lower case are the same.
    pub name: String,
    /// Whether the user exists.
    #[serde(default)]
    pub state: Existence,
    /// Display name. An empty text removes it.
    pub full_name: Option<String>,
    /// LDAP distinguished name. An empty text removes it.
    pub distinguished_name: Option<String>,
    /// Who checks the password: `integrated` or `directoryServices`.
    pub authentication: Option<String>,
    /// All e-mail addresses, the primary one first.
    pub emails: Option<Vec<String>>,
    /// All POP3 user names.
    pub pop3_user_names: Option<Vec<String>>,
    /// All global privileges, such as `login`. `admin` and `none` stand alone.
    pub privileges: Option<Vec<String>>,
    /// All ways in which the user may log in, such as `web`.
    pub login_privileges: Option<Vec<String>>,
    /// Privileges on the archive with the name of the user, such as `read`.
    pub own_archive: Option<Vec<String>>,
    /// Privileges on archives. Archives that are not listed are not changed, and an empty list removes access.
    /// Ignored for administrators, because the server does not list their privileges on archives.
    #[serde(default)]
    pub folders: BTreeMap<String, Vec<String>>,
    /// The password of a new user. The password of an existing user is only set when the plan is told to.
    pub password: Option<SecretSource>,
}

/// The desired state of a profile. It is found by its name and its owner.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct DesiredProfile {
    /// Name of the profile.
    pub name: String,
    /// User name of the owner. Required for a new profile.
    pub owner: Option<String>,
    /// Whether the profile exists.
    #[serde(default)]
    pub state: Existence,
    /// What the profile does: `I` archives. Required for a new profile.
    #[serde(rename = "type")]
    pub profile_type: Option<String>,
    /// Kind of source or target, such as `IMAP`. Required for a new profile.
    pub connector: Option<String>,
    /// Settings of the connector, without the password. The server keeps other settings.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub details: toml::Table,
    /// The password for the source or target of a new profile.
    pub password: Option<SecretSource>,
    /// Whether the server runs the profile automatically.
    pub automatic: Option<bool>,
    /// Pause between two automatic runs, in seconds.
    pub pause_seconds: Option<u64>,
    /// Times without automatic runs, in the format of the server, which is not public.
    pub maintenance_windows: Option<String>,
}

impl Desired {
    /// Returns whether the file has a password of this user.
    pub fn has_password_of(&self, name: &str) -> bool {
        let mut users = self.users.iter().map(|user| user.get_ref());
        users.any(|user| same_name(&user.name, name) && user.password.is_some())
    }

    /// Returns the JSON Schema of the file.
    pub fn schema() -> schemars::Schema {
        schemars::schema_for!(Self)
    }

    pub(super) fn apply_defaults(&mut self) {
        let defaults = self.defaults.user.clone();
        for user in &mut self.users {
            let user = user.get_mut();
            if user.state == Existence::Absent {
                continue;
            }
            user.privileges = user.privileges.take().or_else(|| defaults.privileges.clone());
            user.login_privileges = user
                .login_privileges
                .take()
                .or_else(|| defaults.login_privileges.clone());
            user.authentication = user
                .authentication
                .take()
                .or_else(|| defaults.authentication.clone());
            let own = user.own_archive.take().or_else(|| defaults.own_archive.clone());
            if let Some(own) = own {
                let is_listed = user.folders.keys().any(|folder| same_name(folder, &user.name));
                if !is_listed {
                    user.folders.insert(user.name.clone(), own);
                }
            }
        }
    }
}
