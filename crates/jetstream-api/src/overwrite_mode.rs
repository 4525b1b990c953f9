//! The overwrite modes of two versions.

/// What the receiver does with a file that exists, as far as the names of the constants say it.
///
/// The versions 1.9 and 2.9 have different modes, and the same number has different names. So a mode is sent only after
/// [`Client::overwrite_mode`](crate::Client::overwrite_mode) has asked the connected package for its number.
///
/// The constants are documented. The operation that takes them is not: `createTransfer` has such an option, but the name
/// of the parameter is not known. If you know it, call the function by name:
///
/// ```no_run
/// # async fn example(client: jetstream_api::Client) -> Result<(), jetstream_api::Error> {
/// use jetstream_api::{OverwriteMode, Transfer};
///
/// let mode = client.overwrite_mode(OverwriteMode::Never).await?;
/// let call = client.call("send.createTransfer").arg("destination", "42").arg("manifest", "2");
/// // This name of the parameter is a guess: take it from your package.
/// let transfer = call.kwarg("overwriteMode", mode).returns::<Transfer>().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum OverwriteMode {
    /// `OVERWRITE_IN_PLACE_NEVER` of 1.9.
    InPlaceNever,
    /// `OVERWRITE_IN_PLACE_ALWAYS` of 1.9.
    InPlaceAlways,
    /// `OVERWRITE_IN_PLACE_SAME_SIZE` of 1.9 and 2.9.
    InPlaceSameSize,
    /// `OVERWRITE_WITH_PARTFILE_NEVER` of 1.9.
    WithPartfileNever,
    /// `OVERWRITE_WITH_PARTFILE_ALWAYS` of 1.9.
    WithPartfileAlways,
    /// `OVERWRITE_WITH_PARTFILE_BACKUP` of 1.9.
    WithPartfileBackup,
    /// `OVERWRITE_NEVER` of 2.9.
    Never,
    /// `OVERWRITE_ALWAYS` of 2.9.
    Always,
}

impl OverwriteMode {
    /// All modes of both versions.
    pub const ALL: [Self; 8] = [
        Self::InPlaceNever,
        Self::InPlaceAlways,
        Self::InPlaceSameSize,
        Self::WithPartfileNever,
        Self::WithPartfileAlways,
        Self::WithPartfileBackup,
        Self::Never,
        Self::Always,
    ];

    /// Returns the documented number. `Never` and `WithPartfileNever` have the same number, and so have `Always` and
    /// `WithPartfileAlways`.
    pub const fn number(self) -> i64 {
        match self {
            Self::InPlaceNever => 0,
            Self::InPlaceAlways => 1,
            Self::InPlaceSameSize => 2,
            Self::WithPartfileNever | Self::Never => 3,
            Self::WithPartfileAlways | Self::Always => 4,
            Self::WithPartfileBackup => 5,
        }
    }

    /// Returns the name of the constant in `jetstream.constants`.
    pub const fn constant(self) -> &'static str {
        match self {
            Self::InPlaceNever => "OVERWRITE_IN_PLACE_NEVER",
            Self::InPlaceAlways => "OVERWRITE_IN_PLACE_ALWAYS",
            Self::InPlaceSameSize => "OVERWRITE_IN_PLACE_SAME_SIZE",
            Self::WithPartfileNever => "OVERWRITE_WITH_PARTFILE_NEVER",
            Self::WithPartfileAlways => "OVERWRITE_WITH_PARTFILE_ALWAYS",
            Self::WithPartfileBackup => "OVERWRITE_WITH_PARTFILE_BACKUP",
            Self::Never => "OVERWRITE_NEVER",
            Self::Always => "OVERWRITE_ALWAYS",
        }
    }

    /// Returns the versions whose documentation has the mode: 1.9, 2.9 or both. It is not known which versions between
    /// them have it.
    pub const fn versions(self) -> &'static [&'static str] {
        match self {
            Self::InPlaceSameSize => &["1.9", "2.9"],
            Self::Never | Self::Always => &["2.9"],
            _ => &["1.9"],
        }
    }
}
