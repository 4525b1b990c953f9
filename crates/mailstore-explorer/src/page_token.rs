//! The token that only the opened page knows.

use std::fmt;

use subtle::ConstantTimeEq as _;

/// The token that only the opened page knows. A server creates a new one at each start.
#[derive(Clone)]
pub(crate) struct PageToken(String);

impl PageToken {
    /// The number of random bytes.
    const BYTES: usize = 32;

    /// Creates a token from the random numbers of the system.
    pub(crate) fn random() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; Self::BYTES];
        getrandom::fill(&mut bytes)?;
        Ok(Self(bytes.iter().map(|byte| format!("{byte:02x}")).collect()))
    }

    /// Returns whether a request has this token. The time does not depend on the number of equal bytes.
    pub(crate) fn matches(&self, given: &[u8]) -> bool {
        self.0.as_bytes().ct_eq(given).into()
    }

    /// Returns the text for the fragment of the address.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

/// Does not show the token.
impl fmt::Debug for PageToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PageToken")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_token_matches() {
        let token = PageToken::random().unwrap();
        let other = PageToken::random().unwrap();
        assert!(token.matches(token.expose().as_bytes()));
        assert!(!token.matches(other.expose().as_bytes()));
        assert!(!token.matches(b"") && !token.matches(&token.expose().as_bytes()[1..]));
    }

    #[test]
    fn debug_does_not_show_the_token() {
        let token = PageToken::random().unwrap();
        assert!(!format!("{token:?}").contains(token.expose()));
    }
}
