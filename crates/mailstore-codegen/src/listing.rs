//! Converts a dump to the input of `clientgen`.

use clientgen::listing::{Argument, ArgumentKind, Function, Listing};
use mailstore_metadata::{self as metadata, Dump};

/// Converts the functions of a dump. `source` is the name of the dump in headers.
pub(crate) fn listing(dump: &Dump, source: &str) -> Listing {
    let functions = dump.functions().iter().map(function).collect();
    Listing::new(source, dump.digest().to_string(), functions)
        .expect("dumps are parsed with the same rules for names and paths")
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
