//! The kinds of requests to which a rule can apply.

use std::fmt;
use std::str::FromStr;

use super::WrongRule;

/// The requests to which a [`Rule`](crate::Rule) applies.
///
/// Rules apply only to authenticated requests with a valid path, so a fault never hides wrong credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Phase {
    /// A new connection, before the TLS handshake.
    Connect,
    /// A call of a function: `api/invoke/<Function>`.
    Start,
    /// `api/get-status`.
    Poll,
    /// `api/cancel-async`.
    Cancel,
    /// `api/get-metadata`.
    Metadata,
}

impl Phase {
    pub(crate) const ALL: [Phase; 5] = [
        Phase::Connect,
        Phase::Start,
        Phase::Poll,
        Phase::Cancel,
        Phase::Metadata,
    ];

    /// Returns the word for this phase in a rule: `connect`, `start`, `poll`, `cancel` or `metadata`.
    pub fn as_str(self) -> &'static str {
        match self {
            Phase::Connect => "connect",
            Phase::Start => "start",
            Phase::Poll => "poll",
            Phase::Cancel => "cancel",
            Phase::Metadata => "metadata",
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Phase {
    type Err = WrongRule;

    fn from_str(word: &str) -> Result<Phase, WrongRule> {
        let found = Phase::ALL.into_iter().find(|phase| phase.as_str() == word);
        found.ok_or_else(|| {
            WrongRule::new(
                word,
                "is not a phase; write connect, start, poll, cancel or metadata",
            )
        })
    }
}
