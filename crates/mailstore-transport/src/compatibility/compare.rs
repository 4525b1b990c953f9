//! Compares the catalog of a program with the function list of a server.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use mailstore_metadata::diff::{Change as Difference, What};
use mailstore_metadata::{Argument as ListedArgument, Diff, Dump, Function as Listed, Known};

use crate::change::{Change, ChangeKind, Impact};
use crate::error::Error;
use crate::function::{Argument, ArgumentKind, Function, Surface};

type Finding = (ChangeKind, Impact);

/// Returns the differences of the functions in the catalog, sorted by function and impact, and the functions that only
/// the server has.
pub(super) fn compare(
    surface: &'static Surface,
    server: &Known,
) -> Result<(Vec<Change>, Vec<String>), Error> {
    let program = Known::from(program(surface)?);
    let diff = Diff::between_known(&program, server);
    let mut changes = Vec::new();
    let mut added = BTreeSet::new();
    for difference in diff.changes() {
        let name = difference.function.as_str();
        match (
            &difference.what,
            surface.function(name),
            server.dump.function(name),
        ) {
            (What::FunctionAdded { .. }, ..) => _ = added.insert(name.to_owned()),
            (What::FunctionRemoved { .. }, Some(function), _) => changes.push(missing(function, None)),
            (What::FunctionRenamed { from, .. }, ..) => {
                added.insert(name.to_owned());
                changes.extend(
                    surface
                        .function(from)
                        .map(|function| missing(function, Some(name))),
                );
            }
            (_, Some(function), Some(listed)) => {
                let findings = altered(function, listed, difference);
                changes.extend(findings.map(|(kind, impact)| change(function, kind, impact)));
            }
            // Other differences of a function under another name, which the program does not call.
            _ => {}
        }
    }
    for left_out in diff.not_compared() {
        let kind = ChangeKind::UnknownType {
            argument: left_out.argument.clone(),
            word: left_out.word.clone(),
        };
        match surface.function(&left_out.function) {
            Some(function) => changes.push(change(function, kind, Impact::SomeCalls)),
            None => _ = added.insert(left_out.function.clone()),
        }
    }
    changes.sort_by_key(|change| (change.function, Reverse(change.impact)));
    Ok((changes, added.into_iter().collect()))
}

/// The catalog as a function list.
fn program(surface: &Surface) -> Result<Dump, Error> {
    let argument = |argument: &Argument| ListedArgument {
        name: argument.name.to_owned(),
        kind: argument.kind,
        nullable: argument.nullable,
    };
    let functions = surface.functions.iter().map(|function| Listed {
        name: function.name.to_owned(),
        arguments: function.arguments.iter().map(argument).collect(),
        path: Some(function.path.to_owned()),
    });
    Dump::from_functions(functions.collect()).map_err(|problem| {
        Error::configuration(format!("the catalog of this program is unusable: {problem}"))
    })
}

fn change(function: &Function, kind: ChangeKind, impact: Impact) -> Change {
    Change {
        function: function.name,
        kind,
        impact,
    }
}

fn missing(function: &Function, perhaps: Option<&str>) -> Change {
    let perhaps = perhaps.map(str::to_owned);
    change(function, ChangeKind::Missing { perhaps }, Impact::EveryCall)
}

/// Returns the effect on calls of a difference in a function that both have. A different order has no effect.
fn altered(
    function: &'static Function,
    listed: &Listed,
    difference: &Difference,
) -> impl Iterator<Item = Finding> {
    let breaks = difference.breaks_built_programs;
    let own = |name: &str| function.argument(name);
    // Other differences of an argument that was probably renamed have its new name, which the program does not have.
    // They are reported with the new argument.
    let (one, another) = match &difference.what {
        // An explicit default path is not a change.
        What::PathChanged { .. } if breaks => (Some(path_changed(function, listed)), None),
        What::ArgumentAdded { argument, .. } => (Some(argument_added(argument)), None),
        What::ArgumentRemoved { argument, .. } => {
            (own(&argument.name).map(|own| argument_missing(own, None)), None)
        }
        What::ArgumentRenamed { from, to, .. } => (
            own(from).map(|own| argument_missing(own, Some(to))),
            listed.argument(to).map(argument_added),
        ),
        What::TypeChanged { argument, to, .. } => (own(argument).map(|own| retyped(own, *to, breaks)), None),
        What::BecameRequired { argument, .. } => (own(argument).map(became_required), None),
        What::BecameOptional { argument } => (own(argument).map(became_optional), None),
        _ => (None, None),
    };
    one.into_iter().chain(another)
}

fn path_changed(function: &Function, listed: &Listed) -> Finding {
    let (from, to) = (function.path, listed.path().to_owned());
    (ChangeKind::PathChanged { from, to }, Impact::EveryCall)
}

fn argument_added(argument: &ListedArgument) -> Finding {
    let required = !argument.nullable;
    let kind = ChangeKind::ArgumentAdded {
        argument: argument.name.clone(),
        kind: argument.kind,
        required,
    };
    let impact = if required { Impact::EveryCall } else { Impact::None };
    (kind, impact)
}

fn argument_missing(argument: &Argument, perhaps: Option<&String>) -> Finding {
    let kind = ChangeKind::ArgumentMissing {
        argument: argument.name,
        required: !argument.nullable,
        perhaps: perhaps.cloned(),
    };
    (kind, impact_of_giving(argument))
}

fn retyped(argument: &Argument, to: ArgumentKind, breaks: bool) -> Finding {
    let kind = ChangeKind::TypeChanged {
        argument: argument.name,
        from: argument.kind,
        to,
    };
    let impact = if breaks {
        impact_of_giving(argument)
    } else {
        Impact::None
    };
    (kind, impact)
}

fn became_required(argument: &Argument) -> Finding {
    let argument = argument.name;
    (ChangeKind::BecameRequired { argument }, Impact::SomeCalls)
}

fn became_optional(argument: &Argument) -> Finding {
    let argument = argument.name;
    (ChangeKind::BecameOptional { argument }, Impact::None)
}

/// Returns the impact if calls that send the argument fail.
fn impact_of_giving(argument: &Argument) -> Impact {
    if argument.nullable {
        Impact::SomeCalls
    } else {
        Impact::EveryCall
    }
}
