//! Nothing in an overlay is there for nothing: what matches no function, and what no function uses, is an error.

use std::collections::BTreeSet;

use super::Input;
use crate::error::{OverlayError, OverlayProblem, nearest};
use crate::model::{Api, TypeDef};
use crate::overlay::Overlay;

/// Checks the overlays against all the dumps they were used with.
pub(crate) fn check_unused<'a>(
    inputs: &[Input<'_>],
    apis: &[Api],
    types: impl Iterator<Item = &'a TypeDef>,
) -> Result<(), OverlayError> {
    let types: BTreeSet<&str> = types.map(|definition| definition.name.as_str()).collect();
    let groups: BTreeSet<&str> = apis
        .iter()
        .flat_map(|api| &api.groups)
        .map(|group| group.module.as_str())
        .collect();
    let mut checked: BTreeSet<*const ()> = BTreeSet::new();
    for overlay in inputs.iter().flat_map(|input| input.overlays) {
        if checked.insert(std::ptr::from_ref(overlay.file()).cast()) {
            check_functions(overlay, inputs)?;
            check_names(overlay, &types, &groups)?;
        }
    }
    Ok(())
}

fn check_functions(overlay: &Overlay, inputs: &[Input<'_>]) -> Result<(), OverlayError> {
    let with: Vec<&Input<'_>> = inputs
        .iter()
        .filter(|input| {
            input
                .overlays
                .iter()
                .any(|other| std::ptr::eq(other.file(), overlay.file()))
        })
        .collect();
    let sources = || {
        with.iter()
            .map(|input| input.source)
            .collect::<Vec<_>>()
            .join(", ")
    };
    for (key, entry) in &overlay.file().functions {
        let name = key.get_ref();
        let functions: Vec<_> = with
            .iter()
            .filter_map(|input| input.dump.function(name))
            .collect();
        if functions.is_empty() {
            let all = with.iter().flat_map(|input| input.dump.functions());
            let nearest = nearest(name, all.map(|function| function.name.as_str()));
            let problem = OverlayProblem::MatchesNothing {
                what: format!("function {name}"),
                where_: sources(),
                nearest,
            };
            return Err(overlay.error(problem, key.span()));
        }
        for key in entry.args.keys() {
            let argument = key.get_ref();
            if !functions
                .iter()
                .any(|function| function.argument(argument).is_some())
            {
                let all = functions.iter().flat_map(|function| &function.arguments);
                let nearest = nearest(argument, all.map(|argument| argument.name.as_str()));
                let what = format!("argument {argument} of function {name}");
                let problem = OverlayProblem::MatchesNothing {
                    what,
                    where_: sources(),
                    nearest,
                };
                return Err(overlay.error(problem, key.span()));
            }
        }
    }
    Ok(())
}

fn check_names(
    overlay: &Overlay,
    types: &BTreeSet<&str>,
    groups: &BTreeSet<&str>,
) -> Result<(), OverlayError> {
    let unused = |what: String, span| Err(overlay.error(OverlayProblem::Unused { what }, span));
    for key in overlay.file().types.keys() {
        if !types.contains(key.get_ref().as_str()) {
            return unused(format!("type {}", key.get_ref()), key.span());
        }
    }
    for key in overlay.file().groups.keys() {
        if !groups.contains(key.get_ref().as_str()) {
            return unused(format!("group {}", key.get_ref()), key.span());
        }
    }
    Ok(())
}
