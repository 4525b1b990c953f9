//! A file with the snapshots of all days.
//!
//! Each line is a JSON object with one [`Snapshot`](crate::snapshot::Snapshot), its format and its version. Lines are only
//! added. If an archive has several snapshots of one day, the one that was taken last counts.

mod append;
#[cfg(test)]
mod append_tests;
mod error;
mod line;
mod read;
mod tail;

pub use append::{HistoryWriter, SetAside};
pub use error::HistoryError;
pub use read::{LeftOut, read};
