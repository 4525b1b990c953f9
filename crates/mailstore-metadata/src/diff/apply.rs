//! Applies changes to an old dump.

use std::collections::{BTreeMap, HashMap};

use super::change::{Change, What};
use crate::function::{Argument, Function};

/// Returns the functions after the changes. `changes` must be the changes from these functions to others.
pub(super) fn apply(functions: &[Function], changes: &[Change]) -> Vec<Function> {
    let named = |function: &Function| (function.name.clone(), function.clone());
    let mut functions: BTreeMap<String, Function> = functions.iter().map(named).collect();
    // Renames functions first, because the other changes refer to functions by their new names.
    for change in changes {
        let name = &change.function;
        match &change.what {
            What::FunctionAdded { signature } => {
                functions.insert(name.clone(), signature.clone());
            }
            What::FunctionRemoved { .. } => {
                functions.remove(name);
            }
            What::FunctionRenamed { from, .. } => {
                if let Some(mut function) = functions.remove(from) {
                    function.name.clone_from(name);
                    functions.insert(name.clone(), function);
                }
            }
            _ => {}
        }
    }
    for change in changes {
        if let Some(function) = functions.get_mut(&change.function) {
            alter(function, &change.what);
        }
    }
    functions.into_values().collect()
}

/// The changes of one function are listed in an order in which they can be applied: first removals, renames and
/// changed types, then additions in ascending order of position, then the new order.
fn alter(function: &mut Function, what: &What) {
    let arguments = &mut function.arguments;
    match what {
        What::PathChanged { to, .. } => function.path.clone_from(to),
        What::ArgumentAdded { argument, place, .. } => {
            let index = place.saturating_sub(1).min(arguments.len());
            arguments.insert(index, argument.clone());
        }
        What::ArgumentRemoved { argument, .. } => arguments.retain(|other| other.name != argument.name),
        What::ArgumentRenamed { from, to, .. } => {
            alter_argument(arguments, from, |argument| argument.name.clone_from(to));
        }
        What::TypeChanged { argument, to, .. } => {
            alter_argument(arguments, argument, |argument| argument.kind = *to);
        }
        What::BecameRequired { argument, .. } => {
            alter_argument(arguments, argument, |argument| argument.nullable = false);
        }
        What::BecameOptional { argument } => {
            alter_argument(arguments, argument, |argument| argument.nullable = true);
        }
        What::Reordered { order, .. } => {
            let places = order.iter().enumerate();
            let places: HashMap<&String, usize> = places.map(|(place, name)| (name, place)).collect();
            arguments.sort_by_key(|argument| places.get(&argument.name).copied());
        }
        What::FunctionAdded { .. }
        | What::FunctionRemoved { .. }
        | What::FunctionRenamed { .. }
        | What::Shifted { .. } => {}
    }
}

fn alter_argument(arguments: &mut [Argument], name: &str, change: impl FnOnce(&mut Argument)) {
    if let Some(argument) = arguments.iter_mut().find(|argument| argument.name == name) {
        change(argument);
    }
}
