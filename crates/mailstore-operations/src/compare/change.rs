//! One difference between two exports.

use serde::Serialize;
use serde_json::Value;

/// A difference between two exports.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// The folder of the archive, such as `server` or `instances/demo`, or `platform` for what instances share.
    pub archive: String,
    /// The kind of object, such as `users` or `jobs`. `archive` if the whole archive was added or removed.
    pub kind: String,
    /// The name of the object. `None` if there is only one object of the kind.
    pub object: Option<String>,
    /// The difference.
    #[serde(flatten)]
    pub what: What,
}

/// What happened to an object.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum What {
    /// Only the new export has the object.
    Added {
        /// The object.
        value: Value,
    },
    /// Only the old export has the object.
    Removed {
        /// The object.
        value: Value,
    },
    /// Members of the object differ.
    Changed {
        /// The members that differ.
        fields: Vec<Field>,
    },
    /// The object may be the one that had another name, because of what both have in common.
    MaybeRenamed {
        /// The old name.
        from: String,
        /// What both have in common, such as `id 7` or an address.
        because: String,
        /// The other members that differ.
        fields: Vec<Field>,
    },
}

/// A member of an object that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Field {
    /// The path of the member, such as `schedule.time` or `privilegesOnFolders[jane.doe].privileges`. Empty if the
    /// whole object is one value.
    pub name: String,
    /// The difference.
    #[serde(flatten)]
    pub difference: Difference,
}

/// How a member differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Difference {
    /// The value differs.
    Value {
        /// The old value. `None` if the member did not exist.
        #[serde(skip_serializing_if = "Option::is_none")]
        old: Option<Value>,
        /// The new value. `None` if the member does not exist any more.
        #[serde(skip_serializing_if = "Option::is_none")]
        new: Option<Value>,
    },
    /// A list has other elements. The order of a list has no meaning.
    Elements {
        /// The elements that only the new list has.
        added: Vec<Value>,
        /// The elements that only the old list has.
        removed: Vec<Value>,
    },
    /// A list has another first element, which has a meaning: it is the primary address of a user.
    First {
        /// The old first element.
        old_first: Value,
        /// The new first element.
        new_first: Value,
    },
}

impl Difference {
    /// Returns whether a [`redact`](crate::redact)ed value says that a secret is set. Returns `None` for other values.
    pub fn secret_is_set(value: &Value) -> Option<bool> {
        crate::redact::secret_is_set(value)
    }
}

impl Change {
    /// The kind of a whole archive.
    pub const ARCHIVE: &str = "archive";

    pub(super) fn of_archive(archive: &str, what: What) -> Self {
        Self {
            archive: archive.to_owned(),
            kind: Self::ARCHIVE.to_owned(),
            object: None,
            what,
        }
    }
}
