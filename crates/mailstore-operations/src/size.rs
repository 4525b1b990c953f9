//! The size of an archive.

use serde::{Deserialize, Serialize};

/// A size in bytes.
///
/// The Service Provider Edition counts sizes in megabytes of 1,048,576 bytes, and MailStore Server in bytes.
/// [`from_mb`](Self::from_mb) and [`from_bytes`](Self::from_bytes) make both comparable.
///
/// ```
/// use mailstore_operations::Size;
///
/// assert_eq!(Size::from_mb(2), Size::from_bytes(2_097_152));
/// ```
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct Size(i64);

impl Size {
    /// Creates a size from bytes.
    pub fn from_bytes(bytes: i64) -> Self {
        Self(bytes)
    }

    /// Creates a size from megabytes. A size that is too large becomes the largest size.
    pub fn from_mb(megabytes: i64) -> Self {
        Self(megabytes.saturating_mul(1024 * 1024))
    }

    /// Returns the bytes.
    pub fn bytes(self) -> i64 {
        self.0
    }
}

impl std::iter::Sum for Size {
    fn sum<I: Iterator<Item = Self>>(sizes: I) -> Self {
        Self(sizes.fold(0, |sum, size| sum.saturating_add(size.0)))
    }
}
