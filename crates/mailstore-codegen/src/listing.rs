//! A dump as the generator takes it.

use clientgen::listing::{Argument, ArgumentKind, Function, Listing};
use mailstore_metadata::{self as metadata, Dump};

/// The functions of a dump. `source` is what headers call it.
pub(crate) fn listing(dump: &Dump, source: &str) -> Listing {
    let functions = dump.functions().iter().map(function).collect();
    Listing::new(source, dump.digest().to_string(), functions)
        .expect("a dump has checked its names and paths by the same rules")
}

fn function(function: &metadata::Function) -> Function {
    Function {
        name: function.name.clone(),
        arguments: function.arguments.iter().map(argument).collect(),
        path: function.path().to_owned(),
    }
}

fn argument(argument: &metadata::Argument) -> Argument {
    Argument {
        name: argument.name.clone(),
        kind: match argument.kind {
            metadata::ArgumentKind::String => ArgumentKind::String,
            metadata::ArgumentKind::Number => ArgumentKind::Number,
            metadata::ArgumentKind::Bool => ArgumentKind::Bool,
            metadata::ArgumentKind::Json => ArgumentKind::Json,
        },
        nullable: argument.nullable,
        default: None,
    }
}
