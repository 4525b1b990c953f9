//! What a call may do to the server.

use serde::Deserialize;

/// What a call may do to the server.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Only reads.
    Read,
    /// Sets one thing to a value.
    Set,
    /// Replaces a whole configuration.
    Replace,
    /// Creates something.
    Create,
    /// Starts, sends or tries something.
    Action,
    /// Rewrites data, often for hours.
    Maintenance,
    /// Deletes, moves or locks out.
    Destructive,
    /// Nothing is known.
    #[serde(skip)]
    Unknown,
}
