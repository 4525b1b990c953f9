//! The consequence of a change for code.

use serde::Serialize;

/// The consequence of a change for code that calls the function, from harmless to severe.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Consequence {
    /// Code needs no change and behaves the same.
    None,
    /// Code needs no change; new options are available.
    Additive,
    /// Code must be changed. The compiler or the first call shows where.
    Breaking,
    /// Some code still compiles and runs, but has another meaning.
    SilentDanger,
}
