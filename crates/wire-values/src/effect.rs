//! What a call may do to the server.

use std::fmt;

use serde::Deserialize;

/// What a call may do to the server.
///
/// The vendor does not publish effects; they are inferred from the names and the documentation of the functions.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Effect {
    /// Read-only.
    Read,
    /// Idempotent: sets one value.
    Set,
    /// Idempotent: replaces a whole configuration or the location of a store.
    Replace,
    /// Not idempotent: repeating it fails or creates a duplicate.
    Create,
    /// Not idempotent: starts, sends or tries something. Does not delete anything in the archive by itself.
    Action,
    /// Rewrites data, often for hours. Some of the changes cannot be undone.
    Maintenance,
    /// Destructive: deletes or moves data, or locks users out.
    Destructive,
    /// Unknown: assume it may delete data. An overlay cannot use this value.
    #[serde(skip)]
    Unknown,
}

impl Effect {
    /// All effects, from the least to the most dangerous.
    pub const ALL: [Self; 8] = [
        Self::Read,
        Self::Set,
        Self::Replace,
        Self::Create,
        Self::Action,
        Self::Maintenance,
        Self::Destructive,
        Self::Unknown,
    ];

    /// Returns whether a call leaves the server unchanged. Such a call may be repeated.
    pub const fn only_reads(self) -> bool {
        matches!(self, Self::Read)
    }

    /// Returns the effect as one lower-case word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Set => "set",
            Self::Replace => "replace",
            Self::Create => "create",
            Self::Action => "action",
            Self::Maintenance => "maintenance",
            Self::Destructive => "destructive",
            Self::Unknown => "unknown",
        }
    }

    /// Describes the effect in Markdown sentences for documentation.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Read => "Read-only.",
            Self::Set => "Idempotent.",
            Self::Replace => "Idempotent. Replaces a whole configuration or the location of a store.",
            Self::Create => "Not idempotent: repeating it fails or creates a duplicate.",
            Self::Action => "Not idempotent: every call starts or sends something.",
            Self::Maintenance => "Rewrites data. Some of the changes cannot be undone.",
            Self::Destructive => "**Destructive.** Deletes or moves data, or locks users out.",
            Self::Unknown => "Unknown: assume it may delete data.",
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
