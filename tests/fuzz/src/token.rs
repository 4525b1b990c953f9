//! Saved status tokens.

use mailstore_api::StatusToken;

use crate::shown::assert_shown;

/// Reads a saved token. A valid one is saved and read again without a change. Returns whether the input is valid.
///
/// # Panics
/// If that does not hold.
pub fn token(bytes: &[u8]) -> bool {
    match serde_json::from_slice::<StatusToken>(bytes) {
        Ok(token) => {
            let saved = serde_json::to_vec(&token).expect("a token can be saved");
            let again: StatusToken = serde_json::from_slice(&saved).expect("a saved token is valid");
            assert_eq!(token, again);
            true
        }
        Err(error) => {
            assert_shown(&error);
            false
        }
    }
}
