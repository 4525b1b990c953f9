//! The consequences of each change.
//!
//! A generated client takes a string as `&str`, a number as `i64`, a boolean as `bool` and JSON as any type that
//! implements `Serialize`. An overlay may narrow a type further, which can turn a reported silent danger into a compile
//! error. This module has only dumps, so it cannot detect that.

use super::change::{Change, What};
use super::consequence::Consequence::{self, Additive, Breaking, SilentDanger};
use crate::function::{ArgumentKind as Kind, DEFAULT_PATH};

/// The facts, besides the change itself, that decide the consequences of a change.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Facts {
    /// Whether the remaining required arguments are in a different order.
    pub(super) required_reordered: bool,
    /// Whether an added argument comes after all remaining arguments.
    pub(super) at_the_end: bool,
}

/// Adds the consequences to a change of a function.
pub(super) fn judge(function: &str, what: What, facts: Facts) -> Change {
    Change {
        function: function.to_owned(),
        generated: generated(&what, facts),
        positional: positional(&what, facts),
        breaks_built_programs: breaks_built_programs(&what),
        what,
    }
}

/// Returns the consequence for code that is compiled against a newly generated client.
fn generated(what: &What, facts: Facts) -> Consequence {
    match what {
        What::FunctionAdded { .. } => Additive,
        What::FunctionRemoved { .. } | What::FunctionRenamed { .. } => Breaking,
        What::PathChanged { .. } => Consequence::None,
        What::ArgumentAdded { argument, .. } if argument.nullable => Additive,
        What::ArgumentAdded { .. } | What::ArgumentRemoved { .. } => Breaking,
        // A call does not name its parameters. Whether the new parameter has the same meaning is a guess.
        What::ArgumentRenamed {
            required: true,
            likeness,
            ..
        } => renamed(*likeness),
        What::ArgumentRenamed { .. } => Breaking,
        What::TypeChanged { from, to, .. } => match (from, to) {
            (Kind::Number | Kind::Bool, Kind::Json) => Additive,
            _ => retyped(*from, *to),
        },
        What::BecameRequired { .. } | What::BecameOptional { .. } => Breaking,
        What::Reordered { mix_ups, .. } | What::Shifted { mix_ups } if !mix_ups.generated.is_empty() => {
            SilentDanger
        }
        What::Reordered { .. } if facts.required_reordered => Breaking,
        What::Reordered { .. } | What::Shifted { .. } => Consequence::None,
    }
}

/// Returns the consequence for bindings in which every argument is positional.
fn positional(what: &What, facts: Facts) -> Consequence {
    match what {
        What::FunctionAdded { .. } => Additive,
        What::FunctionRemoved { .. } | What::FunctionRenamed { .. } => Breaking,
        What::PathChanged { .. } => Consequence::None,
        What::ArgumentAdded { argument, .. } if argument.nullable && facts.at_the_end => Additive,
        What::ArgumentAdded { .. } | What::ArgumentRemoved { .. } => Breaking,
        What::ArgumentRenamed { likeness, .. } => renamed(*likeness),
        What::TypeChanged { from, to, .. } => match (from, to) {
            (Kind::Number | Kind::Bool, Kind::Json | Kind::String) => Additive,
            _ => retyped(*from, *to),
        },
        What::BecameRequired { .. } => Breaking,
        What::BecameOptional { .. } => Additive,
        What::Reordered { mix_ups, .. } | What::Shifted { mix_ups } if !mix_ups.positional.is_empty() => {
            SilentDanger
        }
        What::Reordered { .. } => Breaking,
        What::Shifted { .. } => Consequence::None,
    }
}

/// Returns the consequence of a new name of a positional argument.
fn renamed(likeness: u8) -> Consequence {
    if likeness == 100 {
        Consequence::None
    } else {
        SilentDanger
    }
}

/// Returns the consequence of a type that rejects some of the values of the old type.
fn retyped(from: Kind, to: Kind) -> Consequence {
    match (from, to) {
        // Both types accept a string. A `string` is sent unchanged, a `json` string is sent in quotes.
        (Kind::String, Kind::Json) | (Kind::Json, Kind::String) => SilentDanger,
        _ => Breaking,
    }
}

/// Returns whether programs that were built before the change may fail.
///
/// The behaviour of a server that receives an unknown argument is not documented, so a removed argument counts.
fn breaks_built_programs(what: &What) -> bool {
    match what {
        What::FunctionRemoved { .. }
        | What::FunctionRenamed { .. }
        | What::ArgumentRemoved { .. }
        | What::ArgumentRenamed { .. }
        | What::BecameRequired { .. } => true,
        What::PathChanged { from, to } => !same_path(from.as_deref(), to.as_deref()),
        What::ArgumentAdded { argument, .. } => !argument.nullable,
        // The program sends the same text as before, and the new type accepts it.
        What::TypeChanged {
            from: Kind::Number | Kind::Bool,
            to: Kind::Json | Kind::String,
            ..
        } => false,
        What::TypeChanged { .. } => true,
        What::FunctionAdded { .. }
        | What::BecameOptional { .. }
        | What::Reordered { .. }
        | What::Shifted { .. } => false,
    }
}

/// Returns whether two paths of a dump result in the same address.
pub(super) fn same_path(from: Option<&str>, to: Option<&str>) -> bool {
    from.unwrap_or(DEFAULT_PATH) == to.unwrap_or(DEFAULT_PATH)
}
