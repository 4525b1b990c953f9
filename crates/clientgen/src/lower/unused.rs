//! Reports overlay entries that match no function and definitions that nothing uses.

use std::collections::BTreeSet;
use std::ops::Range;

use super::Input;
use super::function::is_handle_argument;
use crate::error::{OverlayError, OverlayProblem, nearest};
use crate::listing::Function;
use crate::model::{Api, TypeDef};
use crate::overlay::Overlay;
use crate::overlay::file::{FunctionEntry, Key};

/// Checks each overlay against all dumps with which it is used.
pub(crate) fn check_unused<'a>(
    inputs: &[Input<'_>],
    apis: &[Api],
    types: impl Iterator<Item = &'a TypeDef>,
) -> Result<(), OverlayError> {
    let types: BTreeSet<&str> = types.map(|definition| definition.name.as_str()).collect();
    let groups = apis.iter().flat_map(|api| &api.groups);
    let groups: BTreeSet<&str> = groups.map(|group| group.module.as_str()).collect();
    let mut checked: Vec<&Overlay> = Vec::new();
    for overlay in inputs.iter().flat_map(|input| input.overlays) {
        if overlay.gives_way() || checked.iter().any(|other| other.is(overlay)) {
            continue;
        }
        checked.push(overlay);
        let used_with = |input: &&Input<'_>| input.overlays.iter().any(|other| other.is(overlay));
        let inputs = inputs.iter().filter(used_with).collect();
        let check = Check { overlay, inputs };
        check.handle()?;
        check.functions()?;
        check.all_used("type", overlay.file().types.keys(), &types)?;
        check.all_used("group", overlay.file().groups.keys(), &groups)?;
    }
    Ok(())
}

/// An overlay and the inputs with which it is used.
struct Check<'a> {
    overlay: &'a Overlay,
    inputs: Vec<&'a Input<'a>>,
}

impl<'a> Check<'a> {
    fn handle(&self) -> Result<(), OverlayError> {
        let surface = self.overlay.file().surface.as_ref();
        let Some(handle) = surface.and_then(|surface| surface.handle.as_ref()) else {
            return Ok(());
        };
        let mut arguments = self.functions_of_dumps().flat_map(|function| &function.arguments);
        let required: Vec<&str> = arguments
            .by_ref()
            .filter(|argument| is_handle_argument(argument))
            .map(|argument| argument.name.as_str())
            .collect();
        let name = handle.argument.get_ref();
        if required.contains(&name.as_str()) {
            return Ok(());
        }
        let what = format!("the required argument {name} of the handle");
        self.matches_nothing(what, name, required.into_iter(), handle.argument.span())
    }

    fn functions(&self) -> Result<(), OverlayError> {
        for (key, entry) in &self.overlay.file().functions {
            let name = key.get_ref();
            let functions: Vec<&Function> = self
                .inputs
                .iter()
                .filter_map(|input| input.listing.function(name))
                .collect();
            if functions.is_empty() {
                let names = self.functions_of_dumps().map(Function::key);
                return self.matches_nothing(format!("function {name}"), name, names, key.span());
            }
            self.arguments(name, entry, &functions)?;
        }
        Ok(())
    }

    fn arguments(
        &self,
        function: &str,
        entry: &FunctionEntry,
        found: &[&Function],
    ) -> Result<(), OverlayError> {
        for key in entry.args.keys() {
            let name = key.get_ref();
            if found.iter().all(|function| function.argument(name).is_none()) {
                let names = found.iter().flat_map(|function| &function.arguments);
                let names = names.map(|argument| argument.name.as_str());
                let what = format!("argument {name} of function {function}");
                return self.matches_nothing(what, name, names, key.span());
            }
        }
        for entry in entry.combine.values() {
            for name in &entry.arguments {
                if found
                    .iter()
                    .all(|function| function.argument(name.get_ref()).is_none())
                {
                    let names = found.iter().flat_map(|function| &function.arguments);
                    let names = names.map(|argument| argument.name.as_str());
                    let what = format!("argument {} of function {function}", name.get_ref());
                    return self.matches_nothing(what, name.get_ref(), names, name.span());
                }
            }
        }
        Ok(())
    }

    fn all_used<'k>(
        &self,
        kind: &str,
        mut keys: impl Iterator<Item = &'k Key>,
        used: &BTreeSet<&str>,
    ) -> Result<(), OverlayError> {
        match keys.find(|key| !used.contains(key.get_ref().as_str())) {
            None => Ok(()),
            Some(key) => {
                let what = format!("{kind} {}", key.get_ref());
                Err(self.overlay.error(OverlayProblem::Unused { what }, key.span()))
            }
        }
    }

    fn functions_of_dumps(&self) -> impl Iterator<Item = &'a Function> {
        self.inputs.iter().flat_map(|input| input.listing.functions())
    }

    fn matches_nothing<'n>(
        &self,
        what: String,
        name: &str,
        names: impl Iterator<Item = &'n str>,
        span: Range<usize>,
    ) -> Result<(), OverlayError> {
        let sources: Vec<&str> = self.inputs.iter().map(|input| input.listing.source()).collect();
        let (where_, nearest) = (sources.join(", "), nearest(name, names));
        Err(self.overlay.error(
            OverlayProblem::MatchesNothing {
                what,
                where_,
                nearest,
            },
            span,
        ))
    }
}
