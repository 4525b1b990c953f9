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
        overload: None,
        arguments: function.arguments.iter().map(argument).collect(),
        path: function.path().to_owned(),
        since: None,
        by_name_only: false,
        out: Vec::new(),
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
        by_name: false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Dumps come from outside, so the conversion must accept every name and path that a dump may contain.
        #[test]
        fn every_valid_dump_is_a_valid_listing(
            name in "[a-zA-Z0-9_.-]{1,4}|[a-z]{253,256}",
            argument in "[a-zA-Z0-9_.-]{1,4}",
            path in "([a-z0-9_.-]{1,3}/){1,3}",
        ) {
            let text = format!(
                r#"[{{"name":"{name}","path":"{path}","args":[{{"name":"{argument}","type":"string","nullable":true}}]}}]"#
            );
            if let Ok(dump) = Dump::parse("functions.json", text.as_bytes()) {
                let listing = listing(&dump, "functions.json");
                prop_assert_eq!(&listing.functions()[0].path, &path);
                prop_assert!(listing.function(&name).is_some_and(|found| found.argument(&argument).is_some()));
            }
        }
    }
}
