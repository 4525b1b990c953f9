//! Digests as text.

use sha2::{Digest as _, Sha256};

/// Returns the SHA-256 of bytes as hexadecimal digits.
pub(super) fn hex_digest(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
