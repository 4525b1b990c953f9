//! A plan: the changes that lead from the state of an archive to the desired state.

use mailstore_api::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::digest::hex_digest;
use super::error::ProvisionError;
use super::field::Field;
use super::same_name::same_name;
use super::secret_source::SecretSource;
use super::value::Value;

/// A plan for one archive. It contains no password.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The version of the format, which is 1.
    pub format: u32,
    /// The address of the server as `https://host:port`.
    pub server: String,
    /// The id of the instance, or `server`.
    pub archive: String,
    /// When the state was read.
    pub read_at: Timestamp,
    /// The changes, in the order in which they are made.
    pub changes: Vec<Change>,
    /// The number of users and profiles of the file that need no change.
    pub unchanged: usize,
    /// Whether the plan was made with the permission to delete users and profiles.
    #[serde(default)]
    pub allow_delete: bool,
    /// The greatest part of all users or all profiles that the plan may delete, in percent.
    pub max_delete_percent: u8,
    /// The digest of everything else. It is only in a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) sha256: Option<String>,
}

/// The change of a user or a profile.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// What is changed.
    #[serde(flatten)]
    pub object: Object,
    /// How it is changed.
    pub action: Action,
    /// The fields that are changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldChange>,
    /// The password that is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<SecretSource>,
    /// What is dangerous about the change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// Why the change is not made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked: Option<String>,
}

/// A user or a profile.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Object {
    /// A user, by its name.
    User(String),
    /// A profile that exists.
    Profile {
        /// Its id.
        id: i64,
        /// Its name.
        name: String,
    },
    /// A profile that does not exist yet.
    NewProfile {
        /// Its name.
        name: String,
        /// The user name of its owner.
        owner: String,
        /// The kind of the profile, as the server writes it.
        profile_type: String,
        /// The kind of its source or target.
        connector: String,
        /// The settings of the connector, without the password.
        details: serde_json::Map<String, Json>,
    },
    /// A profile that cannot be told apart from another one.
    AmbiguousProfile {
        /// The name of both.
        name: String,
    },
}

/// How an object is changed.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// It is created.
    Create,
    /// Its fields are changed.
    Change,
    /// It is deleted.
    Delete,
    /// It would have to be deleted and created again. Such a change is always blocked, because this is not supported yet.
    Replace,
}

/// The change of a field.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FieldChange {
    /// The field.
    pub field: Field,
    /// The value when the plan was made. `None` if it could not be read: a server lists no folder privileges of
    /// administrators.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Value>,
    /// The desired value.
    pub after: Value,
}

impl Plan {
    /// Parses a plan from JSON.
    ///
    /// # Errors
    /// The text is not a plan, it is a plan of another version, or it was changed after the plan was made. The digest in
    /// a plan finds changes by accident. It does not find a change by somebody who also writes a new digest.
    pub fn from_json(text: &str) -> Result<Self, ProvisionError> {
        let mut plan: Self = serde_json::from_str(text)
            .map_err(|error| ProvisionError::Plan(format!("the file is not a plan: {error}")))?;
        if plan.format != 1 {
            let found = plan.format;
            return Err(ProvisionError::Plan(format!(
                "the plan has the format {found}, but this program only reads format 1. Make a new plan"
            )));
        }
        for change in &plan.changes {
            if let Some(wrong) = change.fields.iter().find(|field| !field.has_a_fitting_value()) {
                return Err(ProvisionError::Plan(format!(
                    "the file is not a plan: {}: {} cannot have this value",
                    change.object, wrong.field
                )));
            }
        }
        let found = plan.sha256.take();
        if found != Some(plan.digest()?) {
            return Err(ProvisionError::Plan(
                "the plan was changed after it was made: its contents do not fit its digest. Change the file with the desired state, and make a new plan".to_owned(),
            ));
        }
        Ok(plan)
    }

    /// Returns the SHA-256 of the plan. It does not depend on the order of members.
    pub(crate) fn digest(&self) -> Result<String, ProvisionError> {
        let plan = Self {
            sha256: None,
            ..self.clone()
        };
        let plan = serde_json::to_value(plan);
        let mut plan = plan.map_err(|error| ProvisionError::Plan(error.to_string()))?;
        plan.sort_all_objects();
        Ok(hex_digest(plan.to_string().as_bytes()))
    }

    /// Returns the plan as JSON with its digest, and with a line break at its end.
    ///
    /// # Errors
    /// None are known. Plans consist of texts and numbers.
    pub fn to_json(&self) -> Result<String, ProvisionError> {
        let plan = Self {
            sha256: Some(self.digest()?),
            ..self.clone()
        };
        let text = serde_json::to_string_pretty(&plan);
        let text = text.map_err(|error| ProvisionError::Plan(error.to_string()))?;
        Ok(format!("{text}\n"))
    }

    /// Returns the id of the instance. `None` if the plan is for a MailStore Server.
    pub fn instance(&self) -> Option<&str> {
        Some(self.archive.as_str()).filter(|id| *id != crate::ListedArchive::SERVER_ID)
    }

    /// Returns the changes that are made, and not those that are blocked.
    pub fn allowed(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.blocked.is_none())
    }

    /// Returns the changes that are not made.
    pub fn blocked(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.blocked.is_some())
    }
}

impl Change {
    pub(crate) fn new(object: Object, action: Action) -> Self {
        Self {
            object,
            action,
            fields: Vec::new(),
            password: None,
            warnings: Vec::new(),
            blocked: None,
        }
    }

    pub(crate) fn blocked_because(mut self, reason: impl Into<String>) -> Self {
        self.blocked = Some(reason.into());
        self
    }

    /// Returns whether the change takes the privilege `admin` from a user who has it.
    pub(crate) fn takes_admin(&self) -> bool {
        self.fields.iter().any(|field| {
            let had_it = field.before.as_ref().is_some_and(Value::has_admin);
            field.field == Field::Privileges && had_it && !field.after.has_admin()
        })
    }

    /// Returns whether the account could lose its access or its privilege `admin`.
    pub fn could_lock_out(&self, account: &str) -> bool {
        let is_of_account = matches!(&self.object, Object::User(name) if same_name(name, account));
        let is_access =
            |field: &FieldChange| matches!(field.field, Field::LoginPrivileges | Field::Authentication);
        // The account has this privilege, because all functions of the API need it.
        let takes_admin = |field: &FieldChange| field.field == Field::Privileges && !field.after.has_admin();
        let takes_access = self.action == Action::Delete
            || self.fields.iter().any(takes_admin)
            || self.password.is_some()
            || self.fields.iter().any(is_access);
        is_of_account && takes_access && self.action != Action::Create
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.action == Action::Change && self.fields.is_empty() && self.password.is_none()
    }

    /// Describes the first field whose value is neither that from before the change nor the desired one.
    pub(crate) fn unexpected_field(&self, now: impl Fn(&Field) -> Value) -> Option<String> {
        self.fields.iter().find_map(|field| {
            let now = now(&field.field);
            (!field.expects(&now)).then(|| field.surprise(&now))
        })
    }
}

impl FieldChange {
    /// Returns whether the value is of the kind of the field. A value of another kind would be sent as an empty one.
    fn has_a_fitting_value(&self) -> bool {
        match self.field {
            Field::FullName
            | Field::DistinguishedName
            | Field::Authentication
            | Field::MaintenanceWindows => {
                matches!(self.after, Value::Text(_))
            }
            Field::Automatic => matches!(self.after, Value::Flag(_)),
            Field::PauseSeconds => matches!(self.after, Value::Number(_)),
            Field::Emails
            | Field::Pop3UserNames
            | Field::Privileges
            | Field::LoginPrivileges
            | Field::Folder(_) => matches!(self.after, Value::List(_)),
        }
    }

    /// Returns whether the field may have this value while the plan is applied: it has not been changed, or this plan has
    /// changed it.
    pub(crate) fn expects(&self, now: &Value) -> bool {
        let before = self.before.as_ref();
        now.means_the_same(&self.after) || before.is_none_or(|before| now.means_the_same(before))
    }

    /// Describes that the field has a value that the plan does not expect.
    pub(crate) fn surprise(&self, now: &Value) -> String {
        let before = self.before.as_ref().map_or_else(String::new, ToString::to_string);
        format!("{} is now {now}, and no longer {before}", self.field)
    }
}

impl Object {
    /// Returns the name of the user or the profile.
    pub fn name(&self) -> &str {
        match self {
            Self::User(name)
            | Self::Profile { name, .. }
            | Self::NewProfile { name, .. }
            | Self::AmbiguousProfile { name } => name,
        }
    }
}

/// Shows the object for people.
impl std::fmt::Display for Object {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = mailstore_api::printable(self.name());
        match self {
            Self::User(_) => write!(f, "user {name}"),
            Self::Profile { id, .. } => write!(f, "profile \"{name}\" (id {id})"),
            Self::NewProfile { .. } | Self::AmbiguousProfile { .. } => write!(f, "profile \"{name}\""),
        }
    }
}
