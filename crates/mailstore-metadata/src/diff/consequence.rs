//! What a change means for code.

use serde::Serialize;

/// What a change means for code that calls the function. The order is that of severity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Consequence {
    /// Code stays as it is and means the same.
    None,
    /// Code stays as it is; more can be said.
    Additive,
    /// Code has to be changed, and the compiler, or the first call, shows where.
    Breaking,
    /// Some code compiles and runs as it is, and means something else.
    SilentDanger,
}
