//! How a fact about the wire is known.

use serde::Deserialize;

/// How a fact about the wire is known.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Evidence {
    /// Documented by the vendor.
    Documented,
    /// Observed in published responses.
    Observed,
    /// Inferred from programs that use the API.
    Inferred,
}
