//! Archiving and export profiles, and new profiles that are created from them.

use std::time::Duration;

use wire_values::{FromJson, Json, Object, SecretString, ToJson, Unknown, UnknownWord, Unsendable};

/// Number of an archiving or export profile, as `get_profiles` lists it.
///
/// A profile can only be changed by deleting it and creating it again, which gives it a new number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProfileId(pub i64);
wire_values::number_id!(ProfileId);

/// What a profile does. Only the letter for archiving is public.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ProfileType {
    /// Archives mail: imports it into the archive.
    Archiving,
    /// A word that this version does not know.
    Unknown(UnknownWord),
}
wire_values::words!(ProfileType { Archiving = "I" } else Unknown(UnknownWord));

/// An archiving or export profile as `get_profiles` lists it.
///
/// All fields are inferred from scripts that read profiles. The oldest script is from 2018.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Profile {
    /// Number of the profile.
    pub id: Option<ProfileId>,
    /// Version of the stored profile.
    pub version: Option<i64>,
    /// Name of the profile.
    pub name: Option<String>,
    /// User name of the owner.
    pub owner: Option<String>,
    /// Whether the profile archives or exports.
    pub profile_type: Option<ProfileType>,
    /// Kind of source or target, such as `IMAP` or `Exchange`. Scripts also contain `POP3`, `Office365`, `Gmail`,
    /// `FileSystem`, `Outlook` and `EWS`.
    pub connector: Option<String>,
    /// Settings of the connector as an object. Many values are strings that contain 0, 1 or another number. `password`
    /// is empty. `deleteInMailbox` is a string that says whether a run deletes messages in the source mailbox: `never`,
    /// `immediately`, or a string that begins with `if-older-than-` (inferred).
    pub details: Option<Json>,
    /// How the server runs the profile automatically. `None` if it does not.
    pub server_side_execution: Option<ServerSideExecution>,
    unknown: Unknown,
}
wire_values::record!(Profile {
    id = "id",
    version = "version",
    name = "name",
    owner = "owner",
    profile_type = "type",
    connector = "connector",
    details = "details",
    server_side_execution = "serverSideExecution",
});

/// How the server runs a profile automatically (inferred from scripts since 2018).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServerSideExecution {
    /// Whether the server runs the profile automatically.
    pub automatic: Option<bool>,
    /// Pause between two runs, in whole seconds.
    pub automatic_pause_between_executions: Option<Duration>,
    /// Times without runs. The format is not public.
    pub automatic_maintenance_windows: Option<String>,
    /// Members for which this version has no field.
    pub unknown: Unknown,
}
wire_values::record!(ServerSideExecution {
    automatic = "automatic",
    automatic_pause_between_executions = "automaticPauseBetweenExecutions",
    automatic_maintenance_windows = "automaticMaintenanceWindows",
});

/// A profile to create: a listed profile without its number and version, and with the password.
///
/// This way to create a profile is documented since 2017. The other settings of the connectors are not public, so begin
/// with a profile that was created in the MailStore client.
///
/// ```
/// # use mailstore_types::{NewProfile, Profile};
/// # fn copy(listed: Profile, password: wire_values::SecretString) {
/// let mut profile = NewProfile::from(listed);
/// profile.name = Some("Mailbox of Jane, again".to_owned());
/// profile.password = Some(password);
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct NewProfile {
    /// Name of the profile.
    pub name: Option<String>,
    /// User name of the owner.
    pub owner: Option<String>,
    /// Whether the profile archives or exports.
    pub profile_type: Option<ProfileType>,
    /// Kind of source or target, such as `IMAP`.
    pub connector: Option<String>,
    /// Settings of the connector as an object, without the password.
    pub details: Option<Json>,
    /// Password for the source or target, sent as `password` among the details.
    pub password: Option<SecretString>,
    /// How the server runs the profile automatically.
    pub server_side_execution: Option<ServerSideExecution>,
    /// Members for which this version has no field.
    pub unknown: Unknown,
}

impl From<Profile> for NewProfile {
    fn from(listed: Profile) -> Self {
        Self {
            name: listed.name,
            owner: listed.owner,
            profile_type: listed.profile_type,
            connector: listed.connector,
            details: listed.details,
            password: None,
            server_side_execution: listed.server_side_execution,
            unknown: listed.unknown,
        }
    }
}

impl ToJson for NewProfile {
    fn to_json(&self) -> Result<Json, Unsendable> {
        Object::with(&self.unknown)
            .put("name", &self.name)
            .put("owner", &self.owner)
            .put("type", &self.profile_type)
            .put("connector", &self.connector)
            .put("details", &self.details()?)
            .put("serverSideExecution", &self.server_side_execution)
            .into_json()
    }

    fn to_public_json(&self) -> Result<Json, Unsendable> {
        let public = Self {
            password: None,
            unknown: Unknown::default(),
            ..self.clone()
        };
        public.to_json()
    }
}

wire_values::serialize!(NewProfile);
wire_values::equal!(NewProfile {
    name, owner, profile_type, connector, details, server_side_execution
} secret { password });

impl NewProfile {
    fn details(&self) -> Result<Option<Json>, Unsendable> {
        let Some(password) = &self.password else {
            return Ok(self.details.clone());
        };
        let members = match self.details.as_ref().map(Unknown::from_json) {
            Some(Ok(members)) => members,
            // Details that are not an object cannot contain a password. The server then returns an error.
            Some(Err(_)) => return Ok(self.details.clone()),
            None => Unknown::default(),
        };
        Object::with(&members)
            .put("password", password)
            .into_json()
            .map(Some)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn listed() -> Profile {
        let listed = json!({
            "id": 1, "version": 7, "name": "Jane", "owner": "admin", "type": "I", "connector": "IMAP",
            "details": {"host": "imap.example.com", "timeout": "300", "password": null},
            "serverSideExecution": {"automatic": true, "automaticPauseBetweenExecutions": 300, "automaticMaintenanceWindows": null},
            "color": "blue"
        });
        Profile::from_json(&listed.into()).unwrap()
    }

    #[test]
    fn a_new_profile_has_no_number_and_version_but_the_password() {
        let mut profile = NewProfile::from(listed());
        profile.password = Some("hunter2".into());
        assert_eq!(
            profile.to_json().unwrap(),
            json!({
                "name": "Jane", "owner": "admin", "type": "I", "connector": "IMAP",
                "details": {"host": "imap.example.com", "timeout": "300", "password": "hunter2"},
                "serverSideExecution": {"automatic": true, "automaticPauseBetweenExecutions": 300},
                "color": "blue"
            })
            .into()
        );
    }

    #[test]
    fn debug_and_public_json_do_not_contain_the_password() {
        let profile = NewProfile {
            password: Some("hunter2".into()),
            ..NewProfile::from(listed())
        };
        assert!(!format!("{profile:?}").contains("hunter2"));
        assert!(!profile.to_public_json().unwrap().text().contains("hunter2"));
    }

    #[test]
    fn a_password_without_details_is_sent_too() {
        let profile = NewProfile {
            password: Some("hunter2".into()),
            ..NewProfile::default()
        };
        let sent = profile.to_json().unwrap();
        assert_eq!(sent, json!({"details": {"password": "hunter2"}}).into());
    }

    #[test]
    fn details_are_sent_back_unchanged() {
        let text = r#"{"details":{"n":123456789012345678901234567890,"b":1.0,"a":1e400},"serverSideExecution":{"automaticPauseBetweenExecutions":0.5}}"#;
        let mut profile = NewProfile::from(Profile::from_json(&text.parse().unwrap()).unwrap());
        profile.password = Some("hunter2".into());
        assert_eq!(
            profile.to_json().unwrap().text(),
            text.replace("1e400", r#"1e400,"password":"hunter2""#)
        );
    }

    /// A customer portal sends both as strings (reported), and the server may return these strings.
    #[test]
    fn numbers_and_booleans_of_a_profile_may_be_strings() {
        let text = r#"{"serverSideExecution":{"automatic":"true","automaticPauseBetweenExecutions":"300"}}"#;
        let profile = Profile::from_json(&text.parse().unwrap()).unwrap();
        let execution = profile.server_side_execution.unwrap();
        assert_eq!(execution.automatic, Some(true));
        assert_eq!(
            execution.automatic_pause_between_executions,
            Some(Duration::from_secs(300))
        );
    }
}
