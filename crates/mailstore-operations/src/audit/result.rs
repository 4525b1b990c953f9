//! The result of a rule for an object.

use mailstore_api::civil::Date;
use serde::Serialize;

use super::rule::{Rule, Severity};

/// How an object compares with a rule.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// The object is not as the rule requires.
    Finding,
    /// It cannot be seen whether the object is as the rule requires.
    Unknown,
    /// The object is not as the rule requires, and an exception accepts it.
    Excepted,
    /// The object is as the rule requires.
    Ok,
}

impl Status {
    /// Returns the word in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Finding => "finding",
            Self::Unknown => "unknown",
            Self::Excepted => "excepted",
            Self::Ok => "ok",
        }
    }
}

/// What an object is.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ObjectKind {
    /// A whole archive.
    Archive,
    /// The Service Provider Edition.
    Installation,
    /// A system administrator of the Service Provider Edition.
    SystemAdministrator,
    /// A profile.
    Profile,
    /// A store.
    Store,
    /// A user.
    User,
}

impl ObjectKind {
    /// Returns the word in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Archive => "archive",
            Self::Installation => "installation",
            Self::SystemAdministrator => "system-administrator",
            Self::Profile => "profile",
            Self::Store => "store",
            Self::User => "user",
        }
    }
}

/// What a rule is compared with.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
pub struct Object {
    /// What it is.
    pub kind: ObjectKind,
    /// Its name, as the server sent it.
    pub name: String,
    /// Its id, if it has one that is not its name.
    pub id: Option<String>,
}

/// The exception that accepts a result.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Excepted {
    /// Why the result is accepted.
    pub reason: String,
    /// The last day of the exception, in UTC.
    pub until: Date,
}

/// The result of a rule for an object.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AuditResult {
    /// The id of the archive. `None` for system administrators of the Service Provider Edition.
    pub archive: Option<String>,
    /// The rule.
    pub rule: Rule,
    /// The object.
    pub object: Object,
    /// How the object compares with the rule.
    pub status: Status,
    /// How bad a finding of this rule is.
    pub severity: Severity,
    /// What was seen, for people.
    pub text: String,
    /// The exception. `None` if the status is not [`Status::Excepted`].
    pub exception: Option<Excepted>,
}

/// What a rule says about an object.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Verdict {
    pub(super) status: Status,
    pub(super) text: String,
}

impl Verdict {
    pub(super) fn ok(text: impl Into<String>) -> Self {
        Self::new(Status::Ok, text)
    }

    pub(super) fn finding(text: impl Into<String>) -> Self {
        Self::new(Status::Finding, text)
    }

    pub(super) fn unknown(text: impl Into<String>) -> Self {
        Self::new(Status::Unknown, text)
    }

    fn new(status: Status, text: impl Into<String>) -> Self {
        Self {
            status,
            text: text.into(),
        }
    }
}
