//! Contains the publicly known facts about the APIs, for programs that generate a separate client.

use clientgen::OverlayError;
use mailstore_metadata::Edition;

use crate::overlay::Overlay;

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
