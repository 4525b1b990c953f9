//! The weakest ciphers that a server accepts.

/// The weakest cipher that a server accepts. The constants are documented for 2.9.
///
/// [`ServerInfo::min_cipher`](crate::ServerInfo) has such a number since 2.7 (documented). No operation is documented to
/// take one. If your package has one, ask for the number with
/// [`Client::min_cipher`](crate::Client::min_cipher), which refuses a cipher that the connected version does not know,
/// and call the operation by name.
///
/// ```
/// use jetstream_api::MinCipher;
///
/// assert_eq!(MinCipher::from_number(2), Some(MinCipher::Encrypted128));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum MinCipher {
    /// `MIN_CIPHER_NONE`: no requirement.
    None,
    /// `MIN_CIPHER_UNENCRYPTED`: data is authenticated, and not encrypted.
    Unencrypted,
    /// `MIN_CIPHER_ENCRYPTED_128`: data is encrypted with a key of 128 bits.
    Encrypted128,
    /// `MIN_CIPHER_ENCRYPTED_256`: data is encrypted with a key of 256 bits.
    Encrypted256,
}

impl MinCipher {
    /// All ciphers, the weakest first.
    pub const ALL: [Self; 4] = [
        Self::None,
        Self::Unencrypted,
        Self::Encrypted128,
        Self::Encrypted256,
    ];

    /// The first version that has ciphers (documented).
    pub const SINCE: &'static str = "2.7";

    /// Returns the cipher with this documented number.
    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|cipher| cipher.number() == number)
    }

    /// Returns the documented number.
    pub const fn number(self) -> i64 {
        match self {
            Self::None => 0,
            Self::Unencrypted => 1,
            Self::Encrypted128 => 2,
            Self::Encrypted256 => 3,
        }
    }

    /// Returns the name of the constant in `jetstream.constants`.
    pub const fn constant(self) -> &'static str {
        match self {
            Self::None => "MIN_CIPHER_NONE",
            Self::Unencrypted => "MIN_CIPHER_UNENCRYPTED",
            Self::Encrypted128 => "MIN_CIPHER_ENCRYPTED_128",
            Self::Encrypted256 => "MIN_CIPHER_ENCRYPTED_256",
        }
    }
}
