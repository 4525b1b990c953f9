//! The operations that every server has and that no function list contains.

use std::sync::LazyLock;

use crate::function::{Argument, ArgumentKind, Function};

/// One row of [`TABLE`]: the name of an operation, and the names and kinds of its arguments.
type Row = (&'static str, &'static [(&'static str, ArgumentKind)]);

/// The signatures that the vendor's PowerShell wrapper adds to the response of the server (documented). None of the
/// arguments is nullable there.
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

/// The path of these operations: beside `api/invoke/`, not below it (documented).
const PATH: &str = "api/";

/// Returns the operations that the response of `get-metadata` omits: `cancel-async`, `get-metadata` and `get-status`,
/// sorted by name.
///
/// They belong to the protocol and not to the product, so they are constants here and never part of a
/// [`Dump`](crate::Dump). `get-status` requests the status of a running call and waits up to `millisecondsTimeout`
/// milliseconds for news. `cancel-async` requests the cancellation of a running call.
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
    fn signatures_match_the_wrapper() {
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
    fn names_and_paths_are_valid_in_a_dump() {
        for function in low_level() {
            assert_eq!(name::check(&function.name), Ok(()));
            assert_eq!(name::check_path(function.path()), Ok(()));
            for argument in &function.arguments {
                assert_eq!(name::check(&argument.name), Ok(()));
            }
        }
    }
}
