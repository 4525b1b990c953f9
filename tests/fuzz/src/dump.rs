//! Function lists.

use mailstore_metadata::Dump;

use crate::shown::assert_shown;

/// Parses a function list. A valid one has a canonical form, which is parsed to the same functions. Returns whether the input is valid.
///
/// # Panics
/// If that does not hold.
pub fn dump(bytes: &[u8]) -> bool {
    match Dump::parse("fuzz.json", bytes) {
        Ok(dump) => {
            let canonical = dump.canonical();
            let again = Dump::parse("canonical.json", canonical.as_bytes());
            let again = again.expect("the canonical form is valid");
            assert_eq!(dump.digest(), again.digest());
            assert_eq!(dump.functions(), again.functions());
            assert_eq!(canonical, again.canonical());
            true
        }
        Err(error) => {
            assert_shown(&error);
            false
        }
    }
}
