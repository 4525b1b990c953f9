//! Where overlays of another version than the function list give way to it.

use crate::listing::Listing;
use crate::overlay::{Overlay, Overlays, Said};

/// Returns sentences about entries that the function list overrides: functions and arguments that it does not have, and
/// arguments that it has with another type. Only overlays that give way are considered.
///
/// Editions may share overlays. A missing function is mentioned if `is_expected` returns true for its name.
pub fn gave_way(overlays: &[Overlay], listing: &Listing, is_expected: impl Fn(&str) -> bool) -> Vec<String> {
    let (mut functions, mut arguments) = (Vec::new(), Vec::new());
    for overlay in overlays.iter().filter(|overlay| overlay.gives_way()) {
        for (name, entry) in &overlay.file().functions {
            let name = name.get_ref().as_str();
            let Some(function) = listing.function(name) else {
                if is_expected(name) {
                    functions.push(name.to_owned());
                }
                continue;
            };
            for (argument, said) in &entry.args {
                let argument = argument.get_ref().as_str();
                let of_said = Said {
                    what: &said.ty,
                    overlay,
                };
                let fits = function
                    .argument(argument)
                    .is_some_and(|argument| Overlays(overlays).argument_type(of_said, argument.kind).is_ok());
                if !fits {
                    arguments.push(format!("{argument} of {name}"));
                }
            }
        }
    }
    let sentence = |what: &str, names: Vec<String>| {
        let rest = names.len().saturating_sub(MOST_NAMES);
        let shown = names[..names.len() - rest].join(", ");
        let rest = if rest == 0 {
            String::new()
        } else {
            format!(" and {rest} more")
        };
        (!names.is_empty())
            .then(|| format!("the dump and the known facts are of different versions: {what} {shown}{rest}"))
    };
    [
        sentence("the dump does not have the functions", functions),
        sentence(
            "the dump does not have these arguments, or has them with another type:",
            arguments,
        ),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The maximum number of names in a sentence.
const MOST_NAMES: usize = 5;
