//! One call of a plan, as the journal names it.

use serde::{Deserialize, Serialize};

use super::field::Field;

/// One call of a plan.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Step {
    /// Creates the object.
    Create,
    /// Sets a field.
    Set(Field),
    /// Sets the fields of a schedule.
    SetSchedule,
    /// Sets the password of a user.
    SetPassword,
    /// Deletes the object.
    Delete,
}

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Create => f.write_str("create"),
            Self::Set(field) => write!(f, "set {field}"),
            Self::SetSchedule => f.write_str("set schedule"),
            Self::SetPassword => f.write_str("set password"),
            Self::Delete => f.write_str("delete"),
        }
    }
}
