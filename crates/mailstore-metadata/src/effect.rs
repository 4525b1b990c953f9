//! What a call may do to the server.

use std::fmt;

use serde::Deserialize;

/// What a call may do to the server.
///
/// The vendor publishes no such classes; they are inferred from the names and the documentation of the functions.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Effect {
    /// Only reads.
    Read,
    /// Sets one thing to a value; saying it again changes nothing more.
    Set,
    /// Replaces a whole configuration or moves a store; saying it again changes nothing more.
    Replace,
    /// Creates something; said twice it fails or creates a second one.
    Create,
    /// Starts, sends or tries something; deletes nothing in the archive by itself.
    Action,
    /// Rewrites data, often for hours; some of it cannot be undone.
    Maintenance,
    /// Deletes, moves or locks out.
    Destructive,
    /// Nothing is known: treat it like the worst. An overlay cannot say this.
    #[serde(skip)]
    Unknown,
}

impl Effect {
    /// All effects, from the mildest to the gravest.
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

    /// Whether a call leaves the server as it was, so that it may be repeated freely.
    pub const fn only_reads(self) -> bool {
        matches!(self, Self::Read)
    }

    /// The class in one lower-case word.
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

    /// What a call may do, as Markdown for documentation.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Read => "only reads",
            Self::Set => "sets one thing; repeating it changes nothing more",
            Self::Replace => {
                "replaces a whole configuration or moves a store; repeating it changes nothing more"
            }
            Self::Create => "creates something; repeated, it fails or creates a second one",
            Self::Action => "starts or sends something",
            Self::Maintenance => "rewrites data; some of it cannot be undone",
            Self::Destructive => "**deletes, moves or locks out**",
            Self::Unknown => "not known; take it for the worst",
        }
    }
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
