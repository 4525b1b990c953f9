//! How a fact about the wire is known.

use serde::Deserialize;

/// How a fact about the wire is known.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// The vendor says so.
    Documented,
    /// Seen in published answers.
    Observed,
    /// Concluded from how others use it.
    Inferred,
}
