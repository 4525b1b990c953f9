//! The proofs with which a client and a host program show each other that they know the same token.

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretSlice};
use sha2::Sha256;

use crate::error::Error;

/// Bytes of a token and of a nonce.
const LENGTH: usize = 32;

/// The token that both sides know.
pub(crate) struct Token(SecretSlice<u8>);

/// Who proves that it knows the token.
#[derive(Clone, Copy)]
pub(crate) enum Side {
    Client,
    Server,
}

impl Token {
    /// Reads a token of 64 hexadecimal digits.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = unhex(text.trim())?;
        (bytes.len() == LENGTH).then(|| Self(bytes.into()))
    }

    fn mac(&self, side: Side, client_nonce: &str, server_nonce: &str) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.expose_secret()).ok()?;
        mac.update(match side {
            Side::Client => b"client",
            Side::Server => b"server",
        });
        mac.update(client_nonce.as_bytes());
        mac.update(server_nonce.as_bytes());
        Some(mac)
    }

    /// Returns the proof as hexadecimal digits.
    pub(crate) fn proof(&self, side: Side, client_nonce: &str, server_nonce: &str) -> Option<String> {
        let mac = self.mac(side, client_nonce, server_nonce)?;
        Some(hex(&mac.finalize().into_bytes()))
    }

    /// Verifies a proof in constant time.
    pub(crate) fn verifies(&self, proof: &str, side: Side, client_nonce: &str, server_nonce: &str) -> bool {
        let mac = self.mac(side, client_nonce, server_nonce);
        match (mac, unhex(proof)) {
            (Some(mac), Some(proof)) => mac.verify_slice(&proof).is_ok(),
            _ => false,
        }
    }
}

/// Returns a random nonce as hexadecimal digits.
///
/// # Errors
/// The system has no random numbers.
pub(crate) fn nonce() -> Result<String, Error> {
    let mut bytes = [0; LENGTH];
    getrandom::fill(&mut bytes)
        .map_err(|error| Error::start(format!("the system has no random numbers: {error}")))?;
    Ok(hex(&bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text
        .chars()
        .map(|digit| digit.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    let pairs = digits.chunks(2);
    pairs
        .map(|pair| match pair {
            [high, low] => Some(high << 4 | low),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proofs_are_those_of_the_python_side() {
        let token = Token::parse(&format!("{}\n", "0f".repeat(32))).unwrap();
        // `hmac.new(bytes([15] * 32), b"server" + b"a" * 64 + b"b" * 32, "sha256").hexdigest()`
        let proof = "06d555e1a58d349a0cc8b1be4ce1a500bc2d87b88ec05156f2257bbdb12ad852";
        let (own, other) = ("a".repeat(64), "b".repeat(32));
        assert_eq!(token.proof(Side::Server, &own, &other).unwrap(), proof);
        assert!(token.verifies(proof, Side::Server, &own, &other));
        assert!(!token.verifies(proof, Side::Client, &own, &other));
        assert!(!token.verifies(proof, Side::Server, &other, &own));
        for wrong in ["", "zz", "0", "00", &proof.replace('e', "f")] {
            assert!(!token.verifies(wrong, Side::Server, &own, &other), "{wrong}");
        }
    }

    #[test]
    fn a_token_has_64_hexadecimal_digits() {
        for wrong in [
            String::new(),
            "0f".repeat(31),
            "0f".repeat(33),
            "0g".repeat(32),
            "\u{e4}".repeat(32),
        ] {
            assert!(Token::parse(&wrong).is_none(), "{wrong}");
        }
        assert_ne!(nonce().unwrap(), nonce().unwrap());
        assert_eq!(nonce().unwrap().len(), 64);
    }
}
