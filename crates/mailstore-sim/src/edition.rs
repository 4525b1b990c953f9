//! The two products that speak the protocol.

use std::fmt;
use std::str::FromStr;

/// Which product is simulated. The wire is the same for both; functions, world and one authentication rule differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Edition {
    /// MailStore Server with its Administration API: one archive, no `instanceID`.
    Server,
    /// The MailStore Service Provider Edition with its Management API: many instances on several machines.
    Spe,
}

impl Edition {
    /// The word for this edition on the command line: `server` or `spe`.
    pub fn as_str(self) -> &'static str {
        match self {
            Edition::Server => "server",
            Edition::Spe => "spe",
        }
    }
}

impl fmt::Display for Edition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Edition {
    type Err = UnknownEdition;

    /// Takes `server` or `spe`, in any case.
    fn from_str(word: &str) -> Result<Edition, UnknownEdition> {
        [Edition::Server, Edition::Spe]
            .into_iter()
            .find(|edition| edition.as_str().eq_ignore_ascii_case(word))
            .ok_or_else(|| UnknownEdition(word.to_owned()))
    }
}

/// A word that names no edition.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an edition; write `server` or `spe`")]
pub struct UnknownEdition(String);
