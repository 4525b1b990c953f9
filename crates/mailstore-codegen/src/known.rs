//! What is publicly known of the APIs, for programs that generate a client of their own.

use crate::error::OverlayError;
use crate::overlay::Overlay;

/// An edition of MailStore of which something is known beyond what its dump says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edition {
    /// MailStore Server: the Administration API.
    Server,
    /// MailStore Service Provider Edition: the Management API.
    Spe,
}

const COMMON: (&str, &str) = ("common.toml", include_str!("known/common.toml"));
const SERVER: (&str, &str) = ("server.toml", include_str!("known/server.toml"));
const SERVER_24: (&str, &str) = ("server-24.toml", include_str!("known/server-24.toml"));
const SPE: (&str, &str) = ("spe.toml", include_str!("known/spe.toml"));

impl Edition {
    /// The overlays that `mailstore-api` is generated with. They give way to the dump and to your own, see
    /// [`Overlay::giving_way`]. Their types need the crate `mailstore-types`.
    pub fn overlays(self) -> Vec<Overlay> {
        let files: &[(&str, &str)] = match self {
            Self::Server => &[SERVER_24, SERVER, COMMON],
            Self::Spe => &[SPE, COMMON],
        };
        let overlays = files.iter().map(|(name, text)| Overlay::parse(name, text));
        let overlays = overlays.collect::<Result<Vec<Overlay>, OverlayError>>();
        let overlays = overlays.expect("the tests read every overlay of this crate");
        overlays.into_iter().map(Overlay::giving_way).collect()
    }
}
