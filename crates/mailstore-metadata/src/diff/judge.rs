//! The consequences of each change.
//!
//! A generated client takes a text as `&str`, a number as `i64`, a truth value as `bool` and JSON as anything that
//! serialises. A hand-written overlay may narrow a type further, and its types turn some of what is called a silent
//! danger here into an error of the compiler; a dump does not know that.

use super::change::{Change, What};
use super::consequence::Consequence::{self, Additive, Breaking, SilentDanger};
use crate::function::{ArgumentKind as Kind, DEFAULT_PATH};

/// What the consequences of a change depend on besides the change itself.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Facts {
    /// Whether required arguments that are kept stand in another order.
    pub(super) required_reordered: bool,
    /// Whether an added argument comes behind all that are kept.
    pub(super) at_the_end: bool,
}

/// The change of a function with its consequences.
pub(super) fn judge(function: &str, what: What, facts: Facts) -> Change {
    Change {
        function: function.to_owned(),
        generated: generated(&what, facts),
        positional: positional(&what, facts),
        breaks_built_programs: breaks_built_programs(&what),
        what,
    }
}

/// For code that is compiled against a newly generated client.
fn generated(what: &What, facts: Facts) -> Consequence {
    match what {
        What::FunctionAdded { .. } => Additive,
        What::FunctionRemoved { .. } | What::FunctionRenamed { .. } => Breaking,
        What::PathChanged { .. } => Consequence::None,
        What::ArgumentAdded { argument, .. } if argument.nullable => Additive,
        What::ArgumentAdded { .. } | What::ArgumentRemoved { .. } => Breaking,
        // A parameter has no name in a call. Whether the new one means the same is a guess.
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

/// For bindings in which every argument is positional.
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

/// A positional argument with another name.
fn renamed(likeness: u8) -> Consequence {
    if likeness == 100 {
        Consequence::None
    } else {
        SilentDanger
    }
}

/// A type that does not take all that the old one took.
fn retyped(from: Kind, to: Kind) -> Consequence {
    match (from, to) {
        // A text fits both. One sends it as it is, the other in quotes.
        (Kind::String, Kind::Json) | (Kind::Json, Kind::String) => SilentDanger,
        _ => Breaking,
    }
}

/// For programs that were built before.
///
/// What a server does with an argument that it does not know is not documented, so a removed one counts.
fn breaks_built_programs(what: &What) -> bool {
    match what {
        What::FunctionRemoved { .. }
        | What::FunctionRenamed { .. }
        | What::ArgumentRemoved { .. }
        | What::ArgumentRenamed { .. }
        | What::BecameRequired { .. } => true,
        What::PathChanged { from, to } => !same_path(from.as_deref(), to.as_deref()),
        What::ArgumentAdded { argument, .. } => !argument.nullable,
        // The same text is sent as before, and is one of the new type.
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

/// Whether two paths of a dump lead to the same address.
pub(super) fn same_path(from: Option<&str>, to: Option<&str>) -> bool {
    from.unwrap_or(DEFAULT_PATH) == to.unwrap_or(DEFAULT_PATH)
}
