//! An overlay of a MailStore API.

use std::fmt;

use clientgen::OverlayError;

use crate::target::TARGET;

/// An overlay: a hand-written TOML file with facts that a dump lacks.
#[derive(Clone)]
pub struct Overlay(clientgen::Overlay);

impl Overlay {
    /// Parses an overlay. Errors contain `name`, such as its path.
    ///
    /// # Errors
    /// The text is not valid TOML, has unknown members, lacks required members, or contains names that Rust cannot use.
    /// Whether the overlay matches a dump is checked when it is used.
    pub fn parse(name: &str, text: &str) -> Result<Self, OverlayError> {
        clientgen::Overlay::parse(&TARGET, name, text).map(Self)
    }

    /// Makes the overlay give way to the dump and to other overlays. Entries for items that the dump does not have are
    /// ignored, and so are argument types that contradict the dump. If another overlay states the same fact, that
    /// overlay is used.
    ///
    /// Use it for facts about another version of the server than that of the dump.
    pub fn giving_way(self) -> Self {
        Self(self.0.giving_way())
    }

    /// Converts overlays for `clientgen`.
    pub(crate) fn neutral(overlays: &[Self]) -> Vec<clientgen::Overlay> {
        overlays.iter().map(|overlay| overlay.0.clone()).collect()
    }
}

impl fmt::Debug for Overlay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
