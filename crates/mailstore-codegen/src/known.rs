//! Contains the publicly known facts about the APIs, for programs that generate a separate client.

use mailstore_metadata::{Dump, Edition};

use crate::error::OverlayError;
use crate::overlay::{Overlay, Overlays, Said};

const COMMON: (&str, &str) = ("common.toml", include_str!("known/common.toml"));
const SERVER: (&str, &str) = ("server.toml", include_str!("known/server.toml"));
const SERVER_24: (&str, &str) = ("server-24.toml", include_str!("known/server-24.toml"));
const SPE: (&str, &str) = ("spe.toml", include_str!("known/spe.toml"));

/// Returns the publicly known facts about an edition: the overlays from which `mailstore-api` is generated.
///
/// They give way to the dump and to your own overlays, see [`Overlay::giving_way`]. Their types need the crate
/// `mailstore-types`.
pub fn known_overlays(edition: Edition) -> Vec<Overlay> {
    let files: &[(&str, &str)] = match edition {
        Edition::Server => &[SERVER_24, SERVER, COMMON],
        Edition::Spe => &[SPE, COMMON],
    };
    let overlays = files.iter().map(|(name, text)| Overlay::parse(name, text));
    let overlays = overlays.collect::<Result<Vec<Overlay>, OverlayError>>();
    let overlays = overlays.expect("the tests parse every overlay of this crate");
    overlays.into_iter().map(Overlay::giving_way).collect()
}

/// Sentences about entries that the dump overrides: functions and arguments that the dump does not have, and arguments
/// with another type in the dump.
///
/// Editions share overlays, so functions that only the other edition has are not mentioned.
pub(crate) fn gave_way(overlays: &[Overlay], edition: Edition, dump: &Dump) -> Vec<String> {
    let (mut functions, mut arguments) = (Vec::new(), Vec::new());
    for overlay in overlays.iter().filter(|overlay| overlay.gives_way()) {
        for (name, entry) in &overlay.file().functions {
            let name = name.get_ref().as_str();
            let Some(function) = dump.function(name) else {
                if Edition::of_functions([(name, false)]).is_none_or(|of| of == edition) {
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
