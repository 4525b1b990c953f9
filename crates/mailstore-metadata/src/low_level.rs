//! The operations every server has and no server lists.

use std::sync::LazyLock;

use crate::function::{Argument, ArgumentKind, Function};

/// One row of [`TABLE`]: a name, and the names and kinds of the arguments.
type Row = (&'static str, &'static [(&'static str, ArgumentKind)]);

/// Signatures from the table that the vendor's PowerShell wrapper adds to the server's answer by hand
/// (documented).
/// None of the arguments is nullable there.
const TABLE: [Row; 3] = [
    ("cancel-async", &[("token", ArgumentKind::String)]),
    ("get-metadata", &[]),
    (
        "get-status",
        &[
            ("token", ArgumentKind::String),
            ("lastKnownStatusVersion", ArgumentKind::Number),
            ("millisecondsTimeout", ArgumentKind::Number),
        ],
    ),
];

/// Where these operations live: beside `api/invoke/`, not below it (documented).
const PATH: &str = "api/";

/// The operations that the answer of `get-metadata` omits: `cancel-async`, `get-metadata` and `get-status`,
/// sorted by name.
///
/// They are the protocol itself rather than functions of the product, so they are constants here and never
/// part of a [`Dump`](crate::Dump).
/// `get-status` asks how a long-running call is getting on and waits up to `millisecondsTimeout`
/// milliseconds for news, `cancel-async` asks the server to stop one.
pub fn low_level() -> &'static [Function] {
    static FUNCTIONS: LazyLock<Vec<Function>> = LazyLock::new(|| TABLE.iter().map(function).collect());
    &FUNCTIONS
}

fn function((name, arguments): &Row) -> Function {
    let arguments = arguments
        .iter()
        .map(|&(name, kind)| Argument {
            name: name.to_owned(),
            kind,
            nullable: false,
        })
        .collect();
    Function {
        name: (*name).to_owned(),
        arguments,
        path: Some(PATH.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name;

    #[test]
    fn signatures_are_those_of_the_wrapper() {
        let listed: Vec<String> = low_level()
            .iter()
            .map(|function| {
                let arguments: Vec<String> = function
                    .arguments
                    .iter()
                    .map(|a| format!("{}: {}{}", a.name, a.kind, if a.nullable { "?" } else { "" }))
                    .collect();
                format!("{}{}({})", function.path(), function.name, arguments.join(", "))
            })
            .collect();
        assert_eq!(
            listed,
            [
                "api/cancel-async(token: string)",
                "api/get-metadata()",
                "api/get-status(token: string, lastKnownStatusVersion: number, millisecondsTimeout: number)",
            ]
        );
    }

    #[test]
    fn names_and_paths_are_ones_a_dump_could_have() {
        for function in low_level() {
            assert_eq!(name::check(&function.name), Ok(()));
            assert_eq!(name::check_path(function.path()), Ok(()));
            for argument in &function.arguments {
                assert_eq!(name::check(&argument.name), Ok(()));
            }
        }
    }
}
