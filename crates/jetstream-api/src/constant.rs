//! Constants of the package of the vendor.

use python_bridge::{Error, Json};

use crate::generated::Client;
use crate::min_cipher::MinCipher;
use crate::overwrite_mode::OverwriteMode;

/// The module of the constants.
const MODULE: &str = "constants";

/// The constants that the documentation of 1.9.0 or 2.9.0 names. Both lists are incomplete.
const NAMES: &[&str] = &[
    "API_VERSION",
    "BUILD_VERSION",
    "DEFAULT_API_PORT",
    "DEFAULT_SERVER_ADDRESS",
    "DEFAULT_TIMEOUT_SECONDS",
    "FILETYPE_DIRECTORY",
    "FILETYPE_REGULAR_FILE",
    "MIN_CIPHER_ENCRYPTED_128",
    "MIN_CIPHER_ENCRYPTED_256",
    "MIN_CIPHER_NONE",
    "MIN_CIPHER_UNENCRYPTED",
    "OVERWRITE_ALWAYS",
    "OVERWRITE_IN_PLACE_ALWAYS",
    "OVERWRITE_IN_PLACE_NEVER",
    "OVERWRITE_IN_PLACE_SAME_SIZE",
    "OVERWRITE_NEVER",
    "OVERWRITE_WITH_PARTFILE_ALWAYS",
    "OVERWRITE_WITH_PARTFILE_BACKUP",
    "OVERWRITE_WITH_PARTFILE_NEVER",
    "TRANSFER_FLAG_NONE",
];

/// The names that the connection may read.
pub(crate) fn names() -> impl Iterator<Item = String> {
    NAMES.iter().map(|name| path(name))
}

fn path(name: &str) -> String {
    format!("{MODULE}.{name}")
}

/// # Constants of the package
///
/// These methods ask the package, so they only accept what the connected version knows. They only read.
impl Client {
    /// Returns a constant of `jetstream.constants`, such as `API_VERSION`.
    ///
    /// # Errors
    /// - [`Missing`](crate::ErrorKind::Missing): the connected version does not have the constant.
    /// - [`Refused`](crate::ErrorKind::Refused): the documentation of 1.9.0 and 2.9.0 does not name the constant.
    pub async fn constant(&self, name: &str) -> Result<Json, Error> {
        self.connection().constant(&path(name)).await
    }

    /// Like [`constant`](Self::constant), but blocks the thread.
    ///
    /// # Errors
    /// Those of [`constant`](Self::constant).
    #[cfg(feature = "blocking")]
    pub fn constant_blocking(&self, name: &str) -> Result<Json, Error> {
        python_bridge::block_on(self.constant(name))
    }

    /// Returns the number that the connected package gives to the mode, for an argument of a call by name.
    ///
    /// # Errors
    /// [`Missing`](crate::ErrorKind::Missing): the connected version does not know the mode.
    pub async fn overwrite_mode(&self, mode: OverwriteMode) -> Result<Json, Error> {
        self.constant(mode.constant()).await
    }

    /// Returns the number that the connected package gives to the cipher, for an argument of a call by name.
    ///
    /// # Errors
    /// [`Missing`](crate::ErrorKind::Missing): the connected version does not know the cipher.
    pub async fn min_cipher(&self, cipher: MinCipher) -> Result<Json, Error> {
        self.constant(cipher.constant()).await
    }

    /// Like [`overwrite_mode`](Self::overwrite_mode), but blocks the thread.
    ///
    /// # Errors
    /// Those of [`overwrite_mode`](Self::overwrite_mode).
    #[cfg(feature = "blocking")]
    pub fn overwrite_mode_blocking(&self, mode: OverwriteMode) -> Result<Json, Error> {
        python_bridge::block_on(self.overwrite_mode(mode))
    }

    /// Like [`min_cipher`](Self::min_cipher), but blocks the thread.
    ///
    /// # Errors
    /// Those of [`min_cipher`](Self::min_cipher).
    #[cfg(feature = "blocking")]
    pub fn min_cipher_blocking(&self, cipher: MinCipher) -> Result<Json, Error> {
        python_bridge::block_on(self.min_cipher(cipher))
    }
}
